using System.Collections.Concurrent;
using System.CommandLine;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

/// <summary>Every option and argument that is declared, given as it cannot be meant. A new one is covered by itself.</summary>
public sealed class OptionTests : IDisposable
{
    private const int AtOnce = 4;
    private const int MostLines = 6;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Checkout _checkout = new();

    private string File => Path.Combine(_checkout.Temporary, "a-file");

    private string[] Values =>
    [
        "", " ", "-1", "0", "nonsense", "99999999999999999999", "/dev/null/below-a-file", File, $"{File}/below", "http://", "1e400",
        new string('x', 5_000),
    ];

    /// <summary>
    /// Of a checkout without any sources: what is not refused for its value fails for want of something to build, and nothing is started.
    /// </summary>
    [Fact]
    public async Task No_value_of_any_option_ends_in_a_stack_trace_and_each_refusal_is_short()
    {
        await System.IO.File.WriteAllTextAsync(File, "not a folder");
        Assert.Equal(0, (await _checkout.Run("help")).Exit); // which builds it, if need be
        var program = Path.Combine(Checkout.Root, "AppHost/bin/command/Commerce.AppHost.dll");
        var empty = Directory.CreateDirectory(Path.Combine(_checkout.Temporary, "empty")).FullName;
        var environment = new Dictionary<string, string?> { ["COMMERCE_ROOT"] = empty };
        await Try(
            Lines(_ => true, Values).ToList(),
            line => RunningProgram.StartCommand("dotnet", [program, .. line], _checkout.Temporary, environment));
    }

    /// <summary>Commands whose values are read by programs of their own. Another option keeps each from beginning in earnest.</summary>
    [Fact]
    public async Task No_value_of_any_option_makes_a_program_behind_a_command_end_in_a_stack_trace()
    {
        await System.IO.File.WriteAllTextAsync(File, "not a folder");
        string[] values = ["-1", "nonsense", "99999999999999999999", $"{File}/below"];
        var lines = Harmless.SelectMany(h => Lines(c => c == h.Command, values).Select(line => (string[])[.. line, .. h.Besides(line)]));
        await Try(lines.ToList(), line => _checkout.Start(line));
    }

    public void Dispose() => _checkout.Dispose();

    private static IReadOnlyList<(string Command, Func<string[], string[]> Besides)> Harmless { get; } =
    [
        ("replay", line => line.Contains("--gateway") ? ["/nowhere/orders.csv"] : ["--gateway", "http://127.0.0.1:1"]),
        ("simulate", line => line.Contains("--hours") ? ["--shoppers", "0"] : ["--hours", "0"]),
        ("bench", line => line.Contains("--rounds") ? ["--seconds", "0"] : ["--rounds", "0"]),
        ("mutants", line => line.Contains("--only") ? ["--seeds", "0"] : ["--only", "no such mutant"]),
    ];

    /// <summary>Each option and argument of the commands: with each value, without one, and twice.</summary>
    private static IEnumerable<string[]> Lines(Func<string, bool> takes, IReadOnlyList<string> values) =>
        from command in CommandLine.Commands(new Workspace("/nowhere"), new Terminal(), []).Subcommands
        where takes(command.Name)
        from given in command.Options.Select(o => (string[])[o.Name]).Concat(command.Arguments.Select(_ => Array.Empty<string>()))
        from words in values.Select(v => (string[])[.. given, v]).Append(given).Append([.. given, "1", .. given, "1"])
        select (string[])[command.Name, .. words];

    private static async Task Try(IReadOnlyList<string[]> lines, Func<string[], RunningProgram> start)
    {
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(lines, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (line, _) =>
        {
            await using var running = start(line);
            var shown = string.Join(' ', line.Select(w => $"'{(w.Length > 40 ? w[..40] + "…" : w)}'"));
            try
            {
                var exit = await running.Exit().WaitAsync(Longest);
                if (Fault(exit, running) is { } fault) wrong.Enqueue($"{shown}: {fault}\n{running.Output}");
            }
            catch (TimeoutException)
            {
                wrong.Enqueue($"{shown}: it went on.\n{running.Output}");
            }
        });
        Assert.True(lines.Count > 20, $"Only {lines.Count} lines were tried.");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {lines.Count}:\n{string.Join('\n', wrong)}");
    }

    private static string? Fault(int exit, RunningProgram ended)
    {
        var words = ended.Errors.Trim().Split('\n');
        return exit is < 0 or > 2 ? $"exit code {exit}"
            : ended.Output.Contains("   at ", StringComparison.Ordinal) ? "a stack trace"
            : exit > 0 && words is [""] ? "not a word"
            : exit > 0 && words.Length > MostLines ? $"{words.Length} lines"
            : null;
    }
}
