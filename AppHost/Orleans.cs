using System.Text.Json;
using System.Text.RegularExpressions;

namespace Commerce.AppHost;

/// <summary>Whether Orleans is part of what is built and, if it is not, why not.</summary>
/// <param name="Absence">Why it is left out; null when it is not.</param>
internal sealed partial record Orleans(string? Absence)
{
    /// <summary>The MSBuild property that decides it; as a variable of the environment, <c>false</c> is the user's own wish.</summary>
    public const string Property = "Cluster";

    /// <summary>Part of it, as it is meant to be.</summary>
    public static readonly Orleans Included = new((string?)null);

    /// <summary>True when it is not part of it.</summary>
    public bool LeftOut => Absence is not null;

    /// <summary>What the environment asks for.</summary>
    public static Orleans Asked() =>
        string.Equals(Environment.GetEnvironmentVariable(Property), "false", StringComparison.OrdinalIgnoreCase)
            ? new Orleans($"{Property}=false is set in the environment") : Included;

    /// <summary>
    /// What is left of a build that failed with these errors: everything but Orleans when the package source lacks packages of Orleans and
    /// nothing else went wrong; null when the failure has any other part, for then leaving Orleans out would hide it.
    /// </summary>
    public static Orleans? After(IReadOnlyList<string> errors)
    {
        // NuGet says in lines of their own which other versions it found where.
        var missing = errors.Where(e => !OtherVersions().IsMatch(e)).Select(e => MissingPackage().Match(e)).ToList();
        if (missing.Count == 0 || !missing.All(m => m.Success)) return null;
        var packages = missing.Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        return new Orleans($"the configured NuGet source does not carry {string.Join(", ", packages)}");
    }

    /// <summary>The projects that are not built, such as <c>Silo</c> and <c>tests/Silo.Tests</c>.</summary>
    public IReadOnlyList<string> NotBuilt(Workspace workspace)
    {
        if (!LeftOut) return [];
        using var filter = JsonDocument.Parse(File.ReadAllText(workspace.WithoutOrleans));
        var kept = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(p => Folder(p.GetString()!));
        var all = ProjectOfSolution().Matches(File.ReadAllText(workspace.Solution)).Select(m => Folder(m.Groups[1].Value));
        return [.. all.Except(kept).Order(StringComparer.Ordinal)];
    }

    /// <summary>Says plainly that Orleans is missing and what is left out with it; nothing when it is there.</summary>
    public void Tell(Workspace workspace, Screen screen)
    {
        if (!LeftOut) return;
        screen.Loud($"WITHOUT ORLEANS: {Absence}.\n  Not built and not tested: {string.Join(", ", NotBuilt(workspace))}.");
    }

    private static string Folder(string project) => Path.GetDirectoryName(project.Replace('\\', '/'))!;

    [GeneratedRegex(@": error NU110[12]: Unable to find package (Microsoft\.Orleans\.[\w.]*\w)")]
    private static partial Regex MissingPackage();

    [GeneratedRegex(@": error NU1102:\s+- Found \d+ version")]
    private static partial Regex OtherVersions();

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectOfSolution();
}
