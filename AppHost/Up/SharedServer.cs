using System.Globalization;

namespace Commerce.AppHost;

/// <summary>What processes are told that share one PostgreSQL.</summary>
internal static class SharedServer
{
    /// <summary>What each process may open. It divides them among the databases of its capabilities, however many those are.</summary>
    public const int ConnectionsOfProcess = 85;

    /// <summary>The same for its environment.</summary>
    public static string MaxConnections { get; } = ConnectionsOfProcess.ToString(CultureInfo.InvariantCulture);
}
