namespace Commerce.Style.Tests;

/// <summary>Something that we agreed not to do, as a function of one file, with the smallest file that does it.</summary>
/// <param name="Check">What breaks it: line number and reason.</param>
/// <param name="Bad">Files that break it, each in one way.</param>
/// <param name="Good">Files that look like it and are fine.</param>
internal sealed record Guard(string Rule, Func<Source, IEnumerable<(int Line, string Why)>> Check, Source[] Bad, Source[] Good)
{
    public override string ToString() => Rule;
}
