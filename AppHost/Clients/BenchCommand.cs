using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce bench</c>: the Bench program with this command's arguments, and what it measures.</summary>
internal static class BenchCommand
{
    private static readonly string[] Programs = ["bench/Plain", "bench/Naive", "bench/Marten", "bench/Micro", "bench/Bench"];

    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen, IReadOnlyList<string> arguments)
    {
        var verb = new CliCommand("bench", "Measures what an order to cash costs here and elsewhere, side by side, and prints the ratios.")
        {
            Remarks =
            [
                "orders: the single process, the cluster, a service written by hand (plain), Orleans as most begin with it (naive),",
                "event sourcing with Marten and Wolverine (marten) and PostgreSQL alone (limit), on one private, durable PostgreSQL, in",
                "turns. An order has three lines and is held, authorized, confirmed, shipped and captured, every step durable before it",
                "is answered; limit only writes its rows, with pgbench.",
                "growth: how cost grows with orders, products, lines and silos. reads: lists and reports among many orders.",
                "lag: how old an event is when a subscriber has it. start: from built programs to ready. micro: the parts of an order.",
                "Without pgbench beside PostgreSQL's other programs there is no limit.",
                "Seconds of a shared machine mean little; ratios of one run do. A whole run writes bench/results/, what is less",
                "artifacts/bench/, and the end tells which files.",
                "Exit code 0: measured; 1: an order failed; 2: not understood; 130: stopped.",
            ],
            Examples =
            [
                ("./commerce bench --quick", "before and after a change"), ("./commerce bench", "everything, with more and longer rounds"),
                ("./commerce bench orders --only single,plain", "these two"),
                ("./commerce bench --quick --compare before.json", "each figure, what it was, and the ratio"),
                ("./commerce bench --rounds 9 --seconds 30 --json", "the last line is everything measured, as JSON"),
            ],
        };
        verb.Add(new Argument<string[]>("section")
        {
            Description = "what to measure (default: everything)", Arity = ArgumentArity.ZeroOrMore,
        });
        verb.Add(new Option<bool>("--quick") { Description = "fewer and shorter rounds of fewer systems: some minutes in all" });
        verb.Add(new Option<string?>("--rounds") { HelpName = "N", Description = "how many rounds of each (default: 5, quick: 2)" });
        verb.Add(new Option<string?>("--seconds") { HelpName = "S", Description = "how long a round takes (default: 20, quick: 2)" });
        verb.Add(new Option<string?>("--only")
        {
            HelpName = "LIST", Description = "the only subjects that take part, of single,cluster,plain,naive,marten,limit",
        });
        verb.Add(new Option<string?>("--out")
        {
            HelpName = "DIR", Description = "where results go (default: bench/results, artifacts/bench for less than a whole run)",
        });
        verb.Add(new Option<string?>("--compare") { HelpName = "FILE", Description = "a latest.json of before, to compare with" });
        verb.Add(new Option<bool>("--json") { Description = "end with everything measured as one line of JSON" });
        verb.SetAction(_ => ClientProgram.Become(
            Programs, folder => ["--programs", folder, "--root", workspace.Root, .. arguments], workspace, screen));
        return verb;
    }
}
