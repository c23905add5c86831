using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

/// <summary>Starting, watching and stopping silos, tried with small programs in their place.</summary>
public sealed class ClusterTests(ClusterTests.Built built) : IClassFixture<ClusterTests.Built>, IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("commerce-cluster-").FullName;

    [Fact]
    public async Task Silos_and_gateway_are_one_cluster_new_each_time_and_all_are_in_the_table()
    {
        var clusters = new List<string>();
        for (var time = 1; time <= 2; time++)
        {
            await using var up = Start("--silos", "2");
            var url = await up.Line("ready: ");
            Assert.Equal($"{url}/dashboard", await up.Line("dashboard: "));
            var (_, table) = await Command("status");
            Assert.Equal(["silo-1", "silo-2", "identity", "gateway"], Rows(table).Select(r => r[0]));
            Assert.All(Rows(table), r => Assert.Equal(("ready", "0"), (r[1], r[3])));
            Assert.Equal(Pids(up), Rows(table).Select(r => int.Parse(r[2])).Order());
            Assert.Equal(Rows(table).Select(r => r[2]), Rows(up.Output).Select(r => r[2]));
            Assert.Contains($"kill -9 {Rows(table)[1][2]}", up.Output);
            Assert.Equal(url, Rows(table)[^1][5]);
            clusters.Add(Said("gateway"));
            Assert.Equal(clusters[^1].Replace("gateway", "silo-2").Replace("engine cluster", "engine -"), Said("silo-2"));
            await StopsCleanly(up);
        }

        Assert.Equal(2, clusters.Distinct().Count());
    }

    [Fact]
    [Trait("readme", "./commerce status")]
    public async Task A_killed_silo_is_reported_and_is_back_at_the_same_address_while_the_others_go_on()
    {
        await using var up = Start("--silos", "3");
        await up.Line("ready: ");
        var before = await Table();
        Signals.Send(int.Parse(before[1][2]), Signals.Sigkill);
        await up.Line("silo-2 ended unexpectedly (exit code 137); starting it again in 1 s");
        await up.Line("silo-2 is ready again (pid ");
        var after = await Table();
        Assert.Equal(("ready", "1"), (after[1][1], after[1][3]));
        Assert.Equal(before.Select(r => r[^1]), after.Select(r => r[^1]));
        Assert.Equal(before[1][5..], after[1][5..]);
        Assert.NotEqual(before[1][2], after[1][2]);
        Assert.Equal(before.Where(r => r[0] != "silo-2").Select(r => r[2]), after.Where(r => r[0] != "silo-2").Select(r => r[2]));
        await StopsCleanly(up);
    }

    [Fact]
    public void A_port_is_in_use_also_when_its_listener_would_share_it_as_silos_do()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        silo.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        silo.Start();
        var port = ((IPEndPoint)silo.LocalEndpoint).Port;
        Assert.False(Port.IsFree(port));
        silo.Stop();
        Assert.True(Port.IsFree(port));
    }

    [Fact]
    public async Task A_silo_whose_port_was_taken_while_it_was_down_says_so_and_takes_another_one()
    {
        await using var up = Start("--silos", "1");
        await up.Line("ready: ");
        TcpListener? taken = null;
        for (var kills = 1; taken is null; kills++)
        {
            var silo = (await Table()).Single(r => r[0] == "silo-1");
            Signals.Send(int.Parse(silo[2]), Signals.Sigkill);
            bool Back() => Regex.Count(up.Output, "^silo-1 is ready again", RegexOptions.Multiline) == kills;
            taken = await Take(int.Parse(Regex.Match(silo[5], @":(\d+)").Groups[1].Value), Back);
            await RunningProgram.Eventually(Back);
        }

        using (taken)
        {
            var port = ((IPEndPoint)taken.LocalEndpoint).Port;
            await up.Line($"port {port} of silo-1 is in use by another program now; it takes ");
            Assert.DoesNotContain($":{port},", (await Table())[0][5]);
            await StopsCleanly(up);
        }
    }

    [Fact]
    [Trait("readme", "./commerce roll")]
    public async Task A_rolling_restart_takes_one_silo_after_the_other_and_each_finishes_by_itself()
    {
        await using var up = Start("--silos", "3");
        await up.Line("ready: ");
        var before = await Table();
        var (exit, said) = await Command("roll");
        Assert.True(exit == 0, said);
        Assert.Equal(
            from silo in new[] { 1, 2, 3 }
            from what in new[] { "is asked to finish and to start again", "is ready again" }
            select $"silo-{silo} {what}", said.TrimEnd('\n').Split('\n').Select(l => Regex.Replace(l, @" (\.\.\.|\(pid \d+\))$", "")));
        var after = await Table();
        Assert.All(after.Take(3), r => Assert.Equal(("ready", "1"), (r[1], r[3])));
        Assert.Equal(6, before.Concat(after).Where(r => r[0].StartsWith("silo-")).Select(r => r[2]).Distinct().Count());
        Assert.Equal(before[3..], after[3..]);
        Assert.DoesNotContain("unexpectedly", up.Output);
        await StopsCleanly(up);
    }

    [Fact]
    public async Task The_gateway_is_stopped_first_and_the_silos_after_it()
    {
        await using var up = Start("--silos", "2");
        await up.Line("ready: ");
        await StopsCleanly(up);
        var stopped = Regex.Matches(up.Output, "^stopped (.*)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal("gateway", stopped[0]);
        Assert.Equal(["identity", "silo-1", "silo-2"], stopped.Skip(1).Order());
    }

    [Fact]
    public async Task A_killed_command_stops_all_silos_and_none_answers_any_more()
    {
        await using var up = Start("--silos", "2");
        await up.Line("ready: ");
        var children = Pids(up);
        Assert.Equal(4, children.Count);
        up.Signal(Signals.Sigkill);
        await up.Exit();
        await RunningProgram.Eventually(() => !children.Any(Signals.Alive));
        var (exit, said) = await Command("status");
        Assert.Equal(1, exit);
        Assert.Contains($"No ./commerce up is running with the data in {_data}", said);
    }

    [Fact]
    public async Task A_silo_that_ends_before_it_is_ready_is_an_error_with_its_log_and_stops_all()
    {
        var told = new Dictionary<string, string?> { [StandIns.Breaks] = "silo-2", [StandIns.Hangs] = "silo-3" };
        await using var up = Start(told, "--silos", "3");
        Assert.Equal(1, await up.Exit());
        Assert.Contains("silo-2 ended before it was ready (exit code 4). Its last lines:", up.Output);
        Assert.Contains("| this one was told to break", up.Output);
        Assert.Contains(Path.Combine(_data, "logs", "silo-2.log"), up.Output);
        Assert.DoesNotContain("ready: ", up.Output);
    }

    [Fact]
    public async Task The_single_process_has_no_silos_that_could_be_restarted()
    {
        await using var up = Start("--single");
        await up.Line("ready: ");
        Assert.Contains("gateway of no cluster, engine single", Said("gateway"));
        Assert.Equal(["identity", "gateway"], (await Table()).Select(r => r[0]));
        var (exit, said) = await Command("roll");
        Assert.Equal(1, exit);
        Assert.Contains("There are no silos", said);
        await StopsCleanly(up);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static List<string[]> Rows(string text) =>
    [
        .. text.Split('\n').Where(l => Regex.IsMatch(l, "^(silo-|identity|gateway).*  ready ")).Select(l => Regex.Split(l.Trim(), " {2,}")),
    ];

    private static List<int> Pids(RunningProgram up) => [.. up.Children().Select(c => c.Pid).Order()];

    /// <summary>Listens on a port as soon as that is possible; null when its owner was faster.</summary>
    private static async Task<TcpListener?> Take(int port, Func<bool> back)
    {
        await Task.Yield();
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException) when (!back())
            {
                listener.Dispose();
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    private static async Task StopsCleanly(RunningProgram up)
    {
        var children = Pids(up);
        up.Signal(Signals.Sigterm);
        Assert.Equal(0, await up.Exit());
        Assert.DoesNotContain(children, Signals.Alive);
    }

    private RunningProgram Start(params string[] arguments) => Start(new Dictionary<string, string?>(), arguments);

    private RunningProgram Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments) => built.Checkout.Start(
        ["up", "--port", "0", "--data", _data, "--postgres", $"Host=127.0.0.1;Port={built.Port}", .. arguments], environment);

    private Task<(int Exit, string Output)> Command(string word) => built.Checkout.Run(word, "--data", _data);

    private async Task<List<string[]>> Table() => Rows((await Command("status")).Output);

    /// <summary>The last thing that a stand-in said of itself.</summary>
    private string Said(string process) =>
        File.ReadLines(Path.Combine(_data, "logs", process + ".log")).Last(l => l.StartsWith($"{process} of ", StringComparison.Ordinal));

    /// <summary>A checkout with stand-ins, and a socket in place of a database, which is enough until it is used.</summary>
    public sealed class Built : IAsyncLifetime
    {
        private readonly TcpListener _database = new(IPAddress.Loopback, 0);

        internal SmallCheckout Checkout { get; private set; } = null!;

        internal int Port => ((IPEndPoint)_database.LocalEndpoint).Port;

        public async ValueTask InitializeAsync()
        {
            _database.Start();
            Checkout = await SmallCheckout.Make();
            await StandIns.AddTo(Checkout);
        }

        public ValueTask DisposeAsync()
        {
            _database.Dispose();
            Checkout.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
