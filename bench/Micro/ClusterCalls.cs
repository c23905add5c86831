using Commerce.Engine;
using Commerce.Grains;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Commerce.Micro;

/// <summary>From a client through a silo; both are in this process, and what they say to each other goes through memory.</summary>
public class ClusterCalls : EngineCalls
{
    private InProcessTestCluster _cluster = null!;

    protected override async Task Stop()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    protected override async Task<IEntities> Start()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => silo
            .UseInMemoryReminderService().AddMemoryGrainStorage("PubSubStore")
            .AddCommerce([NullJournal.Of(BenchmarkData.Stock)], [BenchmarkData.Stock], new EngineOptions()));
        builder.ConfigureClient(client => client.AddCommerce([BenchmarkData.Stock]));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        return _cluster.Client.ServiceProvider.GetRequiredService<IEntities>();
    }
}
