namespace Commerce.Histories;

/// <summary>What became of a recording, for the test's output and for its failure.</summary>
/// <param name="Wrong">Answers that no client should get, and histories that cannot be explained.</param>
/// <param name="Summary">One line of figures.</param>
public sealed record Judgement(IReadOnlyList<string> Wrong, string Summary)
{
    /// <summary>Checks all that was recorded.</summary>
    public static Judgement Of(Recorder recorder)
    {
        var findings = recorder.Check();
        var longest = findings.MaxBy(f => f.Operations)!;
        return new Judgement(
            [.. recorder.Wrong, .. findings.Where(f => !f.Explained).Select(f => f.Why)],
            $"{recorder.Count} operations on {findings.Count} entities ({recorder.Unanswered} never answered), the most on "
                + $"{longest.Entity} ({longest.Operations}); {findings.Sum(f => (long)f.Visited)} states visited");
    }

    public override string ToString() => $"{Summary}\n{string.Join("\n\n", Wrong.Take(5))}";
}
