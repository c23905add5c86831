namespace Commerce.Testing;

/// <summary>An API key with all that staff and programs may do: it is what tests use that are about something else.</summary>
public static class TestCredentials
{
    /// <summary>The caller's name.</summary>
    public const string Name = "tests";

    public const string Secret = "a-secret-of-these-tests";

    private static readonly string[] Roles =
        ["customer-service", "warehouse", "merchandiser", "finance", "operator", "auditor", "importer"];

    /// <summary>The settings of it.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings { get; } =
        [($"Commerce:ApiKeys:{Name}:Key", Secret), .. Roles.Select((role, i) => ($"Commerce:ApiKeys:{Name}:Roles:{i}", role))];

    /// <summary>The same as arguments, for a program in development.</summary>
    public static IEnumerable<string> Options => ["--Commerce:Environment=development", .. Settings.Select(s => $"--{s.Name}={s.Value}")];

    /// <summary>These environment variables, and that the program is in development unless they say otherwise.</summary>
    public static Dictionary<string, string> InDevelopment(IReadOnlyDictionary<string, string> environment)
    {
        var all = new Dictionary<string, string>(environment);
        all.TryAdd("Commerce__Environment", "development");
        return all;
    }

    /// <summary>The same as environment variables.</summary>
    public static IEnumerable<(string Name, string Value)> Variables => Settings.Select(s => (s.Name.Replace(":", "__"), s.Value));
}
