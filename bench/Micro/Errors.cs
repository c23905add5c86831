using BenchmarkDotNet.Loggers;

namespace Commerce.Micro;

/// <summary>What BenchmarkDotNet says, apart from what this program measured.</summary>
internal sealed class Errors : ILogger
{
    public string Id => nameof(Errors);

    public int Priority => 0;

    public void Write(LogKind kind, string text) => Console.Error.Write(text);

    public void WriteLine() => Console.Error.WriteLine();

    public void WriteLine(LogKind kind, string text) => Console.Error.WriteLine(text);

    public void Flush() => Console.Error.Flush();
}
