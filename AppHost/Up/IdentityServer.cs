namespace Commerce.AppHost;

/// <summary>The authorization server for development, from which callers on this machine get their tokens.</summary>
internal sealed class IdentityServer(string program, SessionSecrets secrets, Ports free, LogFile log, Terminal screen)
    : SupervisedProcess(Word, Path.Combine(program, Workspace.ProgramOf("Identity")), log, screen)
{
    /// <summary>What it is called.</summary>
    public const string Word = "identity";

    private const int First = 32000;

    private int _port = free.From(First);

    public string Url => $"http://127.0.0.1:{_port}";

    /// <summary>Where programs get tokens.</summary>
    public string TokenUrl => $"{Url}/token";

    protected override string Address => Url;

    protected override string Health => $"{Url}/health/ready";

    protected override IReadOnlyDictionary<string, string?> Inherited => ChildEnvironment.OfIdentity();

    protected override IReadOnlyDictionary<string, string?> Secrets => new Dictionary<string, string?>
    {
        ["Commerce__Identity__Secret"] = secrets.OfClients, ["Commerce__Identity__SigningKey"] = secrets.OfTokens,
    };

    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["Commerce__Identity__Url"] = Url };

    // Only while it has not started: afterwards its address is its name, which the gateway compares.
    protected override bool Move()
    {
        if (!Port.IsFree(_port)) _port = free.From(First);
        return true;
    }
}
