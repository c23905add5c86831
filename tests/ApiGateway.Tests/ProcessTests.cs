using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>The process for its operator: its messages when it cannot start, its log, and its stop.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData("Commerce__Postgres", "")]
    [InlineData("Commerce__Postgres", "this is no connection string")]
    [InlineData("Commerce__Prefix", "Not-A-Prefix")]
    [InlineData("Commerce__Port", "eighty")]
    [InlineData("Commerce__RequestTimeoutSeconds", "0")]
    [InlineData("Commerce__PublicCatalogue", "perhaps")]
    [InlineData("Commerce__MaxLiveEntities", "0")]
    [InlineData("Commerce__Engine", "both")]
    [InlineData("Commerce__Cluster__Id", "two words")]
    [InlineData("Commerce__ApiKeys", "0123456789abcdef")]
    [InlineData("Commerce__ApiKeys__shop__Key", "short")]
    [InlineData("Commerce__ApiKeys__System", "a reserved name")]
    [InlineData("Commerce__ApiKeys__with space", "a name that cannot be one")]
    [InlineData("Commerce__ApiKey__shop__Key", "a section that is misspelt")]
    public async Task A_configuration_that_cannot_be_used_is_named(string variable, string value)
    {
        await using var process = await GatewayProcess.Start((variable, value));
        Assert.Equal(4, await process.Exit());
        Assert.Contains($"'{variable.Replace("__", ":")}'", process.Errors);
        Assert.DoesNotContain("   at ", process.Errors);
    }

    [Theory]
    [InlineData("http://loopback:0")]
    [InlineData("http://localhost.localdomain:0")]
    [InlineData("http://127.0.0.1:0;http://this-machine:0")]
    public async Task Names_that_only_look_like_this_machine_are_refused(string urls)
    {
        await using var process = await GatewayProcess.Start(("ASPNETCORE_URLS", urls));
        Assert.Equal(4, await process.Exit());
        Assert.Contains("it would listen on all addresses", process.Errors);
        Assert.DoesNotContain("   at ", process.Errors);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named_without_its_password()
    {
        await using var process = await GatewayProcess.Start(
            ("Commerce__Postgres", "Host=127.0.0.1;Port=1;Username=u;Password=very-secret;Database=postgres"),
                ("Commerce__StartupTimeoutSeconds", "1"));
        Assert.Equal(3, await process.Exit());
        Assert.Contains("127.0.0.1:1", process.Errors);
        Assert.DoesNotContain("very-secret", process.Errors);
        Assert.DoesNotContain("   at ", process.Errors);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var process = await GatewayProcess.Start(("Commerce__Port", $"{port}"));
        Assert.Equal(2, await process.Exit());
        Assert.Contains($"127.0.0.1:{port}", process.Errors);
        Assert.DoesNotContain("   at ", process.Errors);
    }

    [Fact]
    public async Task A_request_is_one_line_of_the_log_without_its_body_and_SIGTERM_ends_in_good_order()
    {
        await using var process = await GatewayProcess.Start();
        using var api = new Api(await process.Listening()) { Credentials = TestCredentials.Secret };
        var reply = await api.Post(
            "/customers", """{"id":"cus_log","name":"Secret Name","email":"log@example.com"}""", null, ("X-Request-Id", "my-request.1"));
        Assert.Equal("my-request.1", reply.Expect(HttpStatusCode.Created).Header("X-Request-Id"));
        (await api.Get("/customers/cus_log?x=1", ("X-Request-Id", "not well formed"))).Expect(HttpStatusCode.BadRequest);
        process.Signal(Signals.Sigterm);
        Assert.Equal(0, await process.Exit());

        var lines = process.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
            .ToList();
        var requests = lines.Where(l => l.GetProperty("Category").GetString() == "Commerce.Request").Select(l => l.GetProperty("State"))
            .ToList();
        var post = Assert.Single(requests, r => r.GetProperty("RequestId").GetString() == "my-request.1");
        Assert.Equal(
            ("POST", "/customers", 201, TestCredentials.Name),
            (post.GetProperty("Method").GetString(), post.GetProperty("Route").GetString(), post.GetProperty("Status").GetInt32(),
                post.GetProperty("Caller").GetString()));
        var get = Assert.Single(requests, r => r.GetProperty("Method").GetString() == "GET");
        Assert.Equal(("/customers/{id}", 400), (get.GetProperty("Route").GetString(), get.GetProperty("Status").GetInt32()));
        Assert.StartsWith("req_", get.GetProperty("RequestId").GetString());
        Assert.DoesNotContain("Secret Name", process.StandardOutput);
    }

    [Fact]
    public async Task A_stop_finishes_what_is_in_flight()
    {
        await using var process = await GatewayProcess.Start();
        using var api = new Api(await process.Listening()) { Credentials = TestCredentials.Secret };
        await api.Goods("FLIGHT", 5);
        var slow = api.Order("ord_flight", "FLIGHT", 1, "pm_sandbox_slow"); // its payment takes three seconds
        await api.Eventually("/orders/ord_flight", r => r.Status == HttpStatusCode.OK);
        process.Signal(Signals.Sigterm);
        var reply = await slow; // the waiting ends, the order does not
        Assert.True(reply.Status is HttpStatusCode.Accepted or HttpStatusCode.Created, reply.Body);
        Assert.Equal(0, await process.Exit());
    }
}
