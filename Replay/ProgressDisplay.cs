using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Commerce.Replay;

/// <summary>One stretch of the work; it receives the amount of work of each finished part.</summary>
internal interface IStep
{
    void Advance(int work);
}

/// <summary>Where the progress goes: a bar on a terminal, plain lines elsewhere; standard error, as the table is standard output.</summary>
internal interface IProgressDisplay
{
    IStep Step(string name, int parts, int work);

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

    public IStep Step(string name, int parts, int work) => new Bar(context.AddTask(name, maxValue: work), parts);

    public void Say(string line) => console.MarkupLineInterpolated($"[grey]{line}[/]");

    private sealed class Bar : IStep
    {
        private readonly ProgressTask _task;

        public Bar(ProgressTask task, int parts)
        {
            _task = task;
            task.State.Update<int>("parts", _ => parts);
        }

        public void Advance(int work)
        {
            _task.State.Update<int>("done", done => done + 1);
            _task.Increment(work);
            if (_task.IsFinished) _task.StopTask();
        }
    }

    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{task.State.Get<int>("done")}/{task.State.Get<int>("parts")}").RightJustified();
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var seconds = task.ElapsedTime?.TotalSeconds ?? 0;
            return new Text(seconds > 0 ? $"{task.State.Get<int>("done") / seconds:0}/s" : "").RightJustified();
        }
    }
}

/// <summary>Lines such as <c>orders 800/1629, 110/s, about 9 s left</c>, now and then.</summary>
internal sealed class LineDisplay(TextWriter output) : IProgressDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public IStep Step(string name, int parts, int work) => new Line(this, name, parts, work);

    public void Say(string line)
    {
        lock (output) output.WriteLine(line);
    }

    private sealed class Line(LineDisplay display, string name, int parts, int work) : IStep
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly Lock _lock = new();
        private TimeSpan _next = Every;
        private int _done;
        private long _worked;

        public void Advance(int more)
        {
            lock (_lock)
            {
                _done++;
                _worked += more;
                var time = Stopwatch.GetElapsedTime(_started);
                if (_done < parts && time < _next) return;
                _next = time + Every;
                var left = time.TotalSeconds * (work - _worked) / _worked;
                var rest = _done == parts ? $"{time.TotalSeconds:0.0} s" : $"about {left:0} s left";
                display.Say($"{name} {_done}/{parts}, {_done / Math.Max(0.001, time.TotalSeconds):0}/s, {rest}");
            }
        }
    }
}
