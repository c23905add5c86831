using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>All permissions that an API key can have.</summary>
internal static class ApiPermissions
{
    /// <summary>Every permission at once.</summary>
    public const string Everything = "*";

    /// <summary>The area of what is for the operator, which belongs to no capability.</summary>
    public const string Operations = "operations";

    /// <summary>What endpoints belong to: a capability, or the operator's part.</summary>
    public static IReadOnlyList<string> Areas { get; } = [.. Capabilities.All.Select(c => c.Name.ToLowerInvariant()), Operations];

    /// <summary>Those that some commands need besides.</summary>
    public static IReadOnlyList<Permission> Special { get; } = [.. Capabilities.All.SelectMany(c => c.Permissions)];

    /// <summary>The names of all.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Everything, .. Areas.SelectMany(a => new[] { Reads(a), Writes(a) }), .. Special.Select(p => p.Name)];

    public static string Reads(string area) => $"{area}:read";

    public static string Writes(string area) => $"{area}:write";
}
