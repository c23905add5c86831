using System.Net;
using System.Net.Sockets;
using Commerce.Engine;
using Commerce.Grains;
using Commerce.Hosting;
using Commerce.Journal;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Commerce.Silo;

/// <summary>
/// Puts a silo together: the databases of the capabilities that it hosts, their entities as grains, their read models, and a word on how
/// it is.
/// </summary>
public static class SiloHost
{
    /// <summary>
    /// Everything, not yet started. The databases are opened here, and made where they are missing. <see cref="SiloSettings.Read"/> reads
    /// its configuration.
    /// </summary>
    public static async Task<WebApplication> Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = SiloSettings.Read(builder.Configuration);
        CheckPorts(settings);
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.HealthPort}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddProcess(builder.Logging);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        // Orleans places grains by Polly, which logs three lines for each, and each try that fails while a silo is dead, with its stack.
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error); // it warns of settings that "up" chooses on purpose
        builder.Services.AddSingleton(settings);
        var databases = await builder.Services.AddDatabases(
            settings.Postgres, settings.Prefix, settings.StartupTimeout, settings.Hosted,
            JournalOptions.OneOfSeveral.Sharing(settings.MaxConnections, settings.Hosted.Count) with { Keys = settings.Keys });
        var cluster = await builder.Services.AddClusterDatabase(settings.Postgres, settings.Prefix, settings.StartupTimeout);
        await builder.Services.AddAudit(settings.Postgres, settings.Prefix, settings.StartupTimeout);
        builder.Services.AddSingleton<IForgedCalls, ForgedCallAudit>();
        builder.Services.AddReadModels();
        builder.Services.AddHostedService<ReadModelsHostedService>();
        builder.Services.AddHostedService<KeyRotation>();
        builder.Services.AddSealing(settings.Postgres, settings.Prefix, settings.Hosted, settings.Seals);
        builder.Services.AddPaymentProvider(sp => new RemoteSandboxProvider(sp.GetRequiredService<IGrainFactory>()));
        ILogger? log = null; // there is none before the container
        builder.UseOrleans(silo => Configure(silo, settings, databases, cluster, () => log));

        var app = builder.Build();
        log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Engine");
        app.MapHealth();
        return app;
    }

    private static void Configure(
        ISiloBuilder silo, SiloSettings settings, CommerceDatabases databases, ClusterDatabase cluster, Func<ILogger?> log)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.Prefix));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        if (settings.Identity is { } identity)
        {
            silo.UseClusterTls(identity);
            identity.Report = problem => log()?.LogWarning(problem, "New certificates of the cluster cannot be used; the present ones are");
        }

        silo.ConfigureEndpoints(settings.Address, settings.Port, settings.GatewayPort);
        silo.Configure<ClusterMembershipOptions>(options => FailureDetection.Configure(options, settings.ProbeEvery));
        silo.UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, cluster.DataSource));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, cluster.DataSource));
        // Streams keep their subscriptions there; the name is Orleans' own.
        silo.AddAdoNetGrainStorage(
            "PubSubStore", o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, cluster.DataSource));
        silo.AddAdoNetGrainStorageAsDefault(
            o => (o.Invariant, o.DataSource) = (ClusterDatabase.Invariant, cluster.DataSource));
        silo.Services.AddSingleton<IFatalErrorHandler, FatalErrorHandler>();
        silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        silo.CloseToClients();
        silo.AddCommerce(databases.Stores, Capabilities.All, new EngineOptions
        {
            Report = (entity, problem) => log()?.LogWarning(problem, "{Entity} failed and will try again", entity.ToString()),
            ReportFlow = (flow, problem) => log()?.LogWarning(problem, "{Flow} failed and will try again", flow),
        });
    }

    /// <summary>Checked before anything is started: Orleans' message about a port that is taken is long and does not name it.</summary>
    private static void CheckPorts(SiloSettings settings)
    {
        foreach (var (address, port) in new[]
        {
            (settings.Address, settings.Port), (settings.Address, settings.GatewayPort), (IPAddress.Loopback, settings.HealthPort),
        })
        {
            using var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                throw new PortInUseException($"{address}:{port} is in use already.", taken);
            }
            catch (SocketException refused)
            {
                throw new InvalidConfigurationException(
                    SiloKeys.Address.Key, $"this process cannot listen at {address}:{port}: {refused.Message}");
            }
        }
    }
}
