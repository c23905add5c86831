namespace Commerce.Bench;

/// <summary>One round: a load and its cost.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Load">The requests.</param>
/// <param name="Used">The cost; null: not measured.</param>
/// <param name="Others">Cores that other work on the machine kept busy meanwhile.</param>
internal sealed record LoadSample(string Name, LoadReport Load, ProcessUsage? Used = null, double Others = double.NaN)
{
    public double Rate => Load.Rate;

    /// <summary>CPU milliseconds an order, of the system and of PostgreSQL.</summary>
    public double Cpu => 1000 * PerOrder(u => u.SystemCpu + u.PostgresCpu);

    public double PerOrder(Func<ProcessUsage, double> used) => Used is null ? double.NaN : used(Used) / Load.Latencies.Length;
}

/// <summary>A column that is computed of each sample.</summary>
internal sealed record Figure(string Name, string Format, Func<LoadSample, double> Of)
{
    public static readonly Figure Rate = new("orders a second", "#,0", s => s.Rate);
    public static readonly Figure P50 = new("p50, ms", "0.0", s => s.Load.Percentile(0.5));
    public static readonly Figure P99 = new("p99, ms", "0.0", s => s.Load.Percentile(0.99));
    public static readonly Figure P999 = new("p99.9, ms", "0.0", s => s.Load.Percentile(0.999));
    public static readonly Figure Cpu = new("CPU ms an order", "0.00", s => s.Cpu);
    public static readonly Figure SystemCpu = new("its processes'", "0.00", s => 1000 * s.PerOrder(u => u.SystemCpu));
    public static readonly Figure PostgresCpu = new("PostgreSQL's", "0.00", s => 1000 * s.PerOrder(u => u.PostgresCpu));
    public static readonly Figure Wal = new("WAL KB an order", "0.0", s => s.PerOrder(u => u.WalBytes / 1e3));

    public static readonly Figure Others = new("other work, cores", "0.0", s => s.Others);

    public static readonly IReadOnlyList<Figure> Served =
        [Rate, P50, P99, P999, new("errors", "0", s => s.Load.Errors), Others];

    public static readonly Figure Commits = new("commits an order", "0.00", s => s.PerOrder(u => u.Commits));

    /// <summary>With few clients the cost of an order counts, and how long one takes.</summary>
    public static readonly IReadOnlyList<Figure> Quiet = [Cpu, SystemCpu, PostgresCpu, Commits, P50, P99, Rate, Others];

    /// <summary>The same at a rate that is given.</summary>
    public static readonly IReadOnlyList<Figure> Timed = [Cpu, SystemCpu, PostgresCpu, Commits, P50, P99, P999, Others];

    public static readonly IReadOnlyList<Figure> Costs =
    [
        Cpu, SystemCpu, PostgresCpu, Commits,
        new("rows an order", "0.0", s => s.PerOrder(u => u.Rows)), Wal,
        new("resident MB", "#,0", s => s.Used is { } used ? used.ResidentBytes / 1e6 : double.NaN),
    ];

    public static readonly IReadOnlyList<Figure> Growth = [Cpu, PostgresCpu, Wal, Rate];

    public static ResultColumn Column(Figure figure) => new(figure.Name, figure.Format);
}

/// <summary>The samples of a comparison.</summary>
internal sealed record SampleSet(IReadOnlyList<LoadSample> All)
{
    public IReadOnlyList<string> Names => [.. All.Select(s => s.Name).Distinct()];

    /// <summary>A figure, round by round.</summary>
    public IReadOnlyList<double> Of(string name, Func<LoadSample, double> figure) => [.. All.Where(s => s.Name == name).Select(figure)];

    public double Median(string name, Func<LoadSample, double> figure) => RoundStatistics.Median(RoundStatistics.Finite(Of(name, figure)));

    /// <summary>The median of one's ratios to the other, round by round.</summary>
    public double Ratio(string name, string to, Func<LoadSample, double> figure) =>
        RoundStatistics.Median(RoundStatistics.Ratios(Of(name, figure), Of(to, figure)));

    /// <summary>A row for each name.</summary>
    public ResultTable Table(string title, IReadOnlyList<Figure> figures, string? chart = null, Func<string, Goal?>? goal = null) => new(
        title, [.. figures.Select(Figure.Column)],
        [.. Names.Select(name => new ResultRow(name, [.. figures.Select(f => Of(name, f.Of))], goal?.Invoke(name)))], chart);

    /// <summary>The first load in which something failed; null: none.</summary>
    public string? Problem(string what = "orders failed") => All.Where(s => s.Load.Errors > 0)
        .Select(s => $"{s.Name}: {s.Load.Errors} {what}. The first: {s.Load.FirstError}").FirstOrDefault();
}
