namespace Commerce.Testing;

/// <summary>A file of the repository that a test writes from the code, and otherwise compares with it.</summary>
public static class WrittenFile
{
    /// <summary>Makes sure that the file is as expected; with <c>./commerce test --write</c>, makes it so.</summary>
    /// <param name="expected">All that is in it.</param>
    /// <param name="source">What it is written from: <c>what the endpoints say</c>.</param>
    /// <param name="path">Where it is.</param>
    /// <exception cref="InvalidOperationException">It is not; the message says where, and what to do.</exception>
    public static async Task Is(string expected, string source, params string[] path)
    {
        var file = Repository.File(path);
        if (Environment.GetEnvironmentVariable("COMMERCE_WRITE") == "1") await File.WriteAllTextAsync(file, expected);
        var found = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        if (found == expected) return;
        var line = expected.Split('\n').Zip(found.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count();
        throw new InvalidOperationException(
            $"{string.Join('/', path)} is not {source}: line {line + 1} should be '{expected.Split('\n').ElementAtOrDefault(line)}'. "
            + "If the change is wanted, ./commerce test --write writes it; check it in.");
    }
}
