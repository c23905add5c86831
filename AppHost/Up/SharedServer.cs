using System.Globalization;

namespace Commerce.AppHost;

/// <summary>Settings of processes that share one PostgreSQL.</summary>
internal static class SharedServer
{
    /// <summary>The connection limit of a process. It divides them among the databases of its capabilities.</summary>
    public const int ConnectionsOfProcess = 85;

    /// <summary>The same for its environment.</summary>
    public static string MaxConnections { get; } = ConnectionsOfProcess.ToString(CultureInfo.InvariantCulture);
}
