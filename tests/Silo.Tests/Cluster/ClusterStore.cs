using Commerce.Hosting;
using Commerce.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Storage;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>A cluster's database on a real PostgreSQL, and Orleans' own ADO.NET providers on it.</summary>
public sealed class ClusterStore : IAsyncLifetime
{
    private readonly List<IHost> _hosts = [];
    private ClusterDatabase? _database;
    private int _clusters;

    /// <summary>What the names of its databases begin with.</summary>
    public string Prefix { get; } = TestPostgres.NewPrefix();

    public async ValueTask InitializeAsync() => _database = await Open();

    /// <summary>The same database as another process would open it.</summary>
    public async Task<ClusterDatabase> Open() => await ClusterDatabase.Open(await TestPostgres.ConnectionString(), Prefix);

    /// <summary>A name that no other test's cluster has.</summary>
    public string NewCluster() => $"cluster-{Interlocked.Increment(ref _clusters)}";

    /// <summary>The membership table as a silo of that cluster sees it, with its first version.</summary>
    public async Task<IMembershipTable> Membership(string cluster)
    {
        var table = Silo(cluster).GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true);
        return table;
    }

    /// <summary>The list of gateways as a client of that cluster sees it.</summary>
    public async Task<IGatewayListProvider> Gateways(string cluster)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, Prefix))
            .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, _database!.DataSource)));
        var list = Keep(builder.Build()).GetRequiredService<IGatewayListProvider>();
        await list.InitializeGatewayListProvider();
        return list;
    }

    /// <summary>The reminder table as a silo of that service sees it.</summary>
    public async Task<IReminderTable> Reminders(string service)
    {
        var table = Silo("any", service).GetRequiredService<IReminderTable>();
        await table.StartAsync();
        return table;
    }

    /// <summary>The storage of grains' state as a silo of that service sees it.</summary>
    public async Task<IGrainStorage> States(string service, bool deletes = false)
    {
        var storage = Silo("any", service, deletes).GetRequiredKeyedService<IGrainStorage>("PubSubStore");
        var lifecycle = new StartedLifecycle();
        ((ILifecycleParticipant<ISiloLifecycle>)storage).Participate(lifecycle);
        await lifecycle.Start();
        return storage;
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = _database!.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) host.Dispose();
        await _database!.DisposeAsync();
    }

    private IServiceProvider Silo(string cluster, string? service = null, bool deletes = false)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var source = _database!.DataSource;
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, service ?? Prefix))
            .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, source))
            .UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, source))
            .AddAdoNetGrainStorage("PubSubStore", o =>
                (o.Invariant, o.DataSource, o.DeleteStateOnClear) = (ClusterDatabase.Invariant, source, deletes)));
        return Keep(builder.Build());
    }

    private IServiceProvider Keep(IHost host)
    {
        lock (_hosts) _hosts.Add(host);
        return host.Services;
    }

    /// <summary>Begins what a silo begins when it starts, without a silo.</summary>
    private sealed class StartedLifecycle : ISiloLifecycle
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => int.MaxValue;

        public int LowestStoppedStage => int.MaxValue;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return new MemoryStream(); // nothing to let go of
        }

        public Task Start() => Task.WhenAll(_observers.Select(o => o.OnStart(CancellationToken.None)));
    }
}
