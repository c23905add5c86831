using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Providers;
using Commerce.ReadModels;
using Commerce.SingleProcess;

namespace Commerce.ApiGateway;

/// <summary>The entities in this very process.</summary>
internal static class SingleProcessSetup
{
    /// <summary>Registers the single-process engine.</summary>
    public static void AddSingleProcess(this IServiceCollection services, GatewaySettings settings)
    {
        services.AddSingleton(sp => new SandboxProvider(sp.GetRequiredService<TimeProvider>()));
        services.AddPaymentProvider(sp => sp.GetRequiredService<SandboxProvider>());
        services.AddSingleton(sp =>
        {
            var log = sp.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Engine");
            return new SingleProcessEngine(sp.GetRequiredService<CommerceDatabases>().Stores, sp, new SingleProcessOptions
            {
                Clock = sp.GetRequiredService<TimeProvider>(),
                MaxLive = settings.MaxLiveEntities,
                Report = (entity, problem) => log.LogWarning(problem, "{Entity} failed and will try again", entity.ToString()),
                ReportFlow = (flow, problem) => log.LogWarning(problem, "{Flow} failed and will try again", flow),
            });
        });
        services.AddSingleton<IEntities>(sp => sp.GetRequiredService<SingleProcessEngine>());
        services.AddSingleton<ISubscriptions>(sp => sp.GetRequiredService<SingleProcessEngine>());
        services.AddSingleton<IEngineControl, Control>();
        services.AddHostedService<SingleProcessHostedService>();
        services.AddHostedService<KeyRotation>();
        services.AddSealing(settings.Postgres, settings.Prefix, Capabilities.All, settings.Seals);
    }

    private sealed class Control(SandboxProvider sandbox, ResilientProvider provider, ReadModelService models) : IEngineControl
    {
        public Task<bool?> ClusterAnswers(CancellationToken cancel) => Task.FromResult<bool?>(null);

        public Task<bool> GetOutage() => Task.FromResult(sandbox.Outage);

        public Task SetOutage(bool outage)
        {
            sandbox.Outage = outage;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<Circuit>> Circuits() => Task.FromResult<IReadOnlyList<Circuit>>([provider.Circuit]);

        public async Task<RebuiltReadModel> Rebuild(ReadModel model, CancellationToken cancel) =>
            (await models.Rebuild($"{model.Capability.Name}/{model.Name}", null, cancel))[0];
    }
}

/// <summary>Starts the engine before the server listens, and stops it after the server has finished its requests.</summary>
internal sealed class SingleProcessHostedService(SingleProcessEngine engine, ReadModelService models) : IHostedService
{
    public Task StartAsync(CancellationToken cancel)
    {
        engine.Start();
        models.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancel) => engine.StopAsync();
}
