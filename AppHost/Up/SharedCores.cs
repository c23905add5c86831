namespace Commerce.AppHost.Up;

/// <summary>
/// What the processes of a cluster are told when all of them share one machine's cores, which each would otherwise take for its own.
/// In production, one silo a machine or container, the runtime's defaults are right.
/// </summary>
internal static class SharedCores
{
    /// <summary>For the environment.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Settings = new Dictionary<string, string?>
    {
        ["DOTNET_gcServer"] = "0", // one heap for each core and process is too many
        ["DOTNET_TieredPGO"] = "0", // four processes that measure themselves while they warm up keep each other from work
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0", // a thread that spins for work keeps another process from its own
    };
}
