using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>Who asks: what is kept of it, what it may do, and whose things it sees (decision 25).</summary>
/// <param name="Name">As facts keep it: the issuer and the subject of a token, or the name of an API key.</param>
/// <param name="Scopes">What it may do: <c>orders:negotiate</c>.</param>
/// <param name="Reach">Whose things it sees and changes.</param>
public sealed record Caller(string Name, IReadOnlyList<string> Scopes, Reach Reach)
{
    /// <summary>Every scope at once; no token and no key can have it.</summary>
    private const string All = "*";

    /// <summary>The system itself: reactions, alarms and process steps.</summary>
    public static readonly Caller System = new("system", [All], Reach.Everything);

    /// <summary>True for the system itself, in whichever process. No credentials can have this name.</summary>
    [JsonIgnore]
    public bool IsSystem => Name == System.Name;

    /// <summary>True when this caller has <paramref name="scope"/>.</summary>
    public bool May(string scope) => Scopes.Contains(scope) || Scopes.Contains(All);
}
