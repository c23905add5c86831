using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Commerce.Simulation;

/// <summary>The command line.</summary>
internal static class Program
{
    private const int Misunderstood = 2;

    public static Task<int> Main(string[] args) => Invoke(args, Console.Out, Console.Error, Result.Of, CancellationToken.None);

    /// <summary>The command with these arguments; what was found goes to one place, progress and complaints to the other.</summary>
    internal static async Task<int> Invoke(
        string[] args, TextWriter output, TextWriter error, Func<Plan, bool, Result> run, CancellationToken cancel)
    {
        var plan = new PlanOptions();
        var parsed = Command(plan, output, error, run).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not { ClearsParseErrors: true } && plan.Problems(parsed) is { Count: > 0 } problems)
        {
            foreach (var problem in problems) await error.WriteLineAsync(problem);
            await error.WriteLineAsync("All about it: ./commerce simulate --help");
            return Misunderstood;
        }

        var console = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
        return await parsed.InvokeAsync(console, cancel);
    }

    private static Command Command(
        PlanOptions plan, TextWriter output, TextWriter error, Func<Plan, bool, Result> run)
    {
        var seeds = new Option<(ulong First, ulong Last)?>("--seeds")
        {
            Description = "Simulate the runs of these seeds: 1-1000.", HelpName = "A-B",
            CustomParser = r => PlanOptions.Parse<(ulong, ulong)>(
                r, ParseRange, _ => true, "a first and a last seed such as 1-1000, the smaller one first"),
        };
        var minutes = new Option<double?>("--minutes")
        {
            Description = "Simulate fresh seeds for so long.", HelpName = "N",
            CustomParser = r => PlanOptions.Parse<double>(
                r, PlanOptions.ParseNumber, m => m is > 0 and <= 100_000, "a number above 0, such as 10 or 0.5"),
        };
        var trace = new Option<bool>("--trace") { Description = "With --seed: print every event." };
        var keepGoing = new Option<bool>("--keep-going") { Description = "Do not end with the first run that fails." };
        var noShrink = new Option<bool>("--no-shrink") { Description = "Do not look for a shorter run that fails alike." };
        var json = new Option<bool>("--json") { Description = "End standard output with one line of JSON." };
        var command = new Command(
            "simulate",
            "Runs the business and the single-process engine on a simulated machine where everything goes wrong. Without options: the " +
            "list of seeds that failed once, then 1 to 1000. Exit code 0: no run failed; 1: one did; 2: not understood; 130: stopped.")
        {
            minutes, seeds, trace, keepGoing, noShrink, json, new HelpOption(),
        };
        plan.AddTo(command);
        command.Validators.Add(r => Check(r, [minutes, seeds, plan.Seed], trace, plan.Seed));
        command.SetAction((parsed, cancel) => Task.Run(
            () => new Simulate(output, error, run, cancel)
            {
                Json = parsed.GetValue(json), KeepGoing = parsed.GetValue(keepGoing), Shrink = !parsed.GetValue(noShrink),
                Trace = parsed.GetValue(trace),
            }.Run(seed => plan.Of(parsed, seed), parsed.GetValue(plan.Seed), parsed.GetValue(seeds), parsed.GetValue(minutes)),
            CancellationToken.None));
        return command;
    }

    private static void Check(CommandResult result, IReadOnlyList<Option> ways, Option trace, Option seed)
    {
        var given = ways.Where(w => result.GetResult(w) is not null).Select(w => w.Name).ToList();
        if (given.Count > 1) result.AddError($"{string.Join(" and ", given)} exclude each other.");
        if (result.GetResult(trace) is { Implicit: false } && result.GetResult(seed) is null)
            result.AddError("--trace prints the events of one run: give its --seed.");
    }

    private static bool ParseRange(string text, IFormatProvider format, out (ulong First, ulong Last) range)
    {
        var ends = text.Split('-');
        range = default;
        if (ends.Length > 2 || !ulong.TryParse(ends[0], format, out var first)) return false;
        if (!ulong.TryParse(ends[^1], format, out var last)) return false;
        range = (first, last);
        return first <= last;
    }
}
