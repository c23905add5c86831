using Commerce.Engine;
using Commerce.Grains;
using Commerce.Grains.Client;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Commerce.ApiGateway;

/// <summary>The entities on silos, which this process finds through the cluster's database.</summary>
internal static class ClusterEngine
{
    /// <summary>How often the list of silos is read: the longest time until a new or returning silo takes calls.</summary>
    private static readonly TimeSpan ListEvery = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Registers the client. Creates the database where it is missing, so that silos and gateways can start in any order.
    /// </summary>
    public static async Task AddCluster(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var cluster = await builder.Services.AddClusterDatabase(settings.Postgres, settings.Prefix, settings.StartupTimeout);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (settings.ClusterId, settings.Prefix));
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = ListEvery);
            client.UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, cluster.DataSource));
            client.UseConnectionRetryFilter(Patience(settings));
            if (settings.Identity is { } identity) client.UseClusterTls(identity);
            client.AddCommerce(Capabilities.All);
            client.AddDashboard(dashboard => dashboard.HideTrace = true);
        });
        builder.Services.AddSingleton<IEngineControl, ClusterControl>();
        builder.Services.AddSingleton<SiloCalls>();
        builder.Services.AddSingleton(sp => new SubscriptionMonitor(sp.GetRequiredService<CommerceDatabases>().Stores));
        builder.Services.AddSingleton<ISubscriptions, ClusterSubscriptions>();
        builder.Services.AddHostedService<ClusterHostedService>(); // after the client, so that it ends before the client does
    }

    /// <summary>
    /// At the start: retries until a silo answers or the startup timeout has passed. Later the client reconnects by itself.
    /// </summary>
    private static Func<Exception, CancellationToken, Task<bool>> Patience(GatewaySettings settings)
    {
        var until = Environment.TickCount64 + (long)settings.StartupTimeout.TotalMilliseconds;
        return async (problem, cancel) =>
        {
            if (Environment.TickCount64 > until)
                throw new NoClusterException(
                    $"No silo of the cluster '{settings.ClusterId}' was found within {settings.StartupTimeout.TotalSeconds:0} s. "
                    + "Start one with the same Commerce:Cluster:Id, Commerce:Prefix and Commerce:Postgres, or run the business in this "
                    + "process with Commerce:Engine=single (environment variable Commerce__Engine).", problem);
            await Task.Delay(BetweenTries, cancel);
            return true;
        };
    }
}

/// <summary>Waits at the end for calls in flight: those of requests have ended by then, others may not have.</summary>
internal sealed class ClusterHostedService(InFlightCalls calls) : IHostedService
{
    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancel) => calls.Close().WaitAsync(cancel);
}
