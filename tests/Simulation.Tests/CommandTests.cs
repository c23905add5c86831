using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commerce.Testing;
using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>What <c>./commerce simulate</c> says and which exit code it gives.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Two_processes_give_the_same_run_event_by_event()
    {
        var hashes = new List<string>();
        foreach (var options in new[] { "--seed 7", "--seed 7", "--seeds 7-7" })
        {
            await using var program = RunningProgram.Start(
                typeof(Run).Assembly.Location, new Dictionary<string, string>(), [.. options.Split(' '), "--json"]);
            Assert.True(await program.Exit() == 0, program.Output);
            hashes.Add(Json(program.Output).GetProperty("hash").GetString()!);
        }

        Assert.Equal(Enumerable.Repeat($"{Run.Of(new RunPlan(7)).Trace.Hash:x16}", 3), hashes);
    }

    [Fact]
    public async Task Two_processes_give_the_same_campaign()
    {
        var hashes = new List<string>();
        for (var n = 0; n < 2; n++) // hashes of strings differ from process to process, and with them the order of what is kept by hash
        {
            await using var program = RunningProgram.Start(
                typeof(Run).Assembly.Location, new Dictionary<string, string>(), ["--seeds", "41-56", "--json"]);
            Assert.True(await program.Exit() == 0, program.Output);
            hashes.Add(Json(program.Output).GetProperty("hash").GetString()!);
        }

        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public async Task A_campaign_tells_what_was_done_and_which_faults_struck()
    {
        var (exit, output, _) = await Given.Invoke($"--seeds 1-6 {Given.Small} --json");
        Assert.Equal(0, exit);
        Assert.Contains("No promise was broken.", output);
        var outcomes = Enumerable.Range(1, 6).Select(n => Run.Of(new RunPlan((ulong)n, 20, Hours: 0.2))).ToList();
        var json = Json(output);
        Assert.Equal((6, 0), (json.GetProperty("runs").GetInt32(), json.GetProperty("failed").GetInt32()));
        Assert.Equal(outcomes.Sum(o => o.Orders), json.GetProperty("orders").GetInt32());
        foreach (var fault in Enum.GetValues<FaultKind>())
            Assert.Equal(
                outcomes.Sum(o => o.Struck[(int)fault]), json.GetProperty("struck").GetProperty(PlanOptions.Name(fault)).GetInt64());
    }

    [Fact]
    public async Task A_failure_is_told_shrunk_and_given_as_a_command_that_fails_alike()
    {
        var run = Given.Broken((plan, _) => plan.Seed == 3 && plan.Comers.Contains(7));
        var (exit, output, _) = await Given.Invoke($"--seeds 1-6 {Given.Small} --json", run);
        Assert.Equal(1, exit);
        Assert.Contains("FAILED  seed 3: the test's criterion", output);
        Assert.Contains("ord_7 is given as broken", output);
        var failure = Assert.Single(Json(output).GetProperty("failures").EnumerateArray());
        Assert.Equal("--seed 3 --shoppers 20 --hours 0.2", failure.GetProperty("plan").GetString());
        var replay = failure.GetProperty("replay").GetString()!;
        Assert.StartsWith("./commerce simulate --seed 3 --shoppers 20 --only 7 --without ", replay);
        Assert.Contains($"Replay it:  {replay}\n", output);

        var (again, told, _) = await Given.Invoke(replay.Replace("./commerce simulate ", ""), run);
        Assert.Equal(1, again);
        Assert.Contains("order/ord_7", told);
        Assert.DoesNotContain("order/ord_8", told);
    }

    [Fact]
    public async Task A_campaign_ends_with_the_first_failure_by_seed_or_keeps_going_on_request()
    {
        var run = Given.Broken((plan, _) => plan.Seed % 3 == 0);
        var (_, first, _) = await Given.Invoke($"--seeds 1-8 {Given.Small} --no-shrink", run);
        Assert.Contains("FAILED  seed 3: ", first);
        Assert.DoesNotContain("seed 6", first);
        var (exit, all, _) = await Given.Invoke($"--seeds 1-8 {Given.Small} --no-shrink --keep-going --json", run);
        Assert.Equal((1, 8, 2), (exit, Json(all).GetProperty("runs").GetInt32(), Json(all).GetProperty("failed").GetInt32()));
        Assert.Contains("FAILED  seed 3: ", all);
        Assert.Contains($"FAILED  --seed 6 {Given.Small}: the test's criterion", all);
    }

    [Fact]
    public async Task A_run_that_throws_has_failed_and_is_shrunk_like_any_other()
    {
        var (exit, output, _) = await Given.Invoke($"--seeds 1-3 {Given.Small}", (plan, keep) =>
            plan.Seed == 2 ? Throws(plan) : CampaignResult.Of(plan, keep));
        Assert.Equal(1, exit);
        Assert.Contains("FAILED  seed 2: the simulation itself goes on", output);
        Assert.Contains("./commerce simulate --seed 2 --shoppers 20 --only none", output);

        static CampaignResult Throws(RunPlan plan) =>
            CampaignResult.Of(plan with { Without = new Unreadable() }, keepTrace: false) with { Plan = plan };
    }

    [Fact]
    public async Task A_replay_shows_every_event_when_asked()
    {
        var (exit, output, _) = await Given.Invoke($"--seed 5 {Given.Small} --trace");
        var events = Run.Of(new RunPlan(5, 20, Hours: 0.2)).Trace.Events;
        Assert.Equal((0, events), (exit, Regex.Count(output, @"^0[34]-\d\d \d\d:\d\d:\d\d\.\d{6} ", RegexOptions.Multiline)));
    }

    [Fact]
    public async Task Minutes_are_kept_and_the_base_of_the_fresh_seeds_is_told()
    {
        var (exit, output, _) = await Given.Invoke($"--minutes 0.02 {Given.Small} --json");
        Assert.Equal(0, exit);
        Assert.Matches(@"fresh seeds from \d+ on, for 0\.02 minutes", output);
        Assert.True(Json(output).GetProperty("runs").GetInt32() > 0, output);
    }

    [Fact]
    public async Task Stopped_it_ends_with_the_figures_so_far()
    {
        using var stop = new CancellationTokenSource();
        var (exit, output, _) = await Given.Invoke($"--minutes 60 {Given.Small} --json", Stopping, stop.Token);
        Assert.Equal(130, exit);
        Assert.Contains("Stopped; no promise was broken so far.", output);
        Assert.True(Json(output).GetProperty("stopped").GetBoolean());

        CampaignResult Stopping(RunPlan plan, bool keep)
        {
            stop.Cancel();
            return CampaignResult.Of(plan, keep);
        }
    }

    [Theory]
    [InlineData("--seed x", "--seed takes a whole number from 0 to 18446744073709551615, not 'x'.")]
    [InlineData("--seed", "--seed")]
    [InlineData("--seeds 9-3", "--seeds takes a first and a last seed such as 1-1000, the smaller one first, not '9-3'.")]
    [InlineData("--seeds 1-2-3", "not '1-2-3'")]
    [InlineData("--minutes 0", "--minutes takes a number above 0, such as 10 or 0.5, not '0'.")]
    [InlineData("--minutes -1", "not '-1'")]
    [InlineData("--seed 1 --hours 99", "--hours takes a number above 0 and up to 12, not '99'.")]
    [InlineData("--seed 1 --shoppers 0", "--shoppers takes a whole number from 1 to 400, not '0'.")]
    [InlineData("--seed 1 --only 0", "--only takes numbers of shoppers such as 3,17 or 1-20, each from 1 to 400, or none, not '0'.")]
    [InlineData("--seed 1 --only 3,,4", "not '3,,4'")]
    [InlineData("--seed 1 --only 300", "--only 300: the shoppers are 1 to 200; for more, give --shoppers.")]
    [InlineData("--seed 1 --without crsh", "--without 'crsh' is no kind of fault. There are: crash, crash-before-commit, ")]
    [InlineData("--seed 1 --seeds 1-2", "--seeds and --seed exclude each other.")]
    [InlineData("--seeds 1-2 --minutes 3", "--minutes and --seeds exclude each other.")]
    [InlineData("--trace", "--trace prints the events of one run: give its --seed.")]
    [InlineData("--sed 3", "--sed")]
    public async Task What_cannot_be_meant_is_said_and_nothing_is_run(string words, string said)
    {
        var (exit, output, error) = await Given.Invoke(words, (_, _) => throw new InvalidOperationException("run all the same"));
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(said, error);
        Assert.Contains("./commerce simulate --help", error);
    }

    private static JsonElement Json(string output) => JsonSerializer.Deserialize<JsonElement>(output.TrimEnd().Split('\n')[^1]);

    private sealed class Unreadable : IReadOnlyCollection<FaultKind>
    {
        public int Count => 1;

        public IEnumerator<FaultKind> GetEnumerator() => throw new InvalidOperationException("thrown on purpose");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
