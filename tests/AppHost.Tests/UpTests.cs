using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class UpTests : IDisposable
{
    private static readonly HttpClient Http = new();

    private readonly Checkout _checkout = new();

    private string Data => Path.Combine(_checkout.Temporary, "data");

    [Fact]
    [Trait("readme", "./commerce up --single")]
    public async Task It_serves_three_commands_that_work_twice_and_finds_all_data_when_started_again()
    {
        await using (var up = _checkout.Start("up", "--single", "--port", "0", "--data", Data))
        {
            var url = await up.Line("ready: ");
            await RunningProgram.Eventually(() => Curls(up).Count == 3);
            for (var time = 1; time <= 2; time++) await FollowTheTour(Curls(up));
            Assert.Equal((98, 0), await TeaCaddies(url));
            Assert.Contains(Path.Combine(Data, "postgres"), await up.Line("data: "));
            Assert.True(new FileInfo(Path.Combine(await up.Line("logs: "), "gateway.log")).Length > 0);
            await StopsCleanly(up);
        }

        await using var again = _checkout.Start("up", "--single", "--port", "0", "--data", Data);
        Assert.Equal((98, 0), await TeaCaddies(await again.Line("ready: ")));
        await StopsCleanly(again);
    }

    [Fact]
    [Trait("readme", "./commerce token --role shopper --customer cus_ada")]
    public async Task A_token_is_for_one_role_and_an_API_key_serves_beside_it_without_being_shown()
    {
        const string key = "a-secret-of-24-characters";
        var keys = new Dictionary<string, string?>
        {
            ["Commerce__ApiKeys__tour__Key"] = key, ["Commerce__ApiKeys__tour__Roles__0"] = "warehouse",
        };
        await using var up = RunningProgram.StartCommand(
            Path.Combine(Checkout.Root, "commerce"), ["up", "--single", "--port", "0", "--data", Data], _checkout.Temporary, keys);
        var url = await up.Line("ready: ");
        await RunningProgram.Eventually(() => Curls(up).Count == 3);
        Assert.DoesNotContain(key, up.Output);
        Assert.Equal(HttpStatusCode.OK, await Status($"{url}/stock", key));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status($"{url}/stock", null));
        var shopper = await Token("shopper", "--customer", "cus_ada");
        Assert.Equal(HttpStatusCode.OK, await Status($"{url}/orders", shopper));
        Assert.Equal(HttpStatusCode.Forbidden, await Status($"{url}/stock", shopper));
        Assert.Equal(HttpStatusCode.OK, await Status($"{url}/operations/subscriptions", await Token("operator")));

        var (nameless, said) = await _checkout.Run("token", "--data", Data, "--role", "shopper");
        Assert.Equal((1, "The role 'shopper' needs a customer, such as cus_ada.\n"), (nameless, said));
        var (unknown, roles) = await _checkout.Run("token", "--data", Data, "--role", "root");
        Assert.Equal(1, unknown);
        Assert.Contains("'root' is no role. There are guest, shopper,", roles);
        await StopsCleanly(up);
        var (late, nobody) = await _checkout.Run("token", "--data", Data, "--role", "operator");
        Assert.Equal(1, late);
        Assert.Contains("No ./commerce up is running", nobody);
    }

    [Fact]
    [Trait("readme", "./commerce up")]
    public async Task The_cluster_and_the_single_process_take_turns_on_the_same_data()
    {
        await using (var cluster = _checkout.Start("up", "--port", "0", "--data", Data))
        {
            var url = await cluster.Line("ready: ");
            await RunningProgram.Eventually(() => Curls(cluster).Count == 3);
            await FollowTheTour(Curls(cluster));
            Assert.Equal(HttpStatusCode.OK, await Status($"{await cluster.Line("dashboard: ")}/", await Token("operator")));
            Assert.Equal(6, cluster.Children().Count);
            await StopsCleanly(cluster);
        }

        await using (var single = _checkout.Start("up", "--single", "--port", "0", "--data", Data))
        {
            Assert.Equal((98, 0), await TeaCaddies(await single.Line("ready: ")));
            await StopsCleanly(single);
        }

        await using var again = _checkout.Start("up", "--silos", "1", "--port", "0", "--data", Data);
        Assert.Equal((98, 0), await TeaCaddies(await again.Line("ready: ")));
        await StopsCleanly(again);
    }

    [Fact]
    public async Task A_killed_gateway_is_reported_and_started_again_and_so_is_a_killed_PostgreSQL()
    {
        await using var up = _checkout.Start("up", "--single", "--port", "0", "--data", Data);
        var url = await up.Line("ready: ");
        Signals.Send(Child(up, "ApiGateway"), Signals.Sigkill);
        await up.Line("gateway ended unexpectedly (exit code 137)");
        await up.Line("gateway is ready again");
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync($"{url}/health/ready")).StatusCode);

        Signals.Send(Child(up, "postgres"), Signals.Sigkill);
        await up.Line("PostgreSQL ended unexpectedly");
        await up.Line("PostgreSQL is running again");
        await RunningProgram.Eventually(() => Ready(url).Result);
        await StopsCleanly(up);
    }

    [Fact]
    public async Task A_killed_command_leaves_nothing_running_and_the_next_one_finds_the_data()
    {
        await using (var up = _checkout.Start("up", "--single", "--port", "0", "--data", Data))
        {
            await up.Line("ready: ");
            await RunningProgram.Eventually(() => Curls(up).Count == 3);
            await FollowTheTour(Curls(up));
            var children = up.Children().Select(c => c.Pid).ToList();
            Assert.Equal(3, children.Count);
            up.Signal(Signals.Sigkill);
            Assert.NotEqual(0, await up.Exit());
            await RunningProgram.Eventually(() => !children.Any(Signals.Alive));
        }

        await using var next = _checkout.Start("up", "--single", "--port", "0", "--data", Data);
        Assert.Equal((98, 0), await TeaCaddies(await next.Line("ready: ")));
        await StopsCleanly(next);
    }

    [Fact]
    public async Task With_json_it_names_its_address_and_processes_in_one_line()
    {
        await using var up = _checkout.Start("up", "--single", "--port", "0", "--data", Data, "--json");
        var ready = JsonSerializer.Deserialize<JsonElement>("{" + await up.Line("{"));
        Assert.True(await Ready(ready.GetProperty("url").GetString()!));
        var processes = ready.GetProperty("processes").EnumerateArray().ToDictionary(
            p => p.GetProperty("name").GetString()!, p => p.GetProperty("pid").GetInt32());
        Assert.Equal(["PostgreSQL", "gateway", "identity"], processes.Keys.Order());
        Assert.Equal(up.Children().Select(c => c.Pid).Order(), processes.Values.Order());
        Assert.Empty(Curls(up));
        await StopsCleanly(up);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_left_to_the_one_who_uses_it()
    {
        await using var first = _checkout.Start("up", "--single", "--port", "0", "--data", Data);
        var url = await first.Line("ready: ");
        var (exit, output) = await _checkout.Run("up", "--single", "--port", "0", "--data", Data);
        Assert.Equal(1, exit);
        Assert.Contains($"in use by another process (pid {first.Pid})", output);
        Assert.True(await Ready(url));
        await StopsCleanly(first);
    }

    [Fact]
    public async Task A_port_in_use_is_said_before_anything_is_started()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exit, output) = await _checkout.Run("up", "--single", "--port", $"{port}", "--data", Data);
        Assert.Equal(1, exit);
        Assert.Contains($"Port {port} on 127.0.0.1 is in use", output);
        Assert.Contains("--port", output);
        Assert.False(Directory.Exists(Path.Combine(Data, "postgres")));
    }

    [Fact]
    public async Task Files_that_are_no_database_are_left_alone()
    {
        var foreign = Path.Combine(Data, "postgres", "cluster", "letter.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(foreign)!);
        await File.WriteAllTextAsync(foreign, "Dear Ada");
        var (exit, output) = await _checkout.Run("up", "--single", "--port", "0", "--data", Data);
        Assert.Equal(1, exit);
        Assert.Contains("holds files but no PostgreSQL database", output);
        Assert.Equal("Dear Ada", await File.ReadAllTextAsync(foreign));
    }

    [Fact]
    public async Task Missing_PostgreSQL_is_said_with_how_to_install_it()
    {
        var nowhere = new Dictionary<string, string?> { ["PGBIN"] = _checkout.Temporary };
        var (exit, output) = await _checkout.Run(["up", "--single", "--port", "0", "--data", Data], nowhere);
        Assert.Equal(1, exit);
        Assert.Contains("apt-get install postgresql", output);
    }

    [Fact]
    public async Task A_given_PostgreSQL_is_used_and_goes_on_running()
    {
        await using var own = await LocalPostgres.PostgresServer.Start(
            new LocalPostgres.PostgresServerOptions(Path.Combine(_checkout.Temporary, "own")) { Durable = false });
        var file = Path.Combine(_checkout.Temporary, "connection");
        await File.WriteAllTextAsync(file, own.ConnectionString);
        await using (var up = _checkout.Start("up", "--single", "--port", "0", "--data", Data, "--postgres", $"@{file}"))
        {
            Assert.True(await Ready(await up.Line("ready: ")));
            Assert.Contains($"127.0.0.1:{own.Port}", await up.Line("data: "));
            await StopsCleanly(up);
        }

        Assert.False(own.Exited.IsCompleted);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=x", "No PostgreSQL answers at 127.0.0.1:1")]
    [InlineData("Username=x", "--postgres names no host")]
    [InlineData("postgres://x", "--postgres is not a connection string")]
    public async Task A_PostgreSQL_that_cannot_be_used_is_said_and_nothing_is_started(string connection, string said)
    {
        var (exit, output) = await _checkout.Run("up", "--single", "--port", "0", "--data", Data, "--postgres", connection);
        Assert.Equal(1, exit);
        Assert.Contains(said, output);
        Assert.DoesNotContain("starting the gateway", output);
    }

    public void Dispose() => _checkout.Dispose();

    private static IReadOnlyList<string> Curls(RunningProgram up) =>
        [.. up.Output.Split('\n')[..^1].Where(l => l.StartsWith("curl ", StringComparison.Ordinal))];

    private async Task FollowTheTour(IReadOnlyList<string> curls)
    {
        Assert.Contains("\"onHand\":100", await Shell(curls[0]));
        Assert.Contains("\"settled\":true", await Shell(curls[1])); // confirmed; or shipped, when the tour is taken again
        Assert.Contains("\"status\":\"shipped\"", await Shell(curls[2]));
    }

    private async Task<string> Shell(string line)
    {
        var (exit, output) = await RunningProgram.ToEnd("bash", ["-c", line], _checkout.Temporary);
        Assert.True(exit == 0, output);
        return output;
    }

    private async Task<(long OnHand, long Held)> TeaCaddies(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/stock/TEA-CADDY");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token("warehouse"));
        using var response = await Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        var stock = JsonSerializer.Deserialize<JsonElement>(answer);
        return (stock.GetProperty("onHand").GetInt64(), stock.GetProperty("held").GetInt64());
    }

    private async Task<string> Token(string role, params string[] more)
    {
        var (exit, output) = await _checkout.Run(["token", "--data", Data, "--role", role, .. more]);
        Assert.True(exit == 0, output);
        return output.Trim();
    }

    private static async Task<HttpStatusCode> Status(string url, string? bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<bool> Ready(string url)
    {
        using var response = await Http.GetAsync($"{url}/health/ready");
        return response.IsSuccessStatusCode;
    }

    private static int Child(RunningProgram up, string program) =>
        up.Children().Single(c => c.Command.Contains(program, StringComparison.Ordinal)).Pid;

    private static async Task StopsCleanly(RunningProgram up)
    {
        var children = up.Children();
        up.Signal(Signals.Sigterm);
        Assert.Equal(0, await up.Exit());
        Assert.DoesNotContain(children, c => Signals.Alive(c.Pid));
    }
}
