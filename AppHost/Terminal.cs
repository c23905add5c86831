using System.Diagnostics;
using Spectre.Console;

namespace Commerce.AppHost;

/// <summary>What the user sees: colour and a spinner at a terminal, plain lines anywhere else. Problems go to standard error.</summary>
internal sealed class Terminal
{
    private readonly Lock _oneLineAtATime = new();
    private readonly bool _terminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private readonly IAnsiConsole _errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => Write(text, null);

    /// <summary>A line that matters most.</summary>
    public void Headline(string text) => Write(text, "bold green");

    /// <summary>Lines that must not be overlooked.</summary>
    public void Loud(string text) => Write(text, "bold yellow");

    /// <summary>A line that explains.</summary>
    public void Note(string text) => Write(text, "grey");

    /// <summary>A line of the result that is not as it should be.</summary>
    public void Bad(string text) => Write(text, "red");

    /// <summary>Reports an error of the command.</summary>
    public void Problem(string text)
    {
        lock (_oneLineAtATime)
        {
            if (Console.IsErrorRedirected) Console.Error.WriteLine(text);
            else _errors.MarkupLineInterpolated($"[red]{text}[/]");
        }
    }

    /// <summary>Shows that something is going on, since when, and afterwards how long it took.</summary>
    public async Task<T> During<T>(string what, Func<IProgress<string>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        if (!_terminal)
        {
            Line($"{what} ...");
            var lines = new Plain(this, what, clock);
            await using var now = Every(TimeSpan.FromSeconds(1), lines.Wait);
            return await work(lines);
        }

        var result = await AnsiConsole.Status().StartAsync(Markup.Escape(what), async status =>
        {
            var spinning = new Spinning(status, what, clock);
            await using var now = Every(TimeSpan.FromSeconds(1), spinning.Show);
            return await work(spinning);
        });
        AnsiConsole.MarkupLineInterpolated($"[green]done[/]  {what} [grey]({clock.Elapsed.TotalSeconds:0.0} s)[/]");
        return result;
    }

    private static Timer Every(TimeSpan time, Action act) => new(_ => act(), null, time, time);

    private void Write(string text, string? style)
    {
        lock (_oneLineAtATime)
        {
            if (_terminal && style is not null) AnsiConsole.Write(new Text(text + "\n", Style.Parse(style)));
            else Console.Out.WriteLine(text);
        }
    }

    /// <summary>A line for each report, and one when there was none for a while.</summary>
    private sealed class Plain(Terminal screen, string what, Stopwatch clock) : IProgress<string>
    {
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

        private TimeSpan _last;

        public void Report(string value)
        {
            _last = clock.Elapsed;
            screen.Line($"  {value}");
        }

        public void Wait()
        {
            if (clock.Elapsed - _last >= Longest) Report($"{what}: {clock.Elapsed.TotalSeconds:0} s");
        }
    }

    /// <summary>The latest report beside a spinner, and the seconds.</summary>
    private sealed class Spinning(StatusContext status, string what, Stopwatch clock) : IProgress<string>
    {
        private string? _latest;

        public void Report(string value)
        {
            _latest = value;
            Show();
        }

        public void Show() => status.Status(Markup.Escape(
            $"{what} ({clock.Elapsed.TotalSeconds:0} s){(_latest is { } latest ? $": {latest}" : "")}"));
    }
}
