namespace Commerce.Style.Tests;

/// <summary>One text file of the project.</summary>
/// <param name="Path">Relative to the root, with forward slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record Source(string Path, string Text)
{
    /// <summary>The same text with comments and the insides of strings blanked out: only code is checked.</summary>
    public string Code { get; } = CSharp.Blank(Text);

    /// <summary>The same text with only its comments blanked out.</summary>
    public string WithoutComments { get; } = CSharp.Blank(Text, strings: false);

    /// <summary>The same text with only the insides of strings blanked out.</summary>
    public string WithoutStrings { get; } = CSharp.Blank(Text, comments: false);

    /// <summary>Its comments, with all else blanked out.</summary>
    public string Comments { get; } = CSharp.Comments(Text);

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The number of the line that a place in the text is on.</summary>
    public int Line(int index) => Text.AsSpan(0, index).Count('\n') + 1;
}

/// <summary>The checkout that is looked at.</summary>
internal static class Tree
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Source> CSharpFiles { get; } = Files("*.cs");

    public static IReadOnlyList<Source> Projects { get; } = Files("*.csproj");

    public static IReadOnlyList<Source> Documents { get; } = Files("*.md");

    /// <summary>One file of it.</summary>
    public static Source File(string path) => new(path, System.IO.File.ReadAllText(Path.Combine(Root, path)));

    private static IReadOnlyList<Source> Files(string pattern) =>
    [
        .. Folders(new DirectoryInfo(Root)).SelectMany(f => f.EnumerateFiles(pattern))
            .Where(f => !f.Name.EndsWith(".g.cs", StringComparison.Ordinal)) // a generator's style is its own
            .Select(f => File(Path.GetRelativePath(Root, f.FullName).Replace('\\', '/'))).OrderBy(s => s.Path, StringComparer.Ordinal),
    ];

    private static IEnumerable<DirectoryInfo> Folders(DirectoryInfo folder) => folder.EnumerateDirectories()
        .Where(d => !d.Name.StartsWith('.') && !Generated.Contains(d.Name)).SelectMany(Folders).Prepend(folder);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Orleans.sln above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }
}
