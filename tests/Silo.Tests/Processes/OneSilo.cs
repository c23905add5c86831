using System.Net;
using Commerce.Grains;
using Commerce.Grains.Client;
using Commerce.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>A silo with a certificate, and clients that connect to it.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    /// <summary>The place of the port for other silos.</summary>
    public const int ForSilos = 0;

    /// <summary>The place of the port for clients.</summary>
    public const int ForClients = 1;

    private const string Name = "closed-cluster";

    private readonly string _prefix = TestPostgres.NewPrefix();

    public TestAuthority Authority { get; } = new();

    public int[] Ports { get; } = ServingProgram.FreePorts(2);

    public OurProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => await Start(Authority.Settings("silo"));

    /// <summary>Starts it with these settings of its certificate.</summary>
    public async Task Start(params (string Name, string Value)[] tls)
    {
        Process = await OurProcess.Silo(
            _prefix, Name, ["--capabilities", "Inventory"],
            [("Commerce__Silo__Port", $"{Ports[ForSilos]}"), ("Commerce__Silo__GatewayPort", $"{Ports[ForClients]}"), .. tls]);
        await Process.Ready();
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>Connects, or fails at once.</summary>
    public async Task<Client> Connect((string Certificate, string Key) shown, params string[] roots)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Name, _prefix));
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, Ports[ForClients]));
            client.AddCommerce(Capabilities.All);
            client.UseClusterTls(new ClusterIdentity(
                ClusterIdentity.Gateway, shown.Certificate, shown.Key, roots.Length > 0 ? string.Join('\n', roots) : Authority.Root,
                "commerce"));
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return new Client(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The same, until it succeeds.</summary>
    public async Task<Client> ConnectSoon((string Certificate, string Key) shown, params string[] roots)
    {
        Client? connected = null;
        await RunningProgram.Eventually(() =>
        {
            try
            {
                connected = Connect(shown, roots).GetAwaiter().GetResult();
                return true;
            }
            catch (Exception refused) when (refused is not InvalidOperationException)
            {
                return false; // its files are looked at again after a moment
            }
        });
        return connected!;
    }

    public sealed class Client(IHost host) : IAsyncDisposable
    {
        public IClusterClient Cluster { get; } = host.Services.GetRequiredService<IClusterClient>();

        public Task<bool> Ping() => Cluster.GetGrain<IPingGrain>(IPingGrain.Key).Ping();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
