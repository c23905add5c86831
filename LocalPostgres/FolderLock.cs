namespace Commerce.LocalPostgres;

/// <summary>A folder that one process at a time uses; the kernel unlocks it, however that process ends.</summary>
public sealed class FolderLock : IAsyncDisposable, IDisposable
{
    private readonly FileStream _held;

    private FolderLock(FileStream held) => _held = held;

    /// <summary>Makes the folder when it is missing, for its owner only, and locks it for the life of this process.</summary>
    /// <param name="ours">The names of what may be in it, besides the lock.</param>
    /// <exception cref="LocalPostgresException">Another process has it (the message says which), or it cannot be used.</exception>
    public static FolderLock Take(string folder, params string[] ours)
    {
        var file = Path.Combine(folder, "lock");
        try
        {
            PrivateFolder.Make(folder, [.. ours, "lock", "lock.pid"]);
            var held = PrivateFolder.Open(file, FileMode.OpenOrCreate, FileAccess.ReadWrite);
            PrivateFolder.Write(file + ".pid", $"{Environment.ProcessId}"); // a file of its own: a locked one cannot be read
            return new FolderLock(held);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Not there, or empty, while the other one is just taking the folder.
            var pid = File.Exists(file + ".pid") ? File.ReadAllText(file + ".pid") : "";
            var other = pid.Length > 0 ? $"another process (pid {pid})" : "another process";
            throw new LocalPostgresException(
                $"The data folder '{folder}' is in use by {other}. Stop that one, or use another folder.");
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new LocalPostgresException($"The data folder '{folder}' cannot be used: {problem.Message} Use another one.", problem);
        }
    }

    public void Dispose() => _held.Dispose();

    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
