using System.Globalization;
using System.Net;
using Commerce.Hosting;
using Npgsql;
using Orleans.Configuration;

namespace Commerce.Naive;

/// <summary>
/// What this process is, by its environment: <c>NAIVE_SILO_PORT</c> makes it a silo (with <c>NAIVE_GATEWAY_PORT</c> for clients and
/// <c>NAIVE_PRIMARY_PORT</c>, the first silo's), <c>NAIVE_GATEWAYS</c> the gateway of silos whose ports for clients these are.
/// </summary>
/// <remarks>
/// The first silo keeps the membership in its memory, and the client has a fixed list of silos: nothing fails here, and PostgreSQL has to
/// serve nothing but the states. It is the cheapest membership there is.
/// </remarks>
internal static class NaiveTopology
{
    private const string Name = "naive";

    /// <summary>With 64 clients and three silos, no call waits for a connection.</summary>
    private const int Connections = 40;

    /// <summary>Makes it a silo or a gateway; returns whether it is a gateway.</summary>
    public static async Task<bool> AddOrleans(this WebApplicationBuilder builder)
    {
        if (Variable("NAIVE_GATEWAYS") is { } gateways)
        {
            builder.UseOrleansClient(client => client
                .UseStaticClustering([.. gateways.Split(',').Select(Local)])
                .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Name, Name)));
            return true;
        }

        var postgres = await Database();
        builder.UseOrleans(silo => silo
            .UseDevelopmentClustering(Local(Needed("NAIVE_PRIMARY_PORT")))
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Name, Name))
            .ConfigureEndpoints(IPAddress.Loopback, Local(Needed("NAIVE_SILO_PORT")).Port, Local(Needed("NAIVE_GATEWAY_PORT")).Port)
            .AddAdoNetGrainStorageAsDefault(o =>
                (o.Invariant, o.ConnectionString, o.GrainStorageSerializer) =
                (ClusterDatabase.Invariant, postgres, new StateSerializer())));
        return false;
    }

    /// <summary>The database with the statements that the storage provider looks for: those that the product gives it.</summary>
    private static async Task<string> Database()
    {
        var prefix = Variable("NAIVE_PREFIX") ?? Name;
        await using var made = await ClusterDatabase.Open(Needed("NAIVE_POSTGRES"), prefix);
        return new NpgsqlConnectionStringBuilder(made.ConnectionString)
        {
            MaxPoolSize = Connections, MaxAutoPrepare = 20, AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // the provider leaves nothing behind in a session, and a reset is a transaction more for each call
        }.ConnectionString;
    }

    private static IPEndPoint Local(string port) => new(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private static string Needed(string name) => Variable(name) ?? throw new InvalidOperationException(
        $"{name} is not set. A silo needs NAIVE_POSTGRES, NAIVE_SILO_PORT, NAIVE_GATEWAY_PORT and NAIVE_PRIMARY_PORT; "
        + "a gateway needs NAIVE_GATEWAYS.");
}
