using Spectre.Console;

namespace Commerce.Simulation;

/// <summary>A line of progress while something runs: updated in place on a terminal, a new line now and then elsewhere.</summary>
internal static class ProgressLine
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    /// <summary>Does the work on this thread, and reports progress meanwhile.</summary>
    public static T During<T>(TextWriter error, Func<string> line, Func<T> work)
    {
        if (error != Console.Error || Console.IsErrorRedirected)
        {
            using var now = new Timer(_ => error.WriteLine(line()), null, Elsewhere, Elsewhere);
            return work();
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Status().Start(Markup.Escape(line()), status =>
        {
            using var now = new Timer(_ => status.Status = Markup.Escape(line()), null, OnTerminal, OnTerminal);
            return work();
        });
    }
}
