namespace Commerce.AppHost.Up;

/// <summary>Where one running <c>up</c> keeps what it needs; only one at a time can have it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The private PostgreSQL's folder.</summary>
    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    /// <summary>What the gateway says.</summary>
    public string GatewayLog => System.IO.Path.Combine(Path, "logs", "gateway.log");

    /// <summary>A copy of the built gateway: building again while it runs does not write into it.</summary>
    public string GatewayProgram => System.IO.Path.Combine(Path, "gateway");

    /// <summary>Takes the folder, making it when missing. The kernel gives it free again, however this process ends.</summary>
    public static DataFolder Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var file = System.IO.Path.Combine(full, "up.lock");
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(full, "logs"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"The data folder '{full}' cannot be made: {problem.Message}\nGive another one: --data DIR");
        }

        try
        {
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            using (var text = new StreamWriter(held, leaveOpen: true)) text.WriteLine(Environment.ProcessId);
            return new DataFolder(full, held);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new Failure($"The data folder '{full}' cannot be written to: {problem.Message}\nGive another one: --data DIR");
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new Failure(
                $"The data folder '{full}' is in use by another ./commerce up (pid {Holder(file)}).\n"
                + $"Stop that one (kill {Holder(file)}), or give this one a folder and a port of its own: --data DIR --port PORT");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string? Holder(string file)
    {
        using var text = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return text.ReadLine();
    }
}
