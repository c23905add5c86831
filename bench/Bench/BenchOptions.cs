using System.Globalization;
using System.Text.Json.Serialization;

namespace Commerce.Bench;

/// <summary>What is to be measured, and how much.</summary>
internal sealed record BenchOptions
{
    /// <summary>As long as good figures take.</summary>
    public static readonly BenchOptions Full = new();

    /// <summary>Some minutes in all.</summary>
    public static readonly BenchOptions Short = new()
    {
        Quick = true, Rounds = 2, WarmUpSeconds = 8, Seconds = 2, QuietPatience = TimeSpan.FromSeconds(3),
    };

    /// <summary>The systems of a quick run that asks for none.</summary>
    private static readonly IReadOnlyList<string> Few = [SystemUnderTest.Single, SystemUnderTest.Cluster, SystemUnderTest.Plain];

    public bool Quick { get; init; }

    /// <summary>Rounds of each system, in turns.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Duration of a round.</summary>
    public double Seconds { get; init; } = 20;

    /// <summary>Duration of the load before the first round.</summary>
    public double WarmUpSeconds { get; init; } = 30;

    /// <summary>How long a round waits for other work on the machine to end.</summary>
    [JsonIgnore]
    public TimeSpan QuietPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Clients at a time.</summary>
    public int Clients { get; init; } = 64;

    /// <summary>Numbers of clients with which the cost of an order is measured as well.</summary>
    public IReadOnlyList<int> FewerClients { get; init; } = [8, 1];

    /// <summary>The systems that take part; empty: all, or those of a quick run.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<ISection> Sections { get; init; } = Bench.Sections.All;

    /// <summary>The folder of the built programs, one folder each; the running systems' data is in its folder <c>data</c>.</summary>
    [JsonIgnore]
    public string Programs { get; init; } = "";

    [JsonIgnore]
    public string Root { get; init; } = "";

    /// <summary>The folder of the results; null: the usual one.</summary>
    [JsonIgnore]
    public string? Out { get; init; }

    /// <summary>Results of an earlier run; null: none.</summary>
    [JsonIgnore]
    public string? Compare { get; init; }

    /// <summary>Whether to print the results as JSON too.</summary>
    [JsonIgnore]
    public bool Json { get; init; }

    /// <summary>Whether the results may be the repository's own.</summary>
    [JsonIgnore]
    public bool IsFull => !Quick && Only.Count == 0 && Rounds >= Full.Rounds && Seconds >= Full.Seconds
        && Sections.SequenceEqual(Bench.Sections.All);

    [JsonIgnore]
    public TimeSpan Time => TimeSpan.FromSeconds(Seconds);

    [JsonIgnore]
    public TimeSpan WarmUp => TimeSpan.FromSeconds(WarmUpSeconds);

    public bool Takes(string system) => Only.Count > 0 ? Only.Contains(system) : !Quick || Few.Contains(system);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Quick ? "quick: " : "")}{Rounds} rounds of {Seconds} s in turns, after {WarmUpSeconds} s to warm up; {Clients} clients")
        + (Only.Count > 0 ? $"; only {string.Join(", ", Only)}" : "");
}
