using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>Keeps a program's output in a file of bounded size, and its last lines in memory.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private const long MaxBytes = 32 * 1024 * 1024;
    private const int TailLines = 6;
    private const int TailWidth = 240;

    private readonly Lock _oneAtATime = new();
    private readonly Queue<string> _tail = new();
    private StreamWriter _file = Open(path);

    public string Path => path;

    /// <summary>Adds a line. A full file becomes the one before (<c>.1</c>).</summary>
    public void Add(string line)
    {
        lock (_oneAtATime)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines) _tail.Dequeue();
            _file.WriteLine(line);
            if (_file.BaseStream.Length < MaxBytes) return;
            _file.Dispose();
            File.Move(path, path + ".1", overwrite: true);
            _file = Open(path);
        }
    }

    /// <summary>The last lines since the previous call, indented.</summary>
    public string TakeTail()
    {
        lock (_oneAtATime)
        {
            var text = _tail.Count == 0 ? "  (it said nothing)" : string.Join('\n', _tail.Select(Shown));
            _tail.Clear();
            return text;
        }
    }

    public void Dispose()
    {
        lock (_oneAtATime) _file.Dispose();
    }

    private static string Shown(string line) => $"  | {(line.Length > TailWidth ? line[..TailWidth] + " …" : line)}";

    private static StreamWriter Open(string path) =>
        new(PrivateFolder.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
}
