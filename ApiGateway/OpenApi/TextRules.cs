using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Texts of the code in the document: where a comment refers to a constant, the framework writes its declaration
/// (<c>long PlaceOrder.MaxQuantity</c>), and a reader of the document needs its value.
/// </summary>
internal static partial class TextRules
{
    private static readonly IReadOnlyDictionary<string, string> Known = new[] { typeof(Money).Assembly, typeof(TextRules).Assembly }
        .SelectMany(a => a.GetTypes())
        .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(f => f.IsLiteral && !f.DeclaringType!.IsEnum && !f.Name.Contains('<'))
        .GroupBy(f => $"{f.DeclaringType!.Name}.{f.Name}")
        .ToDictionary(g => g.Key, g => string.Format(CultureInfo.InvariantCulture, "{0:N0}", g.First().GetRawConstantValue()));

    /// <summary>The text with values, on one line.</summary>
    public static string? Resolve(string? text) => text is null ? null : Declaration().Replace(Break().Replace(text, " "), m =>
        Known.GetValueOrDefault(m.Groups[1].Value) ?? throw new InvalidOperationException(
            $"The document would say '{m.Value}' in '{text}', which is no constant: write in words what is meant."));

    [GeneratedRegex(@"[ \t]*\r?\n[ \t]*")]
    private static partial Regex Break();

    [GeneratedRegex(@"\b(?:bool|decimal|double|int|long|string) ([A-Z]\w*\.[A-Z]\w*)\b")]
    private static partial Regex Declaration();
}
