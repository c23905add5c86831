using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>A cluster in this process that carries the facts of a <see cref="FlowWorld"/>.</summary>
public sealed class FlowCluster : IAsyncDisposable
{
    private readonly IReadOnlyList<CapabilityStore> _stores;
    private readonly InProcessTestCluster _cluster;

    private FlowCluster(IReadOnlyList<CapabilityStore> stores, FlowWorld world, int silos, Func<int, IReadOnlyList<string>>? hosts)
    {
        _stores = stores;
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.AssumeHomogenousSilosForTesting = false;
        builder.ConfigureSilo((options, silo) =>
        {
            var number = int.Parse(new string([.. options.SiloName.Where(char.IsAsciiDigit)]) is { Length: > 0 } n ? n : "0");
            var names = hosts?.Invoke(number) ?? [.. world.All.Select(c => c.Name)];
            Configure(silo, names, world);
        });
        _cluster = builder.Build();
    }

    /// <summary>Failures that were reported, by what they were of.</summary>
    public ConcurrentQueue<(string Flow, Exception Problem)> Reports { get; } = new();

    public IGrainFactory Grains => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public static async Task<FlowCluster> Start(
        IReadOnlyList<CapabilityStore> stores, FlowWorld world, int silos = 1, Func<int, IReadOnlyList<string>>? hosts = null)
    {
        var cluster = new FlowCluster(stores, world, silos, hosts);
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    /// <summary>Waits until it is so.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            if (tries > 1200) Assert.Fail($"It did not come true: {what}.");
            await Task.Delay(50);
        }
    }

    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    public Task Kill(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    public Task Stop(InProcessSiloHandle silo) => _cluster.StopSiloAsync(silo);

    public Task<InProcessSiloHandle> Add() => _cluster.StartAdditionalSiloAsync();

    /// <summary>The queues that a silo reads, as <c>Ticking/3</c>.</summary>
    public static string[] QueuesOf(InProcessSiloHandle silo)
    {
        var hosted = silo.ServiceProvider.GetRequiredService<HostedCapabilities>();
        return
        [
            .. new JournalBalancer(silo.ServiceProvider, hosted).GetMyQueues()
                .Select(q => $"{JournalQueues.Capability(q)}/{JournalQueues.Partition(q)}"),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private void Configure(ISiloBuilder silo, IReadOnlyList<string> names, FlowWorld world)
    {
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.Services.AddSingleton(new HostedCapabilities([.. _stores.Where(s => names.Contains(s.Capability.Name))]) { All = world.All });
        silo.Services.AddSingleton(
            new EngineOptions { ReportFlow = (flow, problem) => Reports.Enqueue((flow, problem)), MaxDeliveryAttempts = 3 });
        silo.Services.AddSingleton(TimeProvider.System).AddCommerceEntities(world.All);
        silo.Services.AddSingleton<IEntities, NoEntities>();
        silo.AddJournalStreams();
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.NumMissedProbesLimit = 2;
            o.NumVotesForDeathDeclaration = 1;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(2);
        });
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10));
        silo.Configure<GrainTypeOptions>(o =>
        {
            if (!names.Contains("Ticking")) o.Classes.Remove(typeof(TickerGrain));
            if (!names.Contains("Reacting"))
                o.Classes.ExceptWith([typeof(ReactorGrain), typeof(QuickFromTicking), typeof(SlowFromTicking)]);
        });
        silo.Services.AddLogging(l => l.SetMinimumLevel(LogLevel.None));
    }

    private sealed class NoEntities : IEntities
    {
        public TContract Get<TContract>(string key) where TContract : class, IEntity =>
            throw new InvalidOperationException("These tests have no entities.");
    }
}
