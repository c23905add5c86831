using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Commerce.Replay;

/// <summary>One stretch of the work; count up as its units are done.</summary>
internal interface IStep
{
    void Advance(int units);
}

/// <summary>Where the progress goes: a bar on a terminal, plain lines elsewhere; standard error, as the table is standard output.</summary>
internal interface IProgressDisplay
{
    IStep Step(string name, int units);

    void Say(string line);
}

/// <summary>Bars with rate and time left.</summary>
internal sealed class BarDisplay(IAnsiConsole console, ProgressContext context) : IProgressDisplay
{
    /// <summary>Runs the work under bars, or with plain lines when standard error is no terminal.</summary>
    public static async Task<T> Run<T>(TextWriter error, Func<IProgressDisplay, Task<T>> work)
    {
        if (error != Console.Error || Console.IsErrorRedirected) return await work(new LineDisplay(error));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return await console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(), new RateColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => work(new BarDisplay(console, context)));
    }

    public IStep Step(string name, int units) => new Bar(context.AddTask(name, maxValue: units));

    public void Say(string line) => console.MarkupLineInterpolated($"[grey]{line}[/]");

    private sealed class Bar(ProgressTask task) : IStep
    {
        public void Advance(int units) => task.Increment(units);
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

/// <summary>Lines such as <c>order lines 8000/41683, 3100/s, about 11 s left</c>, now and then.</summary>
internal sealed class LineDisplay(TextWriter output) : IProgressDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public IStep Step(string name, int units) => new Line(this, name, units);

    public void Say(string line)
    {
        lock (output) output.WriteLine(line);
    }

    private sealed class Line(LineDisplay display, string name, int units) : IStep
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly Lock _lock = new();
        private TimeSpan _next = Every;
        private int _done;

        public void Advance(int more)
        {
            lock (_lock)
            {
                _done += more;
                var time = Stopwatch.GetElapsedTime(_started);
                if (_done < units && time < _next) return;
                _next = time + Every;
                var rate = _done / Math.Max(0.001, time.TotalSeconds);
                var rest = _done == units ? $"{time.TotalSeconds:0.0} s" : $"about {(units - _done) / rate:0} s left";
                display.Say($"{name} {_done}/{units}, {rate:0}/s, {rest}");
            }
        }
    }
}
