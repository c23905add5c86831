namespace Commerce.AppHost;

/// <summary>
/// Hands out free ports on 127.0.0.1, each one once: also among several of these commands at a time, so that none takes another's process
/// for its own.
/// </summary>
internal sealed class Ports(int taken) : IDisposable
{
    private readonly Dictionary<int, FileStream> _given = [];
    private readonly Lock _oneAtATime = new();

    /// <summary>The first free one from here on.</summary>
    public int From(int first)
    {
        lock (_oneAtATime)
        {
            var port = Enumerable.Range(first, 1000).FirstOrDefault(p => p != taken && !_given.ContainsKey(p) && Take(p));
            return port != 0 ? port : throw new CommandFailedException(
                $"No port on 127.0.0.1 from {first} to {first + 999} is free.");
        }
    }

    public void Dispose()
    {
        lock (_oneAtATime)
        {
            foreach (var file in _given.Values) file.Dispose();
            _given.Clear();
        }
    }

    /// <summary>A file that is open says that the port is given, before a process listens there; it is closed with this process.</summary>
    private bool Take(int port)
    {
        try
        {
            var file = new FileStream(
                Path.Combine(Path.GetTempPath(), $"commerce-port-{port}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None,
                1, FileOptions.None);
            if (Port.IsFree(port)) return _given.TryAdd(port, file);
            file.Dispose();
        }
        catch (Exception elsewhere) when (elsewhere is IOException or UnauthorizedAccessException)
        {
            // Another command has it.
        }

        return false;
    }
}
