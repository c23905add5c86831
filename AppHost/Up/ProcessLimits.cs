using System.Globalization;

namespace Commerce.AppHost;

/// <summary>
/// Runtime settings of processes that share one machine's cores and memory; each would otherwise assume the whole machine. In production,
/// one process a machine or container, the runtime's defaults are right.
/// </summary>
internal static class ProcessLimits
{
    // A thread that spins for work keeps another process from its own.
    private const string Spinning = "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit";

    // One heap for each core and process is too many; and it stops all work for longer, though less often.
    private const string HeapForEachCore = "DOTNET_gcServer";

    /// <summary>For the environment of a process that shares with PostgreSQL only.</summary>
    public static IReadOnlyDictionary<string, string?> WithPostgres { get; } =
        new Dictionary<string, string?> { [Spinning] = "0", [HeapForEachCore] = "0" };

    /// <summary>Environment variables for each of <paramref name="processes"/> processes.</summary>
    public static IReadOnlyDictionary<string, string?> Settings(int processes) => new Dictionary<string, string?>
    {
        [Spinning] = "0",
        [HeapForEachCore] = "0",
        ["DOTNET_TieredPGO"] = "0", // processes that measure themselves while they warm up keep each other from work
        // Its part of 60 % of the memory, in hexadecimal. A silo that comes near it lets go of the entities that were longest unused.
        ["DOTNET_GCHeapHardLimitPercent"] = Math.Max(4, 60 / processes).ToString("x", CultureInfo.InvariantCulture),
    };
}
