using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Commerce.Replay;

/// <summary>One stretch of the work; count up as its parts are done.</summary>
internal interface IStep
{
    void Advance();
}

/// <summary>Where the progress goes: a bar on a terminal, plain lines elsewhere. Always standard error; the table is standard output.</summary>
internal interface IProgressDisplay
{
    IStep Step(string name, int parts);

    void Say(string line);
}

/// <summary>Bars with rate and time left.</summary>
internal sealed class BarDisplay(IAnsiConsole console, ProgressContext context) : IProgressDisplay
{
    /// <summary>Runs the work under bars, or with plain lines when standard error is no terminal.</summary>
    public static async Task<T> Run<T>(Func<IProgressDisplay, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(new LineDisplay(Console.Error));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(), new RateColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => work(new BarDisplay(console, context)));
    }

    public IStep Step(string name, int parts) => new Bar(context.AddTask(name, maxValue: Math.Max(1, parts)), parts);

    public void Say(string line) => console.MarkupLineInterpolated($"[grey]{line}[/]");

    private sealed class Bar : IStep
    {
        private readonly ProgressTask _task;

        public Bar(ProgressTask task, int parts)
        {
            _task = task;
            if (parts == 0) task.Increment(1);
        }

        public void Advance() => _task.Increment(1);
    }

    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{task.Value:0}/{task.MaxValue:0}").RightJustified();
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.ElapsedTime is { TotalSeconds: > 0 } time ? $"{task.Value / time.TotalSeconds:0}/s" : "").RightJustified();
    }
}

/// <summary>Lines such as <c>orders 800/1629, 310/s, about 3 s left</c>, now and then.</summary>
internal sealed class LineDisplay(TextWriter output) : IProgressDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public IStep Step(string name, int parts) => new Line(this, name, parts);

    public void Say(string line)
    {
        lock (output) output.WriteLine(line);
    }

    private sealed class Line(LineDisplay display, string name, int parts) : IStep
    {
        private const int Few = 10;

        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly Lock _lock = new();
        private TimeSpan _next = Every;
        private int _done;

        public void Advance()
        {
            lock (_lock)
            {
                _done++;
                var time = Stopwatch.GetElapsedTime(_started);
                if (_done < parts && time < _next) return;
                _next = time + Every;
                var rate = _done / Math.Max(0.001, time.TotalSeconds);
                // The first few say nothing about the rest.
                var rest = _done == parts ? $", {time.TotalSeconds:0.0} s" : _done < Few ? "" : $", about {(parts - _done) / rate:0} s left";
                display.Say(string.Create(CultureInfo.InvariantCulture, $"{name} {_done}/{parts}, {rate:0}/s{rest}"));
            }
        }
    }
}
