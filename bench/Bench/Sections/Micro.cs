using System.Diagnostics;
using System.Text.Json;

namespace Commerce.Bench.Sections;

/// <summary>One benchmark: nanoseconds and bytes of one call; null: it did not run to its end.</summary>
internal sealed record Timing(string Of, string Name, double? Mean, double? Error, long? Allocated);

/// <summary>What the parts of an order cost, so that a regression has an address. The program <c>Micro</c> measures.</summary>
internal sealed class Micro : ISection
{
    public string Name => "micro";

    public string About =>
        "The parts of an order, by BenchmarkDotNet in its own process; calls of entities are against a journal that costs nothing.";

    public Task<Findings> Measure(Workbench bench, CancellationToken cancel) => bench.WithPostgres(
        async (server, _) =>
        {
            var temporary = Directory.CreateTempSubdirectory("commerce-bench-micro-").FullName; // its own, gone even when it is ended
            bench.Tell("decide, evolve, encode, append and call");
            var start = new ProcessStartInfo(
                ServiceProcess.Dotnet, [bench.Program("Micro"), .. bench.Settings.Quick ? ["--quick"] : Array.Empty<string>()])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["MICRO_POSTGRES"] = server.ConnectionString, ["TMPDIR"] = temporary },
            };
            using var program = Process.Start(start)!;
            try
            {
                var said = program.StandardError.ReadToEndAsync(cancel);
                var output = await program.StandardOutput.ReadToEndAsync(cancel);
                await program.WaitForExitAsync(cancel);
                if (program.ExitCode == 0) return Told(output);
                throw new BenchException($"The benchmarks ended with exit code {program.ExitCode}. They said:\n{Tail(await said)}");
            }
            finally
            {
                if (!program.HasExited) program.Kill(entireProcessTree: true);
                await program.WaitForExitAsync(CancellationToken.None);
                Directory.Delete(temporary, recursive: true);
            }
        },
        cancel);

    /// <summary>The table of what the program's last line says.</summary>
    internal static Findings Told(string output)
    {
        var timings = JsonSerializer.Deserialize<Timing[]>(output.TrimEnd('\n').Split('\n')[^1], JsonSerializerOptions.Web)!;
        var missing = timings.FirstOrDefault(t => t.Mean is null);
        return new Findings(
            [
                new Sheet(
                    "The parts of an order (mean, and half of its 99.9 % confidence interval)",
                    ["", "mean, µs", "error, µs", "allocated, bytes"],
                    [
                        .. timings.Select(t => (string[])
                            [Label(t), Micros(t.Mean), Micros(t.Error), Figures.Text(t.Allocated ?? double.NaN, "#,0")]),
                    ]),
            ],
            [],
            timings,
            missing is null ? null : $"The benchmark '{Label(missing)}' did not run to its end.");
    }

    // Benchmarks of one name run on several engines.
    private static string Label(Timing timing) => timing.Of switch
    {
        "SingleProcessCalls" => $"{timing.Name}, single process",
        "ClusterCalls" => $"{timing.Name}, cluster",
        _ => timing.Name,
    };

    private static string Micros(double? nanoseconds) => Figures.Text((nanoseconds ?? double.NaN) / 1000, "#,0.000");

    private static string Tail(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(20).Select(l => $"  {l}"));
}
