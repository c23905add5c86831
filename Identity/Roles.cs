using System.Text.Json;

namespace Commerce.Identity;

/// <summary>The roles and scopes of the API, of the same file that the gateway enforces.</summary>
internal static class Roles
{
    private static readonly Content File = Read();

    public static IReadOnlyDictionary<string, Role> All { get; } = File.Roles
        .Where(r => r.Value.Reach != "order") // links to orders are the gateway's
        .ToDictionary(r => r.Key, r => new Role(
            r.Value.About, r.Value.Reach, [.. File.Scopes.Where(s => s.Value.Roles.Contains(r.Key)).Select(s => s.Key)]));

    public static IEnumerable<string> Scopes => File.Scopes.Keys;

    private static Content Read()
    {
        using var file = typeof(Roles).Assembly.GetManifestResourceStream("access.json")!;
        return JsonSerializer.Deserialize<Content>(file, JsonSerializerOptions.Web)!;
    }

    /// <summary>A role of the API.</summary>
    internal sealed record Role(string About, string Reach, IReadOnlyList<string> Scopes)
    {
        /// <summary>True when a token of it names a customer.</summary>
        public bool NeedsCustomer => Reach == "customer";
    }

    private sealed record Content(IReadOnlyDictionary<string, RoleEntry> Roles, IReadOnlyDictionary<string, ScopeEntry> Scopes);

    private sealed record RoleEntry(string About, string Reach);

    private sealed record ScopeEntry(string Allows, IReadOnlyList<string> Roles);
}
