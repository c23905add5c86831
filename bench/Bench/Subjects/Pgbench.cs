using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>PostgreSQL's own load generator.</summary>
internal sealed partial class Pgbench(string program)
{
    /// <summary>The one that came with these programs; null: it was not installed with them.</summary>
    public static Pgbench? Beside(PostgresBinaries binaries)
    {
        var server = binaries.Program("postgres");
        var real = File.ResolveLinkTarget(server, returnFinalTarget: true)?.FullName ?? server;
        var beside = new[] { server, real }.Select(p => Path.Combine(Path.GetDirectoryName(p)!, "pgbench"));
        return beside.FirstOrDefault(File.Exists) is { } found ? new Pgbench(found) : null;
    }

    /// <summary>Runs a script, prepared, by so many connections for whole seconds; <c>:n</c> begins at <paramref name="from"/>.</summary>
    /// <exception cref="BenchException">A statement failed.</exception>
    public async Task<Loaded> Run(
        string connection, string script, int connections, TimeSpan time, long from, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("commerce-pgbench-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "script.sql"), script, cancel);
            var said = await Run(folder, connection,
            [
                "--no-vacuum", "--protocol", "prepared", "--file", "script.sql", "--define", $"n={from}", "--client", $"{connections}",
                "--jobs", "1", "--time", $"{Math.Max(1, (int)Math.Ceiling(time.TotalSeconds))}", "--log", "--log-prefix", "log",
            ], cancel);
            if (PerSecond().Match(said) is not { Success: true } rate) throw new BenchException($"pgbench gave no rate: {said}");
            // A line a transaction; the third field is how many microseconds it took.
            var latencies = Directory.EnumerateFiles(folder, "log*").SelectMany(File.ReadLines)
                .Select(l => double.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture) / 1000).Order().ToArray();
            return new Loaded(latencies.Length / double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), latencies, 0, null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<string> Run(string folder, string connection, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var server = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        (start.Environment["PGHOST"], start.Environment["PGPORT"]) = (server.Host, server.Port.ToString(CultureInfo.InvariantCulture));
        (start.Environment["PGUSER"], start.Environment["PGPASSWORD"]) = (server.Username, server.Password);
        start.Environment["PGDATABASE"] = server.Database;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0) return await output;
            throw new BenchException($"pgbench ended with exit code {process.ExitCode}:\n{await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Without the time that it took to connect, in PostgreSQL 14 and later.</summary>
    [GeneratedRegex(@"tps = ([\d.]+) \(without initial connection time\)")]
    private static partial Regex PerSecond();
}
