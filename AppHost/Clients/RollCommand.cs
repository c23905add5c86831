namespace Commerce.AppHost;

/// <summary><c>./commerce roll</c>: restarts every silo, one by one, while the cluster serves.</summary>
internal static class RollCommand
{
    /// <summary>The word that the running <c>up</c> understands.</summary>
    public const string Word = "roll";

    /// <summary>The command as it is typed.</summary>
    public static Verb Create(Workspace workspace, Screen screen)
    {
        var verb = new Verb(Word, "Restarts every silo of the running ./commerce up, one by one; the API goes on serving.")
        {
            Remarks =
            [
                "Each silo finishes what it has begun, and the next one has its turn when it is ready again.",
                "Interrupted, it stops after the silo whose turn it is.",
            ],
            Examples = [("./commerce roll", "a rolling restart")],
        };
        verb.Asks(Word, workspace, screen);
        return verb;
    }
}
