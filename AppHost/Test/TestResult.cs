using System.Xml.Linq;

namespace Commerce.AppHost;

/// <summary>How some tests went.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many failed, and what went wrong outside of any test.</param>
/// <param name="Skipped">How many were not run.</param>
/// <param name="Failures">Each failure's name, message and place.</param>
internal sealed record TestResult(int Passed, int Failed, int Skipped, IReadOnlyList<string> Failures)
{
    /// <summary>No tests.</summary>
    public static readonly TestResult None = new(0, 0, 0, []);

    /// <summary>True when there were tests.</summary>
    public bool Any => Passed + Failed + Skipped > 0;

    /// <summary>Both together.</summary>
    public static TestResult operator +(TestResult a, TestResult b) =>
        new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped, [.. a.Failures, .. b.Failures]);

    /// <summary>Reads xUnit's XML. Errors are what went wrong outside of a test, such as in a fixture; they count as failures.</summary>
    public static TestResult Read(string file)
    {
        var assemblies = XDocument.Load(file).Descendants("assembly").ToList();
        int Sum(string attribute) => assemblies.Sum(a => (int?)a.Attribute(attribute) ?? 0);
        var failed = assemblies.Descendants("test").Where(t => (string?)t.Attribute("result") == "Fail");
        var errors = assemblies.Descendants("error");
        return new TestResult(Sum("passed"), Sum("failed") + Sum("errors"), Sum("skipped"), [.. failed.Concat(errors).Select(Describe)]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Passed} passed, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")}";

    private static string Describe(XElement test)
    {
        var failure = test.Element("failure");
        var message = failure?.Element("message")?.Value.Trim() ?? "(no message)";
        var place = failure?.Element("stack-trace")?.Value.Split('\n')
            .FirstOrDefault(l => l.Contains(".cs:line", StringComparison.Ordinal))?.Trim();
        var name = (string?)test.Attribute("name") ?? (string?)test.Attribute("type");
        var text = $"{name}\n{message}{(place is null ? "" : $"\n{place}")}";
        // xUnit writes quotes with a backslash before them.
        return text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\n", "\n  ", StringComparison.Ordinal);
    }
}
