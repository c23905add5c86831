using System.CommandLine;
using System.CommandLine.Help;
using System.Text.Json;
using Commerce.Bench.Sections;
using Commerce.LocalPostgres;
using Spectre.Console;

namespace Commerce.Bench;

/// <summary>The command line.</summary>
internal static class Program
{
    private const int Measured = 0;
    private const int Failed = 1;
    private const int Unusable = 2;
    private const int Stopped = 130;

    public static async Task<int> Main(string[] args)
    {
        var parsed = Command().Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return parsed.Errors.Count > 0 ? Unusable : code;
    }

    private static Command Command()
    {
        var programs = new Option<string>("--programs")
        {
            Description = "The folder with the built programs, one folder each.", HelpName = "DIR", Required = true,
        };
        var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds: some minutes in all." };
        var rounds = new Option<int?>("--rounds") { Description = "How many rounds of each subject, 1 to 99.", HelpName = "N" };
        var seconds = new Option<double?>("--seconds") { Description = "How long a round takes.", HelpName = "S" };
        var only = new Option<string?>("--only")
        {
            Description = "The subjects that take part, of single,cluster,plain,naive,limit.", HelpName = "LIST",
        };
        var json = new Option<bool>("--json") { Description = "End with everything measured as one line of JSON." };
        var sections = new Argument<string[]>("section")
        {
            Description = $"What to measure: {string.Join(", ", AllSections.InOrder.Select(s => s.Name))}. Nothing: all of them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        sections.AcceptOnlyFromAmong([.. AllSections.InOrder.Select(s => s.Name)]);
        rounds.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() is < 1 or > 99) r.AddError($"--rounds is 1 to 99, not {r.GetValueOrDefault<int?>()}.");
        });
        seconds.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<double?>() is <= 0 or > 3600 or double.NaN)
                r.AddError($"--seconds is more than 0 and at most 3600, not {r.GetValueOrDefault<double?>()}.");
        });
        var command = new Command("bench", "Measures what an order to cash costs here and elsewhere, side by side, and prints the ratios.")
        {
            sections, programs, quick, rounds, seconds, only, json, new HelpOption(),
        };
        command.SetAction((parse, cancel) =>
        {
            var usual = parse.GetValue(quick) ? Settings.InMinutes : Settings.Usual;
            var settings = usual with
            {
                Rounds = parse.GetValue(rounds) ?? usual.Rounds,
                Time = parse.GetValue(seconds) is { } given ? TimeSpan.FromSeconds(given) : usual.Time,
                Only = parse.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            };
            var wanted = parse.GetValue(sections) is { Length: > 0 } named ? named : [.. AllSections.InOrder.Select(s => s.Name)];
            return Run(new Workbench(parse.GetValue(programs)!, settings, Console.Error.WriteLine), wanted, parse.GetValue(json), cancel);
        });
        return command;
    }

    private static async Task<int> Run(Workbench bench, IReadOnlyList<string> wanted, bool json, CancellationToken cancel)
    {
        try
        {
            var all = new Dictionary<string, Findings>();
            foreach (var section in AllSections.InOrder.Where(s => wanted.Contains(s.Name)))
            {
                all[section.Name] = await section.Measure(bench, cancel);
                Screen.Print(AnsiConsole.Console, all[section.Name]);
            }

            if (json) Console.WriteLine(JsonSerializer.Serialize(all.ToDictionary(f => f.Key, f => f.Value.Raw)));
            return all.Values.Any(f => f.Problem is not null) ? Failed : Measured;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was measured to the end.");
            return Stopped;
        }
        catch (Exception problem) when (problem is BenchException or LocalPostgresException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return Failed;
        }
    }
}
