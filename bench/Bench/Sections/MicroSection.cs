using System.Text.Json;

namespace Commerce.Bench;

/// <summary>One benchmark: nanoseconds and bytes of one call; null: it was not completed.</summary>
internal sealed record BenchmarkTime(string Of, string Name, double? Mean, double? Error, double? Allocated);

/// <summary>The cost of an order's parts, so that a regression is easy to find. The program <c>Micro</c> measures it.</summary>
internal sealed class MicroSection : ISection
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public string Name => "micro";

    public string About => "The parts of an order, by BenchmarkDotNet in its own process; calls of entities have a journal without cost.";

    public Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel) => bench.WithPostgres(
        async postgres =>
        {
            bench.Tell("decide, evolve, encode, append and call");
            string[] length = bench.Options.Quick ? ["--quick"] : [];
            await using var program = ChildProgram.Start(
                "Micro", "[{", [ChildProgram.Dotnet, bench.Program("Micro"), .. length],
                new Dictionary<string, string> { ["MICRO_POSTGRES"] = postgres.ConnectionString });
            return Report(await program.Answer(Patience, cancel));
        },
        cancel);

    internal static SectionFindings Report(string json)
    {
        var times = JsonSerializer.Deserialize<BenchmarkTime[]>(json, JsonSerializerOptions.Web)!;
        var missing = times.FirstOrDefault(t => t.Mean is null);
        return new SectionFindings(
            [
                new ResultTable(
                    "The parts of an order: the mean, and half of its 99.9 % confidence interval",
                    [new("mean, µs", "#,0.000"), new("error, µs", "#,0.000"), new("allocated, bytes", "#,0")],
                    [.. times.Select(t => new ResultRow(Label(t), [Values(t.Mean / 1000), Values(t.Error / 1000), Values(t.Allocated)]))]),
            ],
            missing is null ? null : $"The benchmark '{Label(missing)}' was not completed.");
    }

    private static IReadOnlyList<double> Values(double? value) => [value ?? double.NaN];

    /// <summary>Some benchmarks run on both engines.</summary>
    private static string Label(BenchmarkTime time) => time.Of switch
    {
        "SingleProcessCalls" => $"{time.Name}, single process",
        "ClusterCalls" => $"{time.Name}, cluster",
        _ => time.Name,
    };
}
