using System.Text.RegularExpressions;

namespace Commerce.Style.Tests;

/// <summary>The agreements about single files. What concerns several files has a test class of its own.</summary>
internal static class Guards
{
    /// <summary>The longest line, in characters.</summary>
    public const int MaxLine = 140;

    /// <summary>The longest body of a method, in lines.</summary>
    public const int MaxMethod = 70;

    /// <summary>The longest file, in lines. The target is 60 to 200.</summary>
    public const int MaxFile = 400;

    /// <summary>The longest name of a test, in letters.</summary>
    public const int MaxTestName = 80;

    /// <summary>Files that may be longer, each with the reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Projects in whose folders a namespace may have further parts, each with the reason.</summary>
    private static readonly Dictionary<string, string> DeeperNamespaces = new()
    {
        ["tests/Domain.Tests"] = "as in Domain, a namespace a capability: in one, a test's Line or Shop would hide a type of the Domain",
        ["tests/Grains.Tests"] = "its entities for trying (Trial) and the samples of messages (Wire) use general names such as Samples",
    };

    /// <summary>Projects with a namespace of another name, each with the reason.</summary>
    private static readonly Dictionary<string, string> OtherNamespaces = new()
    {
        ["Grains.Abstractions"] = "Commerce.Grains", // the names of grain interfaces, which hold between versions
    };

    private static readonly string[] BannedFolders = ["Handlers", "Services", "Helpers", "Common", "Utils"];

    private static readonly (string Pattern, string Why)[] BannedInDomain =
    [
        (@"\bTask\.Run\b", "the engine owns the scheduler"),
        (@"\bThread\b", "the engine owns the scheduler"),
        (@"\bConfigureAwait\b", "it leaves the scheduler that the engine owns"),
        (@"\bTask\.WhenAny\b", "its end may come on the thread pool: wait with Backoff.Until"),
        (@"\bDateTime(Offset)?\.(Utc)?Now\b", "time is an argument: use the entity's clock"),
        (@"\bGuid\.(NewGuid|CreateVersion7)\b", "ids are arguments, or made of others with Ids.For"),
        (@"\bRandom\.Shared\b", "randomness is an argument"),
        (@"\bConsole\.", "the domain talks to nobody"),
        (@"\bEnvironment\.", "the domain does not know where it runs"),
    ];

    public static readonly IReadOnlyList<Guard> All =
    [
        new("Domain takes time, ids, randomness and the scheduler as arguments",
            s => s.Path.StartsWith("Domain/", StringComparison.Ordinal)
                ? BannedInDomain.SelectMany(b => Found(s, b.Pattern, b.Why, s.WithoutComments))
                : [],
            [
                .. new[]
                {
                    "Task.Run(Work)", "new Thread(Work)", "await x.ConfigureAwait(false)", "await Task.WhenAny(a, b)",
                    "DateTime.Now", "DateTimeOffset.UtcNow",
                    "Guid.NewGuid()", "Random.Shared.Next()", "Console.WriteLine()", "Environment.Exit(1)", "$\"{Guid.NewGuid()}\"",
                }.Select(call => Sample($"_ = {call};", "Domain/Orders/Order.cs")),
            ],
            [Sample("_ = DateTimeOffset.UtcNow;", "ApiGateway/Clock.cs"), Sample("// never DateTime.Now", "Domain/Orders/Order.cs")]),
        new("Folders are named after the business, not after patterns",
            s => s.Path.Split('/')[..^1].Intersect(BannedFolders, StringComparer.OrdinalIgnoreCase).Select(f => (1, $"the folder '{f}'")),
            [Sample("", "Domain/Services/Order.cs"), Sample("", "ApiGateway/Utils/Text.cs")],
            [Sample("", "Domain/Orders/Helpers.cs")]),
        new($"Lines have at most {MaxLine} characters",
            s => s.Text.Split('\n').Index().Where(l => l.Item.Length > MaxLine).Select(l => (l.Index + 1, $"{l.Item.Length} characters")),
            [Sample(new string('x', MaxLine + 1))],
            [Sample(new string('x', MaxLine))]),
        new($"Methods have at most {MaxMethod} lines",
            s => CSharp.Bodies(s).Where(b => b.Lines > MaxMethod)
                .Select(b => (s.Line(b.Index), $"{b.Lines} lines: {b.Header.Split('\n')[^1].Trim()}")),
            [
                Method("void Work()", MaxMethod + 1), Method("Action Work => () =>", MaxMethod + 1),
                Method("int Work(int x) => x switch", MaxMethod + 1), Method("T Work<T>() where T : class", MaxMethod + 1),
            ],
            [Method("void Work()", MaxMethod), Method("class Work", MaxMethod + 1), Method("class Work(int x)", MaxMethod + 1)]),
        new($"Files have at most {MaxFile} lines",
            s => s.Text.Count(c => c == '\n') is > MaxFile and var lines && !LongFiles.ContainsKey(s.Path) ? [(1, $"{lines} lines")] : [],
            [Sample(new string('\n', MaxFile + 1))],
            [Sample(new string('\n', MaxFile))]),
        new("Nothing is caught to be forgotten, or to return a default",
            s => Found(s, @"\bcatch\b[^{;]*\{\s*\}", "an empty catch block", s.WithoutStrings).Concat(Found(s,
                @"\bcatch\s*(\(\s*(System\.)?Exception(\s+\w+)?\s*\))?\s*\{(?![^}]*\b(throw|Fail|(Try)?SetException)\b)"
                + @"[^}]*\breturn\s+(default|null|false|true|\[\]|0|"" *"")", "caught to return a default")),
            [
                Sample("try { } catch { }"), Sample("try { } catch (IOException) { }"), Sample("try { } catch { return default; }"),
                Sample("try { } catch (Exception e) { Log(e); return null; }"),
            ],
            [
                Sample("try { } catch (IOException) { /* gone already, as wanted */ }"),
                Sample("try { } catch (FormatException) { return null; }"), Sample("try { } catch (Exception e) { throw new Failure(e); }"),
                Sample("try { } catch (Exception e) { waiting.Fail(e); return []; }"),
            ]),
        new("Nothing is left for later",
            s => Found(s, @"\b([T]ODO|[H]ACK|[F]IXME|[X]XX)\b", "finish it, or leave it out", s.WithoutStrings),
            [Sample("// TODO: later"), Sample("/* HACK */"), Sample("// FIXME")],
            [Sample("// the to-do list of a customer"), Sample("x = \"TODO\";")]),
        new("No test asserts what is always true",
            s => Found(s, @"\bAssert\s*\.\s*(True\s*\(\s*true|False\s*\(\s*false)\b", "it cannot fail"),
            [Sample("Assert.True(true);"), Sample("Assert.False( false );")],
            [Sample("Assert.True(trueLove);")]),
        new("Tests are sentences",
            s => Found(s,
                @"\[(?:Fact|Theory)\b[^;{]*?\b(?:void|Task|ValueTask)\s+(?!(?:[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)\s*\()\w+\s*\(",
                "say what is the case: A_retried_payment_changes_nothing"),
            [
                Sample("[Fact] public void Works() { }"), Sample("[Fact] public async Task a_payment_is_kept() { }"),
                Sample("[Theory, InlineData(1)]\npublic void Payment__Twice(int n) { }"),
            ],
            [
                Sample("[Fact] public void A_payment_is_kept() { }"), Sample("public void Helps() { }"),
                Sample("[Theory, InlineData(1)]\npublic Task Twice_is_once(int n) => Once();"),
            ]),
        new($"Names of tests have at most {MaxTestName} letters",
            s => Found(s, $@"\[(?:Fact|Theory)\b[^;{{]*?\b(?:void|Task|ValueTask)\s+\w{{{MaxTestName + 1},}}\s*\(",
                "a shorter sentence"),
            [
                Sample($"[Fact] public void {LongName(MaxTestName + 1)}() {{ }}"),
                Sample($"[Theory, InlineData(1)]\npublic Task {LongName(100)}(int n);"),
            ],
            [Sample($"[Fact] public void {LongName(MaxTestName)}() {{ }}"), Sample($"public void {LongName(MaxTestName + 1)}() {{ }}")]),
        new("Comments use plain words: no pronouns in place of nouns, no processes as persons",
            s => PlainWords.In(s, s.Comments),
            [
                .. new[]
                {
                    "// kept for so many days", "// waits So long", "/* as many as fit */", "// whoever asks", "x(); // nobody waits",
                    "// somebody else's", "// anybody may", "// everybody waits", "/// <summary>The how manieth it is.</summary>",
                    "// for those who follow", "// whatever becomes of it", "// believed for a second", "// the caller is told",
                    "// Domain knows of it", "// what is newer", "/// <summary>\n/// Kept for so\n/// many days.\n/// </summary>",
                }.Select(comment => Sample(comment)),
            ],
            [
                Sample("x = \"nobody\";"), Sample("var nobody = 1;"), Sample("// the customer who orders"),
                Sample("// as long as it lasts"),
            ]),
        new("A doc comment says more than two words",
            s => Found(s, @"(?m)^[ \t]*///[ \t]*<summary>[\s/]*[^\s<]+(?:[\s/]+[^\s<]+)?[\s/]*</summary>[ \t]*$(?!\n[ \t]*///)",
                "say why, or leave it out", s.Comments),
            [Sample("/// <summary>Ends it.</summary>\nvoid End();"), Sample("/// <summary>\n/// Its name.\n/// </summary>\nstring Name;")],
            [
                Sample("/// <summary>Ends it gracefully.</summary>\nvoid End();"), Sample("x = \"/// <summary>Ends it.</summary>\";"),
                Sample("/// <summary>Ends it.</summary>\n/// <exception cref=\"X\">It has ended.</exception>\nvoid End();"),
            ]),
        new("A file's namespace is that of its project's folder",
            s => Regex.Match(s.Code, @"^namespace\s+([\w.]+)", RegexOptions.Multiline) is { Success: true } found
                && !IsNamespaceOf(s.Path, found.Groups[1].Value) ? [(s.Line(found.Index), $"'{found.Groups[1].Value}'")] : [],
            [
                Sample("namespace Commerce.Domain.Orders;"), Sample("namespace Commerce.Payments;"),
                Sample("namespace Commerce.Orders;", "Domain/Capabilities.cs"),
                Sample("namespace Commerce.ApiGateway.Orders;", "ApiGateway/Orders/OrderEndpoints.cs"),
                Sample("namespace Commerce.AppHost;", "tests/AppHost.Tests/UpTests.cs"),
                Sample("namespace Commerce.Bench;", "bench/Plain/Steps.cs"),
                Sample("namespace Commerce.Journal.Tests.Memory;", "tests/Journal.Tests/Memory/Under.cs"),
                Sample("namespace Commerce.Domain.TestsOfOrders;", "tests/Domain.Tests/Orders/Shop.cs"),
            ],
            [
                Sample("namespace Commerce.Orders;"), Sample("namespace Commerce.Orders;", "Domain/Orders/CreditNotes/ICreditNote.cs"),
                Sample("namespace Commerce;", "Domain/Capabilities.cs"), Sample("return 0;", "ApiGateway/Program.cs"),
                Sample("namespace Commerce.Journal.Memory;", "Journal.Memory/MemoryJournal.cs"),
                Sample("namespace Commerce.AppHost.Tests;", "tests/AppHost.Tests/UpTests.cs"),
                Sample("namespace Commerce.Plain;", "bench/Plain/Steps.cs"),
                Sample("namespace Commerce.Domain.Tests.Orders;", "tests/Domain.Tests/Orders/Shop.cs"),
            ]),
        new("Namespaces are file-scoped",
            s => CSharp.Types(s).Count > 0 && !Regex.IsMatch(s.Code, @"^namespace\s+[\w.]+;", RegexOptions.Multiline)
                ? [(1, "no 'namespace X;'")] : [],
            [Sample("namespace Commerce { class Order { } }"), Sample("class Order;")],
            [Sample("namespace Commerce;\nclass Order;"), Sample("return 0;", "ApiGateway/Program.cs")]),
    ];

    private static IEnumerable<(int Line, string Why)> Found(Source source, string pattern, string why, string? text = null) =>
        Regex.Matches(text ?? source.Code, pattern, RegexOptions.Singleline)
            .Select(m => (source.Line(m.Index), $"'{m.Value.Split('\n')[^1].Trim()}': {why}"));

    private static bool IsNamespaceOf(string path, string name)
    {
        var folders = path.Split('/')[..^1];
        if (folders[0] == "Domain") return name == string.Join('.', folders.Skip(1).Take(1).Prepend("Commerce"));
        var project = folders[0] is "bench" or "tests" ? string.Join('/', folders.Take(2)) : folders[0];
        var own = OtherNamespaces.GetValueOrDefault(project, $"Commerce.{project[(project.IndexOf('/') + 1)..]}");
        return name == own || (DeeperNamespaces.ContainsKey(project) && name.StartsWith(own + ".", StringComparison.Ordinal));
    }

    private static string LongName(int letters) => "A_test_" + new string('x', letters - 7);

    private static Source Sample(string text, string path = "Domain/Orders/Sample.cs") => new(path, text);

    private static Source Method(string head, int lines) => Sample($"{head}\n{{\n{string.Concat(Enumerable.Repeat("Step();\n", lines))}}}");
}
