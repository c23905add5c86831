using Microsoft.AspNetCore.Http.Metadata;

namespace Commerce.ApiGateway;

/// <summary>A heading of the document, under which operations stand in the order in which they are mapped.</summary>
/// <param name="Name">The heading.</param>
/// <param name="About">What stands under it.</param>
/// <param name="After">The heading before it; null: those of capabilities are in the capabilities' order, all others follow.</param>
internal sealed record Heading(string Name, string About, string? After = null) : ITagsMetadata
{
    public IReadOnlyList<string> Tags => [Name];

    /// <summary>All in their order: that of the business, so that each example can be tried after those before it.</summary>
    public static IReadOnlyList<Heading> InOrder(IEnumerable<Heading> headings)
    {
        var capabilities = Capabilities.All.Select(c => c.Name).ToList();
        var all = headings.Distinct().ToList();
        var ordered = all.Where(h => h.After is null)
            .OrderBy(h => capabilities.IndexOf(h.Name) is >= 0 and var place ? place : capabilities.Count)
            .ThenBy(h => h.Name, StringComparer.Ordinal).ToList();
        for (var i = 0; i < ordered.Count; i++) ordered.InsertRange(i + 1, all.Where(h => h.After == ordered[i].Name));
        return ordered;
    }
}
