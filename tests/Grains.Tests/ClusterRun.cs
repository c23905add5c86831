using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Commerce.Grains.Tests;

/// <summary>A cluster in this process, of two silos and a client, as the contract's tests handle an engine.</summary>
internal sealed class ClusterRun : IEngineUnderTest
{
    private readonly InProcessTestCluster _cluster;
    private readonly IReadOnlyList<CutOff> _databases;
    private bool _over;

    private ClusterRun(InProcessTestCluster cluster, IReadOnlyList<CutOff> databases) => (_cluster, _databases) = (cluster, databases);

    public IEntities Entities => _cluster.Client.ServiceProvider.GetRequiredService<IEntities>();

    public InProcessTestCluster Cluster => _cluster;

    /// <summary>The entities as each silo has them.</summary>
    public IEnumerable<IEntities> Silos() =>
        _cluster.Silos.Select(s => _cluster.GetSiloServiceProvider(s.SiloAddress).GetRequiredService<IEntities>());

    /// <summary>The entities as the first silo has them.</summary>
    public IEntities FirstSilo() => Silos().First();

    /// <summary>Starts the silos and the client. With a crash they lose their databases, as their processes would.</summary>
    public static async Task<ClusterRun> Start(
        IReadOnlyList<CapabilityStore> stores, EngineOptions options, World world, short silos = 2,
        Func<int, IReadOnlyList<CapabilityStore>, IReadOnlyList<CapabilityStore>>? hosted = null,
        Action<int, IServiceCollection>? services = null)
    {
        CutOff[] databases = [.. stores.Select(s => new CutOff(s))];
        CapabilityStore[] reached = [.. databases.Select(d => d.Store)];
        Capability[] all = [.. stores.Select(s => s.Capability)];
        var started = -1;
        var order = new SendingOrder();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.AssumeHomogenousSilosForTesting = hosted is null;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(world).AddSingleton<IIncomingGrainCallFilter>(order);
            var number = Interlocked.Increment(ref started);
            silo.UseInMemoryReminderService().AddMemoryGrainStorage("PubSubStore")
                .AddCommerce(hosted?.Invoke(number, reached) ?? reached, all, options);
            services?.Invoke(number, silo.Services);
        });
        builder.ConfigureClient(client =>
            client.AddCommerce(all, options.Clock).Services.AddSingleton<IOutgoingGrainCallFilter>(order));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new ClusterRun(cluster, databases);
    }

    public async Task Stop()
    {
        _over = true;
        await _cluster.Client.ServiceProvider.GetRequiredService<InFlightCalls>().Close();
        foreach (var silo in _cluster.Silos.ToArray()) await _cluster.StopSiloAsync(silo); // one after the other, as in a rolling restart
        await _cluster.StopClusterClientAsync();
    }

    public async Task Crash()
    {
        _over = true;
        foreach (var database in _databases) database.Cut();
        await Task.WhenAll(_cluster.Silos.ToArray().Select(_cluster.KillSiloAsync));
        await _cluster.KillClientAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_over) await Crash();
        await _cluster.DisposeAsync();
    }
}
