using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>The command line.</summary>
internal static class Program
{
    private const int Unusable = 2;

    private static readonly Option<string> Programs = new("--programs")
    {
        Description = "The folder with the built programs, one folder each.", HelpName = "DIR", Required = true,
    };

    private static readonly Option<string> Root = new("--root")
    {
        Description = "The repository, whose results these are (default: this folder).", HelpName = "DIR",
        DefaultValueFactory = _ => Directory.GetCurrentDirectory(),
    };

    private static readonly Option<bool> Quick = new("--quick") { Description = "Fewer and shorter rounds: some minutes in all." };

    private static readonly Option<int?> Rounds = new("--rounds")
    {
        Description = "How many rounds of each subject, 1 to 99.", HelpName = "N",
        CustomParser = r => int.TryParse(r.Tokens[0].Value, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 99
            ? n
            : Refused<int?>(r, $"--rounds is 1 to 99, not {r.Tokens[0].Value}."),
    };

    private static readonly Option<double?> Seconds = new("--seconds")
    {
        Description = "How long a round takes.", HelpName = "S",
        CustomParser = r => double.TryParse(r.Tokens[0].Value, CultureInfo.InvariantCulture, out var s) && s is > 0 and <= 3600
            ? s
            : Refused<double?>(r, $"--seconds is more than 0 and at most 3600, not {r.Tokens[0].Value}."),
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = $"The subjects that take part, of {string.Join(',', Subject.Names)}.", HelpName = "LIST",
        CustomParser = r =>
        {
            var (names, all) = (r.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries), string.Join(',', Subject.Names));
            return names.FirstOrDefault(n => !Subject.Names.Contains(n)) is { } unknown
                ? Refused<string[]>(r, $"--only takes names of {all}, separated by commas, and not '{unknown}'.")
                : names;
        },
    };

    private static readonly Option<string?> Out = new("--out") { Description = "The folder for the results.", HelpName = "DIR" };
    private static readonly Option<bool> Json = new("--json") { Description = "End with everything measured as one line of JSON." };

    private static readonly Option<string?> Compare = new("--compare")
    {
        Description = "A latest.json of before: each figure is shown with its ratio to what it was.", HelpName = "FILE",
    };

    private static readonly Argument<string[]> Sections = new("section")
    {
        Description = $"What to measure: {string.Join(", ", AllSections.InOrder.Select(s => s.Name))}. Nothing: all of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static async Task<int> Main(string[] args)
    {
        var parsed = Command().Parse(args);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("All about it: ./commerce bench --help");
        return Unusable;
    }

    /// <summary>The command with all that may be said to it.</summary>
    internal static Command Command()
    {
        var command = new Command("bench", "Measures what an order to cash costs here and elsewhere, side by side, and prints the ratios.")
        {
            Sections, Programs, Root, Quick, Rounds, Seconds, Only, Out, Compare, Json, new HelpOption(),
        };
        command.SetAction((parse, cancel) => new Measurement(Wanted(parse)).Run(cancel));
        return command;
    }

    /// <summary>What is to be done, as it was said.</summary>
    internal static Wishes Wanted(ParseResult parse)
    {
        var quick = parse.GetValue(Quick);
        var usual = quick ? Settings.InMinutes : Settings.Usual;
        var settings = usual with
        {
            Rounds = parse.GetValue(Rounds) ?? usual.Rounds,
            Time = parse.GetValue(Seconds) is { } given ? TimeSpan.FromSeconds(given) : usual.Time,
            Only = parse.GetValue(Only) ?? [],
        };
        var named = parse.GetValue(Sections) ?? [];
        var whole = named.Length == 0 && settings.Only.Count == 0 && !quick
            && settings.Rounds >= usual.Rounds && settings.Time >= usual.Time;
        return new Wishes(
            [.. AllSections.InOrder.Where(s => named.Length == 0 || named.Contains(s.Name))], settings, parse.GetValue(Programs)!,
            Path.GetFullPath(parse.GetValue(Root)!), whole, parse.GetValue(Out), parse.GetValue(Compare), parse.GetValue(Json));
    }

    private static T? Refused<T>(ArgumentResult result, string why)
    {
        result.AddError(why);
        return default;
    }

    static Program()
    {
        Sections.AcceptOnlyFromAmong([.. AllSections.InOrder.Select(s => s.Name)]);
        Out.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<string?>() is { } folder && File.Exists(folder))
                r.AddError($"--out is a folder, and '{folder}' is a file.");
        });
        Compare.Validators.Add(r =>
        {
            try
            {
                if (r.GetValueOrDefault<string?>() is { } file) Results.Read(file);
            }
            catch (BenchException problem)
            {
                r.AddError($"--compare: {problem.Message}");
            }
        });
    }
}
