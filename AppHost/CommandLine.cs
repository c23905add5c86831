using System.CommandLine;
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
        if (args.Count == 0)
        {
            Console.Out.Write(Help.All(root));
            return 0;
        }

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if ((parsed.Errors.Count > 0 || Stray(parsed) is not null) && parsed.Action is not { ClearsParseErrors: true })
        {
            screen.Problem(Complaint(parsed));
            return Misunderstood;
        }

        try
        {
            // Each command handles signals itself: "up" has a lot to stop before it ends.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception problem) when (problem is CommandFailedException or LocalPostgresException or IOException or UnauthorizedAccessException)
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
        root.Add(RollCommand.Create(workspace, screen));
        root.Add(TestCommand.Create(workspace, screen));
        root.Add(ReplayCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(BenchCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(RebuildCommand.Create(screen));
        root.Add(SimulateCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(MutantsCommand.Create(workspace, screen, [.. args.Skip(1)]));
        root.Add(HelpCommand(root, screen));
        root.Add(Help.Option(root));
        return root;
    }

    private static CliCommand HelpCommand(Command root, Terminal screen)
    {
        var about = new Argument<string?>("COMMAND")
        {
            Description = "the command to explain; all of them when left out", Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new CliCommand("help", "Explains the commands.")
        {
            Examples = [("./commerce help", "everything"), ("./commerce help up", "one command, the same as ./commerce up --help")],
        };
        verb.Add(about);
        verb.SetAction(parsed =>
        {
            var name = parsed.GetValue(about);
            var known = root.Subcommands.OfType<CliCommand>().ToDictionary(v => v.Name);
            if (name is not null && !known.ContainsKey(name))
            {
                screen.Problem(UnknownCommand(name, known.Keys));
                return Misunderstood;
            }

            Console.Out.Write(name is null ? Help.All(root) : Help.Of(known[name]));
            return 0;
        });
        return verb;
    }

    private static string Complaint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var verb = command as CliCommand;
        var stray = Stray(parsed);
        var more = verb is null ? "All commands: ./commerce help" : $"All about it: ./commerce {verb.Name} --help";
        if (stray is null) return $"{parsed.Errors[0].Message}\n{more}";

        var word = stray.Split('=')[0];
        if (verb is null && !stray.StartsWith('-')) return UnknownCommand(stray, command.Subcommands.Select(c => c.Name));
        if (!stray.StartsWith('-')) return $"'{stray}' is one word too many: {Help.Usage(verb!)}\n{more}";
        var options = command.Options.Select(o => o.Name).Append("--help");
        var place = verb is null ? "" : $" of {verb.Name}";
        return $"'{word}' is not an option{place}. Did you mean '{Nearest.To(word, options)}'?\n{more}";
    }

    /// <summary>The first word that has no place; a mistyped option does not count as an argument's value.</summary>
    private static string? Stray(ParseResult parsed) => parsed.CommandResult.Command.Arguments
        .SelectMany(a => parsed.GetResult(a)?.Tokens ?? []).Select(t => t.Value).Where(v => v.StartsWith('-'))
        .Concat(parsed.UnmatchedTokens).FirstOrDefault();

    private static string UnknownCommand(string name, IEnumerable<string> known) =>
        $"'{name}' is not a command. Did you mean './commerce {Nearest.To(name, known)}'?\nAll commands: ./commerce help";
}
