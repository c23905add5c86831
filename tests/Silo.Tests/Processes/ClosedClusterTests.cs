using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Commerce.Grains;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>Who may speak to a silo, and what of it (decision 22). Tried on a silo that runs as a process of its own.</summary>
public sealed class ClosedClusterTests(OneSilo silo) : IClassFixture<OneSilo>
{
    /// <summary>Where the seal of a caller travels.</summary>
    private const string Seal = "commerce.caller";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_gateway_of_the_cluster_is_served()
    {
        await using var client = await silo.Connect(silo.Authority.Issue("spiffe://commerce/gateway"));
        Assert.True(await client.Ping());
    }

    [Theory]
    [InlineData("none", OneSilo.ForClients)]
    [InlineData("other root", OneSilo.ForClients)]
    [InlineData("expired", OneSilo.ForClients)]
    [InlineData("a silo", OneSilo.ForClients)]
    [InlineData("other domain", OneSilo.ForClients)]
    [InlineData("two URIs", OneSilo.ForClients)]
    [InlineData("no URI", OneSilo.ForClients)]
    [InlineData("a gateway", OneSilo.ForSilos)]
    [InlineData("other root", OneSilo.ForSilos)]
    [InlineData("none", OneSilo.ForSilos)]
    public async Task A_peer_without_our_certificate_cannot_speak(string peer, int port)
    {
        var (ours, role) = (silo.Authority, port == OneSilo.ForSilos ? "silo" : "gateway");
        (string Certificate, string Key)? shown = peer switch
        {
            "none" => null,
            "other root" => new TestAuthority().Issue($"spiffe://commerce/{role}"),
            "expired" => ours.IssueExpired($"spiffe://commerce/{role}"),
            "a silo" => ours.Issue("spiffe://commerce/silo"),
            "a gateway" => ours.Issue("spiffe://commerce/gateway"),
            "other domain" => ours.Issue($"spiffe://elsewhere/{role}"),
            "two URIs" => ours.Issue($"spiffe://commerce/{role}", "spiffe://commerce/other"),
            _ => ours.Issue(),
        };
        await Assert.ThrowsAnyAsync<IOException>(() => Say(silo.Ports[port], shown));
    }

    [Fact]
    public async Task Without_TLS_nothing_is_answered()
    {
        foreach (var port in silo.Ports)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync(new byte[512]);
            Assert.Equal("", await ReadToEnd(client.GetStream()));
        }
    }

    [Fact]
    public async Task A_client_reaches_contracts_only()
    {
        await using var client = await silo.Connect(silo.Authority.Issue("spiffe://commerce/gateway"));
        var management = client.Cluster.GetGrain<IManagementGrain>(0);
        Assert.Single(await management.GetHosts(onlyActive: true)); // who is there, for circuits and rebuilding
        await Refused(() => management.ForceActivationCollection(TimeSpan.Zero));
        await Refused(() => management.GetDetailedGrainStatistics());
        await Refused(() => client.Cluster.GetGrain<IPingGrain>(IPingGrain.Key).AsReference<IGrainManagementExtension>().DeactivateOnIdle()
            .AsTask());
        await Refused(() => SystemTarget(client.Cluster));

        static async Task Refused(Func<Task> call) =>
            Assert.Contains("is not for clients of the cluster", (await Assert.ThrowsAnyAsync<Exception>(call)).Message);
    }

    [Fact]
    public async Task A_forged_caller_is_refused_and_recorded()
    {
        byte[]? seal = null;
        Action change = () => { };
        await using var client = await silo.Connect(silo.Authority.Issue("spiffe://commerce/gateway"), [], () => change());
        change = () => seal = RequestContext.Get(Seal) as byte[];
        Assert.True((await Receive("ada", "op-1")).Accepted);

        change = () => { };
        await Refused(Caller.System.Name, "op-2", "no_seal");
        change = () => RequestContext.Remove(Seal);
        await Refused("ada", "op-3", "no_seal");
        change = () => RequestContext.Set(Seal, seal!);
        await Refused("eve", "op-4", "other_caller");
        change = () => RequestContext.Set(Seal, new byte[100]);
        await Refused("ada", "op-5", "bad_seal");
        await Refused($"ada\0{new string('a', 1_000_000)}", "op-7", "bad_seal", shown: $"ada\uFFFD{new string('a', 76)}…");
        change = () => { };
        await Refused("ada", "op-6", "foreign_cause", cause: "eve");

        Assert.Equal(1, (await client.Entity<IStock>("lamp").Get())!.OnHand);

        Task<Result<StockLevel>> Receive(string caller, string operation, string? cause = null) => client.Entity<IStock>("lamp").Receive(
            new ReceiveStock(1), new CallContext(
                operation, new Caller(caller, ["stock:receive"], Reach.Everything), DateTimeOffset.UtcNow + Patience, Cause: cause));

        async Task Refused(string caller, string operation, string reason, string? cause = null, string? shown = null)
        {
            Assert.Contains(
                "was refused", (await Assert.ThrowsAsync<InvalidOperationException>(() => Receive(caller, operation, cause))).Message);
            var entry = Assert.Single(await silo.Audit(), e => e.Operation == operation);
            Assert.Equal(("forgedCall", "refused", reason, shown ?? caller), (entry.Event, entry.Outcome, entry.Reason, entry.Caller));
            Assert.Equal(("IStock.Receive", "stock/lamp"), (entry.Route, entry.Object));
        }
    }

    [Fact]
    public async Task A_certificate_is_exchanged_while_calls_run_and_none_fails()
    {
        var (folder, next) = (Directory.CreateTempSubdirectory("commerce-tls-"), new TestAuthority());
        string At(string name) => Path.Combine(folder.FullName, name);
        async Task Write(TestAuthority of, params string[] roots)
        {
            var (certificate, key) = of.Issue("spiffe://commerce/silo");
            await File.WriteAllTextAsync(At("key"), key);
            await File.WriteAllTextAsync(At("certificate"), certificate);
            await File.WriteAllTextAsync(At("roots"), string.Join('\n', roots));
        }

        var old = silo.Authority;
        await Write(old, old.Root);
        await using var rotating = new OneSilo();
        await rotating.Start(
            ("Commerce__Tls__Certificate", At("certificate")), ("Commerce__Tls__Key", At("key")), ("Commerce__Tls__Roots", At("roots")));
        await using var first = await rotating.Connect(old.Issue("spiffe://commerce/gateway"), old.Root);
        using var over = new CancellationTokenSource();
        var calls = Task.Run(async () =>
        {
            var count = 0;
            for (; !over.IsCancellationRequested; count++) Assert.True(await first.Ping());
            return count;
        });
        await Write(old, old.Root, next.Root); // first both roots count
        await (await rotating.ConnectSoon(next.Issue("spiffe://commerce/gateway"), old.Root)).DisposeAsync();
        await Write(next, old.Root, next.Root); // then the silo shows a certificate of the next root
        await (await rotating.ConnectSoon(next.Issue("spiffe://commerce/gateway"), next.Root)).DisposeAsync();
        await Write(next, next.Root); // at last the old root is withdrawn
        await RunningProgram.Eventually(() => IsRefused(rotating.Ports[OneSilo.ForClients], old.Issue("spiffe://commerce/gateway")).Result);
        await over.CancelAsync();
        Assert.True(await calls > 0);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_silo_at_an_open_address_needs_a_certificate()
    {
        await using var open = await OurProcess.Silo(
            TestPostgres.NewPrefix(), "open", [], ("Commerce__Silo__Address", "192.0.2.1"));
        Assert.Equal(4, await open.Exit());
        Assert.Contains("would do what anybody says who reaches it. Give Commerce:Tls:Certificate", open.Errors);
    }

    [Theory]
    [InlineData("gateway", "not that of a silo")]
    [InlineData(null, "Commerce:Tls:Key")]
    public async Task A_certificate_that_is_not_a_silos_is_named(string? role, string said)
    {
        var settings = role is null ? [silo.Authority.Settings("silo")[0]] : silo.Authority.Settings(role);
        await using var wrong = await OurProcess.Silo(TestPostgres.NewPrefix(), "wrong", [], settings);
        Assert.Equal(4, await wrong.Exit());
        Assert.Contains(said, wrong.Errors);
    }

    /// <summary>Of Orleans' own within a silo, which no public name reaches.</summary>
    private static Task SystemTarget(IClusterClient cluster)
    {
        static Type Hidden(string name) =>
            AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name)).First(t => t is not null)!;

        var (core, factory) = (Hidden("Orleans.ISiloControl"), Hidden("Orleans.IInternalGrainFactory"));
        var grains = cluster.ServiceProvider.GetRequiredService(factory);
        var address = cluster.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).GetAwaiter().GetResult().Keys.Single();
        var target = factory.GetMethods().First(m => m.Name == "GetSystemTarget" && m.GetParameters().Length == 2
                && m.GetParameters()[1].ParameterType == typeof(SiloAddress))
            .MakeGenericMethod(core).Invoke(grains, [SystemTargetGrainId.CreateGrainType("silo-control"), address])!;
        var method = core.GetMethod("ForceGarbageCollection")!;
        return (Task)method.Invoke(target, [.. method.GetParameters().Select(p => Activator.CreateInstance(p.ParameterType))])!;
    }

    /// <summary>Shows a certificate and says something; throws when the other end ends the conversation.</summary>
    private static async Task Say(int port, (string Certificate, string Key)? shown)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        using var certificate = shown is { } pem ? X509Certificate2.CreateFromPem(pem.Certificate, pem.Key) : null;
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "commerce",
                ClientCertificateContext =
                    certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
        }
        catch (System.Security.Authentication.AuthenticationException refused)
        {
            throw new IOException("The other end refuses.", refused);
        }

        if (await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0) throw new IOException("The other end has gone.");
    }

    private static async Task<bool> IsRefused(int port, (string Certificate, string Key) shown)
    {
        try
        {
            await Say(port, shown).WaitAsync(TimeSpan.FromSeconds(3));
            return false;
        }
        catch (TimeoutException)
        {
            return false; // it waits for what this client has to say
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task<string> ReadToEnd(Stream stream)
    {
        try
        {
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync().WaitAsync(Patience);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
