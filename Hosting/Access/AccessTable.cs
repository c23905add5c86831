using System.Collections.Frozen;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Hosting;

/// <summary>A named set of scopes with a reach.</summary>
/// <param name="About">Who has it, for a person.</param>
/// <param name="Reach">Whose things it sees.</param>
/// <param name="Scopes">What it may do.</param>
public sealed record Role(string About, ReachKind Reach, IReadOnlyList<string> Scopes);

/// <summary>What the use of a scope is, for the audit.</summary>
public enum AuditKind
{
    /// <summary>A privileged act: recorded before it is done and before it is answered; not done where it cannot be.</summary>
    Act,

    /// <summary>A read of personal data: recorded before it is answered, if the caller sees everything, as staff does.</summary>
    Read,
}

/// <summary>
/// Who may do what: all scopes and all roles, of <c>access.json</c>. The scope of an operation stands beside its endpoint;
/// <c>docs/access.md</c> shows both together.
/// </summary>
public static class AccessTable
{
    private static readonly Content File = Read();

    /// <summary>What each scope allows, for a person.</summary>
    public static IReadOnlyDictionary<string, string> Scopes { get; } = File.Scopes.ToDictionary(s => s.Key, s => s.Value.Allows);

    /// <summary>What is recorded of the use of some scopes.</summary>
    public static IReadOnlyDictionary<string, AuditKind> Audits { get; } =
        File.Scopes.Where(s => s.Value.Audit is not null).ToDictionary(s => s.Key, s => s.Value.Audit!.Value);

    /// <summary>The roles by their names.</summary>
    public static IReadOnlyDictionary<string, Role> Roles { get; } = File.Roles.ToDictionary(r => r.Key, r => new Role(
        r.Value.About, r.Value.Reach, [.. File.Scopes.Where(s => s.Value.Roles.Contains(r.Key)).Select(s => s.Key)]));

    /// <summary>
    /// The scopes and the reach of a caller with some roles; null when there is no such role, or their reaches differ: no caller sees both
    /// all things and only some.
    /// </summary>
    public static (FrozenSet<string> Scopes, ReachKind Reach)? Of(IReadOnlyCollection<string> roles)
    {
        if (roles.Count == 0 || !roles.All(Roles.ContainsKey)) return null;
        var all = roles.Select(name => Roles[name]).ToList();
        return all.All(role => role.Reach == all[0].Reach) ? (all.SelectMany(role => role.Scopes).ToFrozenSet(), all[0].Reach) : null;
    }

    private static Content Read()
    {
        using var file = typeof(AccessTable).Assembly.GetManifestResourceStream("access.json")!;
        var content = JsonSerializer.Deserialize<Content>(file, FactCatalog.Json)!;
        var unknown = content.Scopes.Values.SelectMany(scope => scope.Roles).FirstOrDefault(role => !content.Roles.ContainsKey(role));
        return unknown is null
            ? content : throw new InvalidOperationException($"access.json has no role '{unknown}', which a scope names.");
    }

    private sealed record Content(IReadOnlyDictionary<string, RoleEntry> Roles, IReadOnlyDictionary<string, ScopeEntry> Scopes);

    private sealed record RoleEntry(string About, ReachKind Reach);

    private sealed record ScopeEntry(string Allows, IReadOnlyList<string> Roles, AuditKind? Audit = null);
}
