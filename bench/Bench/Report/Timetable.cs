using System.Diagnostics;
using System.Globalization;

namespace Commerce.Bench;

/// <summary>Tells who waits how far the bench is; how long a section takes is known from the last run with the same settings.</summary>
/// <param name="known">Seconds of each section, where known.</param>
/// <param name="sections">Those that are to be measured, in order.</param>
/// <param name="write">Where to.</param>
internal sealed class Timetable(IReadOnlyDictionary<string, double> known, IReadOnlyList<string> sections, Action<string> write)
{
    private readonly Stopwatch _all = Stopwatch.StartNew();
    private readonly Stopwatch _this = new();
    private int _present = -1;

    /// <summary>The next section begins.</summary>
    public void Begin()
    {
        _present++;
        _this.Restart();
    }

    /// <summary>It is over; this is how long it took, in seconds.</summary>
    public double End() => _this.Elapsed.TotalSeconds;

    /// <summary>Something is going on in it.</summary>
    public void Tell(string what) => write(Line(what, _all.Elapsed, _this.Elapsed));

    /// <summary>What is told at such a time.</summary>
    internal string Line(string what, TimeSpan all, TimeSpan present)
    {
        if (_present < 0) return what;
        var left = Left(present) is { } seconds ? $", about {Text(TimeSpan.FromSeconds(seconds))} left" : "";
        return $"[{_present + 1} of {sections.Count}, {Text(all)}{left}] {sections[_present]}: {what}";
    }

    // None when one of the rest was never measured with these settings: sections take seconds or half an hour, so others do not tell.
    private double? Left(TimeSpan present)
    {
        double? left = 0;
        for (var n = _present; n < sections.Count; n++)
        {
            double? expected = known.TryGetValue(sections[n], out var seconds) ? seconds : null;
            left += n == _present && expected is { } all ? Math.Max(0, all - present.TotalSeconds) : expected;
        }

        return left;
    }

    private static string Text(TimeSpan time) =>
        time.ToString(time < TimeSpan.FromHours(1) ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
}
