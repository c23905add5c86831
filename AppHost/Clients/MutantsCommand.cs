using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce mutants</c>: the Mutants program with this command's arguments.</summary>
internal static class MutantsCommand
{
    private const int MostSeeds = 1_000_000;

    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen, IReadOnlyList<string> arguments)
    {
        var verb = new CliCommand("mutants", "Takes safeguards out of the product, one at a time, and shows which simulated run notices.")
        {
            Remarks =
            [
                "It is the test of the simulation. The sources are copied; the checkout is only read. All of them take half an hour.",
                "Exit code 0: each is noticed within its stated number of seeds; 1: one is not; 2: it cannot be run.",
            ],
            Examples =
            [
                ("./commerce mutants", "all"), ("./commerce mutants --only stock/,flow/order", "those whose name contains one of these"),
            ],
        };
        verb.Add(new Option<string?>("--only")
        {
            HelpName = "NAMES", Description = "only those whose name contains one of these, separated by commas",
        });
        verb.Add(new Option<int?>("--seeds")
        {
            HelpName = "N", Description = "the most seeds to try of each",
            CustomParser = given => Values.Number(given, 1, MostSeeds, "--seeds is not '{0}'"),
        });
        verb.SetAction(_ => ClientProgram.Become("tests/Mutants", arguments, workspace, screen));
        return verb;
    }
}
