namespace Commerce.Replay;

/// <summary>Document by document: what is missing, what is too many, and what is not as it should be.</summary>
internal static class DocumentComparison
{
    private const int MostLines = 5;

    public static IReadOnlyList<string> Of(
        IReadOnlyList<LedgerLine> planned, IReadOnlyList<LedgerLine> found, IReadOnlyList<LedgerLine> others)
    {
        var byId = found.ToDictionary(b => b.Id, StringComparer.Ordinal);
        return
        [
            .. planned.SelectMany(
                p => byId.TryGetValue(p.Id, out var f) ? Compare(p, f) : [$"{Describe(p)}: in the file, not in the shop."]),
            .. others.Select(o => $"{Describe(o)}: in the shop, not in the file."),
        ];
    }

    private static IEnumerable<string> Compare(LedgerLine planned, LedgerLine found)
    {
        if (found.Flaw is { } flaw) yield return $"{planned.Id}: {flaw}.";
        if (planned.At != found.At)
            yield return $"{planned.Id}: expected at {planned.At.UtcDateTime:s}, found at {found.At.UtcDateTime:s}.";
        if (planned.Customer != found.Customer)
            yield return $"{planned.Id}: expected for {planned.Customer ?? "nobody"}, found for {found.Customer ?? "nobody"}.";
        if (planned.Pence != found.Pence) yield return $"{planned.Id}: expected {planned.Pence} pence, found {found.Pence}.";
        if (planned.Invoice != found.Invoice) yield return $"{planned.Id}: expected reference {planned.Invoice}, found {found.Invoice}.";
        var lines = found.Lines.ToDictionary(l => l.Line);
        var known = planned.Lines.Select(l => l.Line).ToHashSet();
        var wrong = planned.Lines.Where(l => lines.GetValueOrDefault(l.Line) != l)
            .Select(l => $"line {l.Line}: expected {Words(l)}, found {(lines.TryGetValue(l.Line, out var f) ? Words(f) : "none")}")
            .Concat(found.Lines.Where(f => !known.Contains(f.Line)).Select(f => $"line {f.Line}: expected none, found {Words(f)}"))
            .ToList();
        if (wrong.Count > 0)
        {
            var more = wrong.Count > MostLines ? $"; and {wrong.Count - MostLines} more lines" : "";
            yield return $"{planned.Id}, {string.Join("; ", wrong.Take(MostLines))}{more}.";
        }
    }

    private static string Words(BookedLine line) => $"{line.Units} × {line.Sku} at {line.UnitPrice}";

    private static string Describe(LedgerLine b) =>
        $"{b.Id} ({b.Day:yyyy-MM-dd}, {b.Lines.Count} {(b.Lines.Count == 1 ? "line" : "lines")}, {b.Lines.Sum(l => l.Units)} units, " +
        $"{b.Pence} pence)";
}
