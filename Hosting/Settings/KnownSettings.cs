using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>All settings of the product, and the refusal of every other name in their section.</summary>
public static class KnownSettings
{
    /// <summary>By the programs that read them. A program accepts those of the other: one environment may serve both.</summary>
    public static IReadOnlyList<(string Program, IReadOnlyList<Setting> Settings)> All { get; } =
    [
        ("Silos and gateways",
            [.. DeclaredIn(typeof(CommonSettings)), .. DeclaredIn(typeof(KeySettings)), .. DeclaredIn(typeof(TlsKeys))]),
        ("Gateways", DeclaredIn(typeof(GatewayKeys))),
        ("Silos", DeclaredIn(typeof(SiloKeys))),
        ("The authorization server for development", DeclaredIn(typeof(IdentityKeys))),
    ];

    private static IReadOnlyList<string[]> Names { get; } = [.. All.SelectMany(a => a.Settings).Select(s => s.Name.Split(':'))];

    /// <summary>Refuses what is not a setting, wherever it was given.</summary>
    /// <exception cref="InvalidConfigurationException">The first such name, and the nearest known one. Values are not shown.</exception>
    public static void Check(IConfiguration configuration) => Check(configuration.GetSection(Setting.Section), []);

    private static void Check(IConfigurationSection section, string[] path)
    {
        var below = section.GetChildren().ToList();
        foreach (var child in below) Check(child, [.. path, child.Key]);
        if (path.Length == 0 || Names.Any(n => n.Length == path.Length && Begins(n, path))) return;
        if (below.Count > 0 && string.IsNullOrEmpty(section.Value)) return;
        if (Names.FirstOrDefault(n => n.Length > path.Length && Begins(n, path)) is { } longer)
        {
            if (!string.IsNullOrEmpty(section.Value))
                throw new InvalidConfigurationException(section.Path, $"it is a section; give {Key(Filled(longer, path))}.");
            return; // an empty section sets nothing
        }

        throw new InvalidConfigurationException(
            section.Path, $"this is not a setting; did you mean {Nearest(path)}? docs/settings.md lists all of them.");
    }

    /// <summary>Whether a known name starts with these words; configuration ignores case.</summary>
    private static bool Begins(string[] name, string[] path) =>
        path.Select((word, i) => IsAny(name[i]) || name[i].Equals(word, StringComparison.OrdinalIgnoreCase)).All(same => same);

    /// <summary>The setting that the path goes beyond, or the one that is spelt most like it.</summary>
    private static string? Nearest(string[] path)
    {
        var shorter = Names.FirstOrDefault(n => n.Length < path.Length && Begins(n, path[..n.Length]));
        return shorter is not null ? Key(Filled(shorter, path))
            : Names.Select(n => Key(Filled(n, path))).MinBy(k => Spelling.Distance(k, Key(path)));
    }

    /// <summary>A known name with the given words in place of those in braces.</summary>
    private static string[] Filled(string[] name, string[] path) =>
        [.. name.Select((word, i) => IsAny(word) ? path.ElementAtOrDefault(i) ?? word : word)];

    private static bool IsAny(string word) => word.StartsWith('{');

    private static string Key(string[] path) => $"{Setting.Section}:{string.Join(':', path)}";

    // By reflection: a setting that is declared is known.
    private static IReadOnlyList<Setting> DeclaredIn(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<Setting>()];
}
