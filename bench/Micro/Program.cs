using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Commerce.Micro;
using Perfolizer.Horology;

// Run by the bench's section of the same name. Its last line is what it measured, as JSON; times are nanoseconds.
if (Environment.GetEnvironmentVariable("MICRO_POSTGRES") is not { Length: > 0 } postgres)
{
    Console.Error.WriteLine("MICRO_POSTGRES is not set. Give an Npgsql connection string, or run ./commerce bench micro.");
    return 2;
}

JournalAppends.Postgres = postgres;
Type[] benchmarks =
[
    typeof(PureRules), typeof(SecurityParts), typeof(JournalAppends), typeof(EntityLoads), typeof(SingleProcessCalls), typeof(ClusterCalls),
];
var length = args.Contains("--quick")
    ? Job.ShortRun.WithEvaluateOverhead(false).WithWarmupCount(1).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(50))
    : Job.Default.WithWarmupCount(6).WithIterationCount(15).WithIterationTime(TimeInterval.FromMilliseconds(250));
await using var standardError = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
var folder = Directory.CreateTempSubdirectory("commerce-micro-").FullName;
try
{
    // In this process: a generated project would need the compiler, and a package source, each time.
    var config = ManualConfig.CreateEmpty()
        .AddJob(length.WithToolchain(InProcessEmitToolchain.Instance)).AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance).AddLogger(new StreamLogger(standardError)).WithArtifactsPath(folder);
    var reports = BenchmarkRunner.Run(benchmarks, config).SelectMany(summary => summary.Reports).ToList();
    Console.WriteLine(JsonSerializer.Serialize(reports.Select(Told)));
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static object Told(BenchmarkReport report)
{
    var (benchmark, statistics) = (report.BenchmarkCase, report.ResultStatistics);
    var name = benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
    return new
    {
        of = benchmark.Descriptor.Type.Name,
        name = benchmark.Parameters.Items is [var one, ..] ? $"{name}, {one.Name.ToLowerInvariant()} of {one.Value}" : name,
        mean = statistics?.Mean, error = statistics?.ConfidenceInterval.Margin,
        allocated = report.GcStats.GetBytesAllocatedPerOperation(benchmark),
    };
}
