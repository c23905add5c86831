using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace Commerce.AppHost;

/// <summary>Help made from what the commands declare, so that it cannot fall behind them.</summary>
internal static class Help
{
    /// <summary>All that there is to say.</summary>
    public static string All(Command root)
    {
        var text = new StringBuilder();
        text.AppendLine(root.Description).AppendLine();
        text.AppendLine("usage: ./commerce COMMAND [options]").AppendLine();
        Rows(text, "commands:", Verbs(root).Select(v => (v.Name, v.Description ?? "")));
        foreach (var verb in Verbs(root)) text.AppendLine().Append(Of(verb));
        return text.ToString();
    }

    /// <summary>All that there is to say about one command.</summary>
    public static string Of(CliCommand verb)
    {
        var text = new StringBuilder();
        text.AppendLine(Usage(verb));
        text.AppendLine($"  {verb.Description}");
        foreach (var remark in verb.Remarks) text.AppendLine($"  {remark}");
        Rows(text, "  arguments:", verb.Arguments.Select(a => (Shown(a), a.Description ?? "")));
        Rows(text, "  options:", verb.Options.Select(o => (Shown(o), o.Description ?? "")));
        Rows(text, "  examples:", verb.Examples);
        return text.ToString();
    }

    /// <summary>The line that shows how a command is written.</summary>
    public static string Usage(CliCommand verb) =>
        string.Join(' ', [$"./commerce {verb.Name}", .. verb.Arguments.Select(Shown), .. verb.Options.Select(o => $"[{Shown(o)}]")]);

    /// <summary>The option <c>--help</c>, which every command has.</summary>
    public static HelpOption Option(Command root) => new("--help", "-h", "-?") { Action = new Show(root) };

    private static IEnumerable<CliCommand> Verbs(Command root) => root.Subcommands.OfType<CliCommand>();

    private static string Shown(Argument argument) => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name;

    private static string Shown(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    private static void Rows(StringBuilder text, string heading, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        var width = all.Max(r => r.Left.Length);
        var indent = new string(' ', heading.Length - heading.TrimStart().Length + 2);
        text.AppendLine(heading);
        foreach (var (left, right) in all) text.AppendLine($"{indent}{left.PadRight(width)}  {right}");
    }

    private sealed class Show(Command root) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult result)
        {
            Console.Out.Write(result.CommandResult.Command is CliCommand verb ? Of(verb) : All(root));
            return 0;
        }
    }
}
