namespace Commerce.Mutants;

/// <summary>One safeguard, and the change of the real source text that takes it away.</summary>
/// <param name="Name">By which it is asked for.</param>
/// <param name="Removes">What is no longer so.</param>
/// <param name="File">The file that is changed, from the root of the repository.</param>
/// <param name="Text">What is to be replaced; it occurs there once.</param>
/// <param name="Instead">What comes in its place.</param>
/// <param name="Within">The most seeds, from the first on, that it may take until a run fails.</param>
/// <param name="Survives">Why no run fails; null: one must.</param>
/// <param name="Also">Another safeguard that does the same work, to be taken away with it; null: there is none.</param>
internal sealed record Mutant(
    string Name, string Removes, string File, string Text, string Instead, int Within, string? Survives = null, Mutant? Also = null)
{
    /// <summary>Itself, and what is taken away with it.</summary>
    public IReadOnlyList<Mutant> Changes => Also is null ? [this] : [this, .. Also.Changes];

    /// <summary>The project that is to be built again.</summary>
    public string Project => File[..File.IndexOf('/')];

    /// <summary>The source without the safeguard.</summary>
    public string In(string source)
    {
        var first = source.IndexOf(Text, StringComparison.Ordinal);
        var times = first < 0 ? "no longer" : source.IndexOf(Text, first + 1, StringComparison.Ordinal) < 0 ? null : "more than once";
        return times is null
            ? source.Remove(first, Text.Length).Insert(first, Instead)
            : throw new OutOfDateException(
                $"The mutant '{Name}' replaces a text that occurs {times} in {File}, so the list of mutants is out of date. "
                + $"Find what the safeguard looks like now, and change the list in tests/Mutants. The text was:\n{Text}");
    }
}

/// <summary>The list of mutants does not fit the sources.</summary>
internal sealed class OutOfDateException(string message) : Exception(message);
