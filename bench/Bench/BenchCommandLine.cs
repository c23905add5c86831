using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Commerce.Bench;

/// <summary>The command line. <c>./commerce bench</c> adds the folders.</summary>
internal static class BenchCommandLine
{
    public const int Misunderstood = 2;

    private static readonly string Systems = string.Join(',', SystemUnderTest.Names);

    private static readonly Option<string> Programs = new("--programs")
    {
        Description = "The folder with the built programs, one folder each.", HelpName = "DIR", Required = true,
    };

    private static readonly Option<string> Root = new("--root")
    {
        Description = "The checkout (default: this folder).", HelpName = "DIR",
        DefaultValueFactory = _ => Directory.GetCurrentDirectory(),
    };

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Fewer and shorter rounds of fewer systems: some minutes in all.",
    };

    private static readonly Option<int?> Rounds = new("--rounds")
    {
        Description = "How many rounds of each system, 1 to 99.", HelpName = "N",
    };

    private static readonly Option<double?> Seconds = new("--seconds") { Description = "How long a round takes.", HelpName = "S" };

    private static readonly Option<string> Only = new("--only")
    {
        Description = $"The systems that take part, of {Systems}, separated by commas.", HelpName = "LIST",
    };

    private static readonly Option<string?> Out = new("--out") { Description = "The folder for the results.", HelpName = "DIR" };
    private static readonly Option<bool> Json = new("--json") { Description = "End with the results as one line of JSON." };

    private static readonly Option<string?> Compare = new("--compare")
    {
        Description = "A latest.json of an earlier run: each figure is shown with its ratio to the earlier one.", HelpName = "FILE",
    };

    private static readonly Argument<string[]> Named = new("section")
    {
        Description = $"What to measure: {string.Join(", ", Sections.All.Select(s => s.Name))}. None: all of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static BenchCommandLine()
    {
        var sections = Sections.All.Select(s => s.Name).ToList();
        Named.Validators.Add(result =>
        {
            if (result.Tokens.Select(t => t.Value).Except(sections).FirstOrDefault() is { } unknown)
                result.AddError($"'{unknown}' is not a section. There are: {string.Join(", ", sections)}.");
        });
        Refuse(Rounds, text => int.TryParse(text, out var n) && n is >= 1 and <= 99 ? null : $"--rounds is 1 to 99, not {text}.");
        Refuse(Seconds, text => double.TryParse(text, out var n) && n is > 0 and <= 3600
            ? null
            : $"--seconds is more than 0 and at most 3600, not {text}.");
        Refuse(Only, list => Names(list).Except(SystemUnderTest.Names).FirstOrDefault() is { } unknown
            ? $"--only takes names of {Systems}, separated by commas, and not '{unknown}'."
            : null);
        Refuse(Out, CannotHold);
        Refuse(Compare, file =>
        {
            try
            {
                BenchResults.Read(file);
                return null;
            }
            catch (BenchException problem)
            {
                return $"--compare: {problem.Message}";
            }
        });
    }

    public static Command Create()
    {
        var command = new Command("bench", "Measures what an order to cash costs here and elsewhere, side by side, and prints the ratios.")
        {
            Named, Programs, Root, Quick, Rounds, Seconds, Only, Out, Compare, Json, new HelpOption(),
        };
        command.SetAction((parse, cancel) => new BenchRun(Options(parse)).Run(cancel));
        return command;
    }

    internal static BenchOptions Options(ParseResult parse)
    {
        var usual = parse.GetValue(Quick) ? BenchOptions.Short : BenchOptions.Full;
        var named = parse.GetValue(Named) ?? [];
        return usual with
        {
            Rounds = parse.GetValue(Rounds) ?? usual.Rounds,
            Seconds = parse.GetValue(Seconds) ?? usual.Seconds,
            Only = Names(parse.GetValue(Only)),
            Sections = [.. Sections.All.Where(s => named.Length == 0 || named.Contains(s.Name))],
            Programs = parse.GetValue(Programs)!,
            Root = Path.GetFullPath(parse.GetValue(Root)!),
            Out = parse.GetValue(Out),
            Compare = parse.GetValue(Compare),
            Json = parse.GetValue(Json),
        };
    }

    /// <summary>Why results cannot go to a folder, before they are measured for an hour; null when they can.</summary>
    private static string? CannotHold(string folder)
    {
        if (File.Exists(folder)) return $"--out is a folder, and '{folder}' is a file.";
        try
        {
            Directory.CreateDirectory(folder);
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"--out: the folder '{folder}' cannot be made: {problem.Message}";
        }
    }

    private static IReadOnlyList<string> Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static void Refuse(Option option, Func<string, string?> why) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var given] && why(given.Value) is { } problem) result.AddError(problem);
    });
}
