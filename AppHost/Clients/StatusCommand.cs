namespace Commerce.AppHost;

/// <summary><c>./commerce status</c>: the table of processes.</summary>
internal static class StatusCommand
{
    /// <summary>The word that the running <c>up</c> understands.</summary>
    public const string Word = "status";

    /// <summary>The command as it is typed.</summary>
    public static Verb Create(Workspace workspace, Screen screen)
    {
        var verb = new Verb(Word, "Shows each process of the running ./commerce up: its state, pid, address and restarts.")
        {
            Examples = [("./commerce status", "how everything is")],
        };
        verb.Asks(Word, workspace, screen);
        return verb;
    }
}
