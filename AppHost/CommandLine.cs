using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>From what was typed to what is done.</summary>
internal static class CommandLine
{
    private const int Misunderstood = 2;
    private const int Interrupted = 130;

    /// <summary>Does what the arguments say. The exit code: 0 done, 1 failed, 2 not understood, 130 stopped by a signal.</summary>
    public static async Task<int> Run(IReadOnlyList<string> args, Workspace workspace, Terminal screen)
    {
        var root = Commands(workspace, screen, args);
        var parsed = Parse(root, args.Count == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction complaint) return Explain(parsed, complaint);

        try
        {
            // Each command handles signals itself: "up" has a lot to stop before it ends.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception problem) when (
            problem is CommandFailedException or LocalPostgresException or IOException or UnauthorizedAccessException)
        {
            screen.Problem(problem.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            screen.Problem("stopped");
            return Interrupted;
        }
    }

    /// <summary>Every command that there is.</summary>
    public static Command Commands(Workspace workspace, Terminal screen, IReadOnlyList<string> args)
    {
        var root = new Command(
            "commerce", "Commerce on Orleans: an order-to-cash backend. This command builds, starts and tests it on one machine.");
        root.Add(UpCommand.Create(workspace, screen));
        root.Add(StatusCommand.Create(workspace, screen));
        root.Add(TokenCommand.Create(workspace, screen));
        root.Add(MigrateCommand.Create(workspace, screen));
        root.Add(VerifyCommand.Create(workspace, screen));
        root.Add(RollCommand.Create(workspace, screen));
        root.Add(TestCommand.Create(workspace, screen));
        root.Add(ReplayCommand.Create(workspace, screen));
        root.Add(BenchCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(RebuildCommand.Create(workspace, screen));
        root.Add(SimulateCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(MutantsCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(HelpCommand(root));
        root.Add(Help.Option());
        foreach (var command in root.Subcommands)
        {
            command.Validators.Add(RefuseMistypedOptions);
            Values.NotEmpty(command);
        }

        return root;
    }

    private static ParseResult Parse(Command root, IReadOnlyList<string> args) =>
        root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>What was not understood, and what was likely meant.</summary>
    private static int Explain(ParseResult parsed, ParseErrorAction complaint)
    {
        complaint.ShowHelp = false;
        // The framework offers what is three letters away from a word; -h is that from every short one.
        foreach (var symbol in parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options).OfType<HelpOption>())
            symbol.Hidden = true;
        parsed.Invoke(new InvocationConfiguration { Output = Console.Error });
        Console.Error.WriteLine(parsed.CommandResult.Command is CliCommand command
            ? $"All about it: ./commerce {command.Name} --help"
            : "All commands: ./commerce --help");
        return Misunderstood;
    }

    // The framework takes a mistyped option for an argument's value.
    private static void RefuseMistypedOptions(CommandResult result)
    {
        var values = result.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value);
        foreach (var option in values.Where(v => v.StartsWith('-')))
            result.AddError($"'{option}' is not an option of {result.Command.Name}.");
    }

    private static CliCommand HelpCommand(Command root)
    {
        var about = new Argument<string?>("COMMAND")
        {
            HelpName = "COMMAND", Description = "the command to explain; all of them when left out", Arity = ArgumentArity.ZeroOrOne,
        };
        var help = new CliCommand("help", "Explains the commands.")
        {
            Examples = [("./commerce help", "all commands"), ("./commerce help up", "one command, the same as ./commerce up --help")],
        };
        about.Validators.Add(given =>
        {
            var names = root.Subcommands.Select(c => c.Name).ToList();
            if (given.Tokens is [var word] && !names.Contains(word.Value))
                given.AddError($"There is no command '{word.Value}'. There are: {string.Join(", ", names)}.");
        });
        help.Add(about);
        help.SetAction(parsed => Parse(root, parsed.GetValue(about) is { } name ? [name, "--help"] : ["--help"]).Invoke());
        return help;
    }
}
