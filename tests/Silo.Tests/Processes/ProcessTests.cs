using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Commerce.Testing;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>Silo and gateway for their operator: their messages when they cannot start, and their stop.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData("Commerce__Postgres", "")]
    [InlineData("Commerce__Postgres", "this is no connection string")]
    [InlineData("Commerce__Prefix", "Not-A-Prefix")]
    [InlineData("Commerce__Prefix", "1st")]
    [InlineData("Commerce__Cluster__Id", "two words")]
    [InlineData("Commerce__Silo__Name", "")]
    [InlineData("Commerce__Silo__Address", "0.0.0.0")]
    [InlineData("Commerce__Silo__Address", "my-machine")]
    [InlineData("Commerce__Silo__Address", "192.0.2.1")]
    [InlineData("Commerce__Silo__Port", "0")]
    [InlineData("Commerce__Silo__GatewayPort", "many")]
    [InlineData("Commerce__Silo__HealthPort", "65536")]
    [InlineData("Commerce__Silo__Capabilities", "Orders,Shipping")]
    [InlineData("Commerce__Silo__Capabilities", ",")]
    [InlineData("Commerce__Silo__ProbeSeconds", "0")]
    [InlineData("Commerce__StartupTimeoutSeconds", "0")]
    [InlineData("Commerce__MaxConnections", "0")]
    [InlineData("Commerce__Silo__Prot", "11111")]
    [InlineData("Commerce__MaxConnections", "9")] // five for the cluster and six for each capability
    public async Task A_configuration_of_a_silo_that_cannot_be_used_is_named(string variable, string value)
    {
        await using var silo = await OurProcess.Silo(TestPostgres.NewPrefix(), "bad", [], (variable, value));
        Assert.Equal(4, await silo.Exit());
        Assert.Contains($"'{variable.Replace("__", ":")}'", silo.Errors);
        Assert.DoesNotContain("   at ", silo.Errors);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named_without_its_password()
    {
        await using var silo = await OurProcess.Silo(
            TestPostgres.NewPrefix(), "none", [], ("Commerce__Postgres", "Host=127.0.0.1;Port=1;Username=u;Password=very-secret"),
            ("Commerce__StartupTimeoutSeconds", "1"));
        Assert.Equal(3, await silo.Exit());
        Assert.Contains("127.0.0.1:1", silo.Errors);
        Assert.DoesNotContain("very-secret", silo.Errors);
    }

    [Theory]
    [InlineData("Commerce__Silo__Port")]
    [InlineData("Commerce__Silo__GatewayPort")]
    [InlineData("Commerce__Silo__HealthPort")]
    public async Task A_port_in_use_is_named(string variable)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var silo = await OurProcess.Silo(TestPostgres.NewPrefix(), "port", [], (variable, $"{port}"));
        Assert.Equal(2, await silo.Exit());
        Assert.Contains($"127.0.0.1:{port}", silo.Errors);
        Assert.Contains(variable, silo.Errors);
    }

    [Fact]
    public async Task A_gateway_without_any_silo_says_what_it_looked_for()
    {
        await using var gateway = await OurProcess.Gateway(
            TestPostgres.NewPrefix(), "nowhere", ("Commerce__StartupTimeoutSeconds", "2"));
        Assert.Equal(5, await gateway.Exit());
        Assert.Contains("'nowhere'", gateway.Errors);
        Assert.DoesNotContain("   at ", gateway.Errors);
    }

    [Fact]
    public async Task A_stopping_silo_finishes_calls_in_flight_and_the_other_one_goes_on_from_there()
    {
        var prefix = TestPostgres.NewPrefix();
        await using var first = await (await OurProcess.Silo(prefix, "stop", [])).Ready();
        await using var gateway = await (await OurProcess.Gateway(prefix, "stop")).Ready();
        await gateway.Goods("STOP", 10);
        var slow = gateway.Order("ord_slow", "STOP", "pm_sandbox_slow"); // its payment takes three seconds
        await gateway.Until("/orders/ord_slow", _ => true);
        await using var second = await (await OurProcess.Silo(prefix, "stop", [])).Ready();
        first.Terminate();
        Assert.Equal(0, await first.Exit());
        Assert.Equal("confirmed", (await slow).GetProperty("status").GetString());
        Assert.Equal("confirmed", (await gateway.Order("ord_after", "STOP")).GetProperty("status").GetString());
        await gateway.Until("/orders", o => o.GetProperty("items").GetArrayLength() == 2); // the second follows now

        gateway.Terminate();
        Assert.Equal(0, await gateway.Exit());
        second.Terminate();
        Assert.Equal(0, await second.Exit());
    }

    [Fact]
    public async Task A_browser_is_asked_for_credentials_as_the_password_of_the_dashboard_only()
    {
        var prefix = TestPostgres.NewPrefix();
        await using var silo = await (await OurProcess.Silo(prefix, "keys", [])).Ready();
        await using var gateway = await (await OurProcess.Gateway(
            prefix, "keys",
            ("Commerce__ApiKeys__ops__Key", "0123456789abcdef"), ("Commerce__ApiKeys__ops__Roles__0", "operator"),
            ("Commerce__ApiKeys__shop__Key", "fedcba9876543210"), ("Commerce__ApiKeys__shop__Roles__0", "partner"))).Ready();

        using var stranger = new HttpClient { BaseAddress = gateway.Http.BaseAddress };
        using var nobody = await stranger.GetAsync("/dashboard/");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal("Basic", Assert.Single(nobody.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(HttpStatusCode.OK, await Ask(gateway, "/dashboard/", "0123456789abcdef"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(gateway, "/dashboard/", "fedcba9876543210"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(gateway, "/dashboard/", "not a key"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(gateway, "/operations/subscriptions", "0123456789abcdef"));
    }

    [Fact]
    public async Task The_sandbox_stays_switched_off_when_its_silo_dies()
    {
        var prefix = TestPostgres.NewPrefix();
        var ports = ServingProgram.FreePorts(2);
        var silos = ("Commerce__Silo__Port", $"{ports[0]}");
        var clients = ("Commerce__Silo__GatewayPort", $"{ports[1]}");
        await using var first = await (await OurProcess.Silo(prefix, "switch", [], silos, clients)).Ready();
        await using var gateway = await (await OurProcess.Gateway(prefix, "switch")).Ready();
        await gateway.Send(HttpMethod.Put, "/sandbox", """{"outage":true}""", HttpStatusCode.OK);
        await first.Kill();
        await using var second = await (await OurProcess.Silo(prefix, "switch", [], silos, clients)).Ready();
        await gateway.Ready();
        Assert.True((await gateway.Until("/sandbox", s => s.TryGetProperty("outage", out _))).GetProperty("outage").GetBoolean());
    }

    private static async Task<HttpStatusCode> Ask(OurProcess gateway, string path, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var answer = await gateway.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
