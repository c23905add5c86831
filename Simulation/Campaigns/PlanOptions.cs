using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Commerce.Simulation;

/// <summary>A plan as command-line options: makes a plan from them, and writes a plan as options that it can read.</summary>
internal sealed partial class PlanOptions
{
    /// <summary>More shoppers, or more hours, would meet the limit of turns that a run has.</summary>
    public const int MostShoppers = 400;

    public const double MostHours = 12;

    private static readonly IReadOnlyDictionary<string, FaultKind> Faults = Enum.GetValues<FaultKind>().ToDictionary(Name);

    /// <summary>The seed of one run.</summary>
    public Option<ulong?> Seed { get; } = new("--seed")
    {
        Description = "Simulate this one run.", HelpName = "S", CustomParser = r => ParseSeed(r),
    };

    private readonly Option<int?> _shoppers = new("--shoppers")
    {
        Description = $"How many orders are placed, or tried, in a run (default: {RunPlan.UsualShoppers}).", HelpName = "N",
        CustomParser = r => Parse<int>(r, int.TryParse, n => n is >= 1 and <= MostShoppers, $"a whole number from 1 to {MostShoppers}"),
    };

    private readonly Option<IReadOnlyList<int>?> _only = new("--only")
    {
        Description = "The only shoppers who come: 3,17 or 1-20.", HelpName = "LIST", CustomParser = ParseOnly,
    };

    private readonly Option<IReadOnlyList<FaultKind>?> _without = new("--without")
    {
        Description = "Kinds of fault that do not happen, by name: crash,append-late.", HelpName = "FAULTS", CustomParser = ParseWithout,
    };

    private readonly Option<double?> _hours = new("--hours")
    {
        Description = $"For how many simulated hours things go wrong (default: {RunPlan.UsualHours}).", HelpName = "H",
        CustomParser = r => Parse<double>(r, ParseNumber, h => h is > 0 and <= MostHours, $"a number above 0 and up to {MostHours}"),
    };

    /// <summary>Makes a command understand them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Seed, _only, _without, _hours, _shoppers }) command.Add(option);
    }

    /// <summary>What is wrong with what was typed.</summary>
    public IReadOnlyList<string> Problems(ParseResult parsed)
    {
        if (parsed.Errors.Count > 0) return [.. parsed.Errors.Select(e => e.Message).Distinct()];
        var plan = Of(parsed, 0);
        var last = plan.Only?.DefaultIfEmpty().Max() ?? 0;
        return last > plan.Shoppers ? [$"--only {last}: the shoppers are 1 to {plan.Shoppers}; for more, give --shoppers."] : [];
    }

    /// <summary>The plan for that seed.</summary>
    public RunPlan Of(ParseResult parsed, ulong seed) => new(
        seed, parsed.GetValue(_shoppers) ?? RunPlan.UsualShoppers, parsed.GetValue(_without), parsed.GetValue(_only),
        parsed.GetValue(_hours) ?? RunPlan.UsualHours);

    /// <summary>A plan as options; what is as usual is left out.</summary>
    public static string Words(RunPlan plan)
    {
        var words = new List<string> { $"--seed {plan.Seed}" };
        if (plan.Shoppers != RunPlan.UsualShoppers) words.Add($"--shoppers {plan.Shoppers}");
        if (plan.Only is { } only) words.Add($"--only {(only.Count == 0 ? "none" : string.Join(',', Ranges(only)))}");
        if (plan.Without is { Count: > 0 } without) words.Add($"--without {string.Join(',', without.Order().Select(Name))}");
        if (plan.Hours != RunPlan.UsualHours) words.Add($"--hours {plan.Hours.ToString(CultureInfo.InvariantCulture)}");
        return string.Join(' ', words);
    }

    /// <summary>The command that runs a plan once more.</summary>
    public static string CommandFor(RunPlan plan) => $"./commerce simulate {Words(plan)}";

    /// <summary>A kind of fault as it is typed: <c>append-late</c>.</summary>
    public static string Name(FaultKind fault) => Humps().Replace(fault.ToString(), "-$1").ToLowerInvariant();

    /// <summary>Parses an option's value, or says what it takes.</summary>
    public static T? Parse<T>(ArgumentResult result, TryParse<T> parse, Func<T, bool> allowed, string takes)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (parse(text, CultureInfo.InvariantCulture, out var value) && allowed(value!)) return value;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes {takes}, not '{text}'.");
        return default;
    }

    /// <summary>A number such as 0.5.</summary>
    public static bool ParseNumber(string text, IFormatProvider format, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, format, out number);

    private static ulong? ParseSeed(ArgumentResult result) =>
        Parse<ulong>(result, ulong.TryParse, _ => true, $"a whole number from 0 to {ulong.MaxValue}");

    private static IReadOnlyList<int>? ParseOnly(ArgumentResult result) => Parse<IReadOnlyList<int>>(
        result, ParseList, _ => true, $"numbers of shoppers such as 3,17 or 1-20, each from 1 to {MostShoppers}, or none");

    private static IReadOnlyList<FaultKind>? ParseWithout(ArgumentResult result)
    {
        var faults = new SortedSet<FaultKind>();
        foreach (var name in result.Tokens.SelectMany(t => t.Value.Split(',')))
        {
            if (Faults.TryGetValue(name, out var fault)) faults.Add(fault);
            else result.AddError($"--without '{name}' is no kind of fault. There are: {string.Join(", ", Faults.Keys)}.");
        }

        return [.. faults];
    }

    private static bool ParseList(string text, IFormatProvider format, out IReadOnlyList<int> list)
    {
        var numbers = new SortedSet<int>();
        var understood = true;
        foreach (var part in text == "none" ? [] : text.Split(','))
        {
            var ends = part.Split('-');
            understood &= ends.Length <= 2 & int.TryParse(ends[0], NumberStyles.None, format, out var first)
                & int.TryParse(ends[^1], NumberStyles.None, format, out var last) && first >= 1 && first <= last && last <= MostShoppers;
            if (understood) numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        list = [.. numbers];
        return understood;
    }

    private static IEnumerable<string> Ranges(IEnumerable<int> numbers)
    {
        var sorted = numbers.Order().ToList();
        for (int from = 0, to; from < sorted.Count; from = to + 1)
        {
            to = from;
            while (to + 1 < sorted.Count && sorted[to + 1] == sorted[to] + 1) to++;
            yield return from == to ? $"{sorted[from]}" : $"{sorted[from]}-{sorted[to]}";
        }
    }

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Humps();

    /// <summary>As the number types parse.</summary>
    public delegate bool TryParse<T>(string text, IFormatProvider format, out T value);
}
