using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce simulate</c>: the Simulation program with this command's arguments.</summary>
internal static class SimulateCommand
{
    /// <summary>The command as it is typed.</summary>
    public static Verb Create(Workspace workspace, Screen screen, IReadOnlyList<string> arguments)
    {
        var verb = new Verb("simulate", "Runs the business where everything goes wrong on purpose, and holds it to its promises.")
        {
            Remarks =
            [
                "Everything is drawn from a seed: the same seed gives the same run, event by event. Without options: the list of those",
                "that failed once (Simulation/seeds.txt), then seeds 1 to 1000. A run that fails is shrunk, and shown with the command",
                "that replays it.",
                "Exit code 0: no run failed; 1: one did; 2: not understood; 130: stopped.",
            ],
            Examples =
            [
                ("./commerce simulate", "what ./commerce test runs too"),
                ("./commerce simulate --minutes 10", "fresh seeds, on all cores"),
                ("./commerce simulate --seeds 1-20", "these; --seeds 17-17 shrinks one that failed"),
                ("./commerce simulate --seed 17 --trace", "one run, every event"),
                ("./commerce simulate --seed 17 --only 3 --without crash,append-late --hours 0.5", "as it was shrunk"),
            ],
        };
        foreach (var (name, value, description) in Valued)
            verb.Add(new Option<string?>(name) { HelpName = value, Description = description });
        foreach (var (name, description) in Switches) verb.Add(new Option<bool>(name) { Description = description });
        verb.SetAction(_ => ClientProgram.Become("Simulation", arguments, workspace, screen));
        return verb;
    }

    private static readonly IReadOnlyList<(string Name, string Value, string Description)> Valued =
    [
        ("--minutes", "N", "fresh seeds for so long, after the list of those that failed once"),
        ("--seeds", "A-B", "the runs of these seeds"),
        ("--seed", "S", "this one run; the last events around a violation are shown"),
        ("--only", "LIST", "the only shoppers who come: 3,17 or 1-20"),
        ("--without", "FAULTS", "kinds of fault that do not happen: crash,append-late"),
        ("--hours", "H", "for how many simulated hours things go wrong (default: 1)"),
        ("--shoppers", "N", "how many orders are placed, or tried, in a run (default: 200)"),
    ];

    private static readonly IReadOnlyList<(string Name, string Description)> Switches =
    [
        ("--trace", "with --seed: print every event"),
        ("--keep-going", "do not end with the first run that fails"),
        ("--no-shrink", "do not look for a shorter run that fails alike"),
        ("--json", "end with the result as one line of JSON"),
    ];
}
