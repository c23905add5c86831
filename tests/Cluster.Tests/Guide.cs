using System.Text.RegularExpressions;

namespace Commerce.Cluster.Tests;

/// <summary>A block of code of the guide.</summary>
/// <param name="Line">The line of the guide before its first one.</param>
/// <param name="File">Where it goes.</param>
/// <param name="After">After which line of that file; null: it is a new file.</param>
/// <param name="Text">Its lines.</param>
internal sealed record GuideBlock(int Line, string File, string? After, string Text);

/// <summary>
/// The guide that adds a capability, as a program reads it. A block follows a line with the name of its file: <c>**`FILE`**</c> for a new
/// one, and <c>**`FILE`**, after `LINE`</c> for one that exists.
/// </summary>
internal static partial class Guide
{
    public const string Name = "docs/add-a-capability.md";

    /// <summary>Its blocks of C#.</summary>
    public static IReadOnlyList<GuideBlock> Blocks(string guide)
    {
        var blocks = new List<GuideBlock>();
        var lines = guide.Split('\n');
        for (var n = 0; n < lines.Length; n++)
        {
            if (lines[n] is not ("```csharp" or "```json")) continue;
            var place = n >= 2 ? Place().Match(lines[n - 2]) : Match.Empty;
            if (!place.Success) throw new InvalidDataException($"{Name}:{n + 1}: nothing says in which file this block goes.");
            var end = Array.IndexOf(lines, "```", n);
            var after = place.Groups["after"];
            blocks.Add(new GuideBlock(
                n + 1, place.Groups["file"].Value, after.Success ? after.Value : null, string.Join('\n', lines[(n + 1)..end]) + "\n"));
            n = end;
        }

        return blocks;
    }

    /// <summary>Does what a reader of the block does.</summary>
    public static async Task Apply(GuideBlock block, SourceCopy copy)
    {
        var path = copy.PathOf(block.File);
        if (block.After is null)
        {
            if (File.Exists(path)) throw new InvalidDataException($"{Name}:{block.Line}: {block.File} exists already.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, block.Text);
            return;
        }

        var parts = (await File.ReadAllTextAsync(path)).Split(block.After + "\n");
        if (parts is not [var before, var rest])
            throw new InvalidDataException($"{Name}:{block.Line}: {block.File} has {parts.Length - 1} lines '{block.After}'.");
        await File.WriteAllTextAsync(path, $"{before}{block.After}\n{block.Text}{rest}");
    }

    /// <summary>What a compiler complains of, with the lines of the guide in place of those of its files.</summary>
    public static string InTheGuide(string complaints, IEnumerable<GuideBlock> blocks, SourceCopy copy)
    {
        foreach (var block in blocks.Where(b => b.After is null))
            complaints = Regex.Replace(
                complaints, $@"{Regex.Escape(copy.PathOf(block.File))}\((\d+),\d+\)",
                m => $"{Name}:{block.Line + int.Parse(m.Groups[1].Value)}");
        return complaints;
    }

    [GeneratedRegex(@"^\*\*`(?<file>[^`]+)`\*\*(?:, after `(?<after>[^`]+)`)?$")]
    private static partial Regex Place();
}
