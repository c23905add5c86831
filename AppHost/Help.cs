using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Commerce.AppHost;

/// <summary>The framework's help, and below it what to know besides and lines to copy.</summary>
internal sealed class Help : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    public override bool ClearsParseErrors => true;

    /// <summary>The option <c>--help</c>, which every command has.</summary>
    public static HelpOption Option() => new("--help", "-h", "-?") { Action = new Help() };

    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not CliCommand command) return 0;
        var output = parseResult.InvocationConfiguration.Output;
        foreach (var remark in command.Remarks) output.WriteLine(remark);
        output.WriteLine("\nExamples:");
        var width = command.Examples.Max(e => e.Line.Length);
        foreach (var (line, meaning) in command.Examples) output.WriteLine($"  {line.PadRight(width)}  {meaning}");
        return 0;
    }
}
