using System.Text.RegularExpressions;
using Xunit;

namespace Commerce.Style.Tests;

/// <summary>
/// Capabilities form a graph without circles, and see of each other only what each publishes: its contracts, facts and accounts. The
/// Kernel is for all of them, and knows none.
/// </summary>
public sealed partial class CapabilityGraphTests
{
    private const string Kernel = "Kernel";

    [Fact]
    public void Capabilities_form_a_graph_without_circles() => Assert.Null(Circle(Uses(Domain)));

    [Fact]
    public void Capabilities_use_only_contracts_facts_and_accounts_of_each_other() =>
        Assert.Empty(Uses(Domain).Where(u => !IsPublished(u)).Select(u => $"{u.User.Path} uses {u.Type} of {u.Used.Path}"));

    [Fact]
    public void The_uses_that_there_are_have_been_seen()
    {
        var uses = Uses(Domain).Select(u => (FolderOf(u.User), FolderOf(u.Used))).ToHashSet();
        foreach (var used in (string[])["Customers", "Catalogue", "Inventory", "Payments"]) Assert.Contains(("Orders", used), uses);
        foreach (var used in (string[])["Orders", "Payments"]) Assert.Contains(("Ledger", used), uses);
    }

    [Fact]
    public void A_circle_is_found_and_told()
    {
        Source[] circle =
        [
            new("Domain/Orders/IOrder.cs", "namespace Commerce.Orders;\npublic interface IOrder;"),
            new("Domain/Orders/Order.cs", "using Commerce.Payments;\nnamespace Commerce.Orders;\nclass Order { IPayment payment; }"),
            new("Domain/Payments/IPayment.cs", "namespace Commerce.Payments;\npublic interface IPayment;"),
            new("Domain/Payments/Payment.cs", "namespace Commerce.Payments;\nclass Payment { Orders.IOrder order; }"),
        ];

        Assert.Equal("Orders -> Payments -> Orders", Circle(Uses(circle)));
        Assert.Null(Circle(Uses(circle[..3])));
        Assert.All(Uses(circle), u => Assert.True(IsPublished(u)));
    }

    [Fact]
    public void A_Kernel_that_knows_a_capability_is_a_circle() => Assert.Equal("Kernel -> Orders -> Kernel", Circle(Uses(
    [
        new("Domain/Kernel/Money.cs", "using Commerce.Orders;\nnamespace Commerce.Kernel;\npublic struct Money { IOrder order; }"),
        new("Domain/Orders/IOrder.cs", "using Commerce.Kernel;\nnamespace Commerce.Orders;\npublic interface IOrder { Money Total(); }"),
    ])));

    [Fact]
    public void The_use_of_rules_of_another_capability_is_found()
    {
        Source[] sources =
        [
            new("Domain/Stock/StockRules.cs", "namespace Commerce.Stock;\npublic static class StockRules;"),
            new("Domain/Stock/StockFacts.cs", "namespace Commerce.Stock;\npublic record Held;"),
            new("Domain/Orders/Order.cs", "using Commerce.Stock;\nnamespace Commerce.Orders;\nclass Order { Held held; } // StockRules"),
            new("Domain/Orders/OrderRules.cs", "using Commerce.Stock;\nnamespace Commerce.Orders;\nclass OrderRules { StockRules rules; }"),
        ];

        var use = Assert.Single(Uses(sources), u => !IsPublished(u));
        Assert.Equal(("Domain/Orders/OrderRules.cs", "StockRules"), (use.User.Path, use.Type));
    }

    private static IEnumerable<Source> Domain =>
        Tree.CSharpFiles.Where(s => s.Path.StartsWith("Domain/", StringComparison.Ordinal) && s.Path.Count(c => c == '/') > 1);

    private static bool IsPublished(Use use) => FolderOf(use.Used) == Kernel || Published().IsMatch(use.Used.Name);

    private static string FolderOf(Source source) => source.Path.Split('/')[1];

    // A file that names another capability's namespace uses each type of that capability whose name occurs in it, unless the name is that
    // of a member which the file declares, or follows a point.
    private static IReadOnlyList<Use> Uses(IEnumerable<Source> domain)
    {
        var sources = domain.ToList();
        var types = sources
            .SelectMany(s => TopLevelType().Matches(s.Code).Select(m => (Type: m.Groups["name"].Value, Source: s)))
            .ToLookup(t => FolderOf(t.Source));
        return
        [
            .. from user in sources
               let members = Member().Matches(user.Code).Select(m => m.Groups["name"].Value)
               from folder in types
               where folder.Key != FolderOf(user)
               where Regex.IsMatch(user.Code, $@"\bCommerce\.{folder.Key}\b|(?<![\w.]){folder.Key}\.[A-Z]")
               let words = Regex.Matches(user.Code, $@"(?<![\w.])(?:(?:Commerce\.)?{folder.Key}\.)?(?<word>\w+)")
                   .Select(m => m.Groups["word"].Value).Except(members).ToHashSet()
               from used in folder
               where words.Contains(used.Type)
               select new Use(user, used.Source, used.Type),
        ];
    }

    private static string? Circle(IEnumerable<Use> uses)
    {
        var graph = uses.Select(u => (User: FolderOf(u.User), Used: FolderOf(u.Used))).Distinct().Order()
            .ToLookup(e => e.User, e => e.Used);
        return graph.Select(start => From([start.Key])).FirstOrDefault(circle => circle is not null);

        string? From(string[] way) => graph[way[^1]]
            .Select(next => next == way[0] ? string.Join(" -> ", [.. way, next]) : way.Contains(next) ? null : From([.. way, next]))
            .FirstOrDefault(circle => circle is not null);
    }

    [GeneratedRegex(@"^I[A-Z]\w*\.cs$|Facts\.cs$|Accounts\.cs$")]
    private static partial Regex Published();

    [GeneratedRegex("""
        ^(?:public|internal)\s[\w\s]*?\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Z]\w*)
        """, RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"(?:\b[A-Z]\w*|[>\])])\??\s+(?<name>[A-Z]\w*)")]
    private static partial Regex Member();

    private sealed record Use(Source User, Source Used, string Type);
}
