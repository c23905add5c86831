using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using Spectre.Console;
using Commerce.Simulation;

namespace Commerce.Mutants;

/// <summary>What came of a mutant.</summary>
/// <param name="Mutant">The safeguard that was taken away.</param>
/// <param name="Finding">The first seed that failed, and how; null: none did.</param>
/// <param name="Took">For building and running it.</param>
/// <param name="Problem">Why it could not be built; null: it could.</param>
internal sealed record MutantResult(Mutant Mutant, Finding? Finding, TimeSpan Took, string? Problem = null)
{
    /// <summary>True when a seed failed, and soon enough.</summary>
    public bool Caught => Finding is not null && Finding.Seed <= (ulong)Mutant.Within;

    /// <summary>True when it should have been caught and was not, or could not even be built.</summary>
    public bool Amiss => Problem is not null || (!Caught && Mutant.Survives is null);
}

/// <summary>
/// Takes one safeguard after the other out of the product and sees whether the simulation notices. It is the test of the simulation: what
/// is not caught is a hole in its invariants, its faults, or what its shoppers do.
/// </summary>
internal static class MutationRun
{
    /// <summary>What a mutated program is called with, and the first and the last seed.</summary>
    public const string ProbeCommand = "probe";

    private const int AllCaught = 0;
    private const int Holes = 1;
    private const int Unusable = 2;

    public static Task<int> Main(string[] arguments)
    {
        var seeds = new Option<int?>("--seeds")
        {
            Description = "The most seeds to try of each; otherwise as many as are stated for it.", HelpName = "N",
        };
        var only = new Option<string?>("--only") { Description = "Only those whose name contains one of these.", HelpName = "NAMES" };
        var from = new Argument<int>("FROM");
        var to = new Argument<int>("TO");
        var probe = new Command(ProbeCommand, "Runs seeds until one fails.") { from, to };
        probe.Hidden = true;
        probe.SetAction(parse => MutantProbe.Run((ulong)parse.GetValue(from), (ulong)parse.GetValue(to), Console.Out));
        var command = new Command(
            "mutants",
            "Takes one safeguard after the other out of the product and sees whether the simulation notices. Exit code 0: each is noticed "
            + "within its stated number of seeds, or survives for a stated reason; 1: one is not, or a seed fails with all safeguards in "
            + "place; 2: it cannot be run.")
        {
            seeds, only, probe, new HelpOption(),
        };
        command.SetAction((parse, cancel) => Run(parse.GetValue(seeds), parse.GetValue(only), cancel));
        return command.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
    }

    /// <summary>Makes, builds and runs mutants, one for each core at a time; the results in the order of the list.</summary>
    /// <param name="checkout">The root of the sources.</param>
    /// <param name="seeds">The most seeds for each; null: the number stated for it.</param>
    /// <param name="told">Called with each result.</param>
    /// <returns>The results, and how the program as it is failed with one of the seeds, or null.</returns>
    public static async Task<(IReadOnlyList<MutantResult> Results, Finding? Original)> Of(
        string checkout, IReadOnlyList<Mutant> mutants, int? seeds, Action<MutantResult> told, CancellationToken cancel)
    {
        foreach (var change in mutants.SelectMany(m => m.Changes))
            change.In(await File.ReadAllTextAsync(Path.Combine(checkout, change.File), cancel));
        await using var workshop = new MutantBuilder(checkout);
        await workshop.Build(cancel);
        var results = new MutantResult[mutants.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel };
        await Parallel.ForEachAsync(mutants.Index(), options, async (next, stop) =>
        {
            var took = Stopwatch.StartNew();
            try
            {
                var folder = await workshop.Build(next.Item, stop);
                var finding = await MutantBuilder.Try(folder, seeds ?? next.Item.Within, stop);
                results[next.Index] = new MutantResult(next.Item, finding, took.Elapsed);
            }
            catch (OutOfDateException problem)
            {
                results[next.Index] = new MutantResult(next.Item, null, took.Elapsed, problem.Message);
            }

            told(results[next.Index]);
        });
        var latest = results.Max(r => r.Finding?.Seed) ?? 1; // a seed that fails anyway has caught nothing
        return (results, await MutantBuilder.Try(workshop.Original, (int)latest, cancel));
    }

    private static async Task<int> Run(int? seeds, string? only, CancellationToken cancel)
    {
        var parts = only?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Mutant[] mutants = [.. MutantList.All.Where(
            m => parts is null || parts.Any(part => m.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))];
        if (mutants.Length == 0)
        {
            Console.Error.WriteLine(
                $"No mutant's name contains '{only}'. There are:\n  {string.Join("\n  ", MutantList.All.Select(m => m.Name))}");
            return Unusable;
        }

        try
        {
            var (results, original) = await Of(MutantBuilder.Checkout(), mutants, seeds, Tell, cancel);
            return Report(results, original);
        }
        catch (OutOfDateException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return Unusable;
        }
    }

    private static void Tell(MutantResult result)
    {
        var how = result.Finding is { } found ? $" by seed {found.Seed}, \"{found.Rule}\"" : "";
        Console.Error.WriteLine($"{result.Mutant.Name}: {Word(result)}{how} ({result.Took.TotalSeconds:0.0} s) {result.Problem}");
    }

    private static int Report(IReadOnlyList<MutantResult> results, Finding? original)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in (string[])["Without", "Seed", "Within", "Broken", "Seconds", ""]) table.AddColumn(column);
        foreach (var r in results)
            table.AddRow([.. new[]
            {
                r.Mutant.Removes, $"{r.Finding?.Seed}", $"{r.Mutant.Within}", r.Finding?.Rule ?? r.Mutant.Survives ?? "",
                $"{r.Took.TotalSeconds:0.0}", Word(r),
            }.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
        var survive = results.Count(r => !r.Caught && !r.Amiss);
        var rest = survive > 0 ? $"; {survive} more survive, as said" : "";
        Console.WriteLine($"{results.Count(r => r.Caught)} of {results.Count - survive} mutants caught{rest}.");
        if (original is not null)
            Console.WriteLine($"With all safeguards in place seed {original.Seed} fails too, \"{original.Rule}\": {original.Detail}");
        return results.Any(r => r.Amiss) || original is not null ? Holes : AllCaught;
    }

    private static string Word(MutantResult result) => result switch
    {
        { Caught: true } => "caught",
        { Problem: not null } => "OUT OF DATE",
        { Amiss: false } => "survives",
        { Finding: null } => "NOT CAUGHT",
        _ => "TOO LATE",
    };
}
