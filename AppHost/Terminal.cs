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

    /// <summary>Shows that something is going on, and afterwards how long it took.</summary>
    public async Task<T> During<T>(string what, Func<IProgress<string>, Task<T>> work)
    {
        if (!_terminal)
        {
            Line($"{what} ...");
            return await work(new Plain(this));
        }

        var clock = Stopwatch.StartNew();
        var result = await AnsiConsole.Status().StartAsync(Markup.Escape(what), status => work(new Spinning(status)));
        AnsiConsole.MarkupLineInterpolated($"[green]done[/]  {what} [grey]({clock.Elapsed.TotalSeconds:0.0} s)[/]");
        return result;
    }

    private void Write(string text, string? style)
    {
        lock (_oneLineAtATime)
        {
            if (_terminal && style is not null) AnsiConsole.Write(new Text(text + "\n", Style.Parse(style)));
            else Console.Out.WriteLine(text);
        }
    }

    private sealed class Plain(Terminal screen) : IProgress<string>
    {
        public void Report(string value) => screen.Line($"  {value}");
    }

    private sealed class Spinning(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status(Markup.Escape(value));
    }
}
