using Commerce.Customers;
using Commerce.Kernel;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class CustomerQueriesTests(CustomerQueriesTests.Filled shop) : IClassFixture<CustomerQueriesTests.Filled>
{
    private static readonly Address Home = new(null, "1 High Street", null, "Leeds", null, "LS1 1AA", "GB");

    private CustomerQueries Customers => new(shop.Database("Customers"), shop.Databases.Personal("Customers"));

    [Fact]
    public async Task Who_is_erased_is_on_no_list_also_when_an_order_turns_up_late()
    {
        Assert.DoesNotContain(await Find(), c => c.Id == "cus_gone");
        Assert.Empty(await Find(null, "gone@example.com"));
    }

    [Fact]
    public async Task Customers_are_listed_by_id_as_they_stand()
    {
        var all = await Find();
        Assert.Equal(Enumerable.Range(1, 9).Select(i => $"cus_{i}"), all.Select(c => c.Id));
        Assert.Equal(("Ada King", "ada@example.com", "+44 1", 5L), (all[0].Name, all[0].Email, all[0].Phone, all[0].Version));
        Assert.Equal(Home, all[0].Addresses["home"]);
        Assert.Equal([new LifetimeFigures("GBP", 1, 500, 0)], all[0].Lifetime);
        Assert.Equal(Shop.Day1, all[0].RegisteredAt);
    }

    [Theory]
    [InlineData("ada", null, "cus_1,cus_2")]
    [InlineData("ADA K", null, "cus_1")]
    [InlineData("lovelace", null, "")]
    [InlineData("o'neill", null, "cus_2")]
    [InlineData("byron adam", null, "cus_2")]
    [InlineData("łUK", null, "cus_3")]
    [InlineData("ad", null, "")] // of fewer than three letters nothing is kept
    [InlineData("lov", null, "")]
    [InlineData("kin", null, "cus_1")]
    [InlineData(null, "ada@EXAMPLE.com", "cus_1")]
    [InlineData(null, "ada", "")]
    [InlineData(null, "adam.ONEILL@example.com", "cus_2")]
    [InlineData(null, "l_zak@example.org", "cus_3")]
    [InlineData(null, "%", "")]
    [InlineData(null, "100%@example.org", "cus_4")]
    [InlineData("ada", "adam.oneill@example.com", "cus_2")]
    [InlineData("byron", "ada@example.com", "")]
    [InlineData("", " ", "cus_1,cus_2,cus_3,cus_4,cus_5,cus_6,cus_7,cus_8,cus_9")]
    public async Task Search_matches_starts_of_words_of_the_name_and_the_whole_address(string? name, string? email, string ids) =>
        Assert.Equal(ids, string.Join(',', (await Find(name, email)).Select(c => c.Id)));

    [Theory]
    [InlineData("Jose", "cus_5")]
    [InlineData("JOSÉ alv", "cus_5")]
    [InlineData("lvarez", "")]
    [InlineData("lukasz zak", "cus_3")]
    [InlineData("Renée", "cus_6")]
    [InlineData("Rene\u0301e", "cus_6")]
    [InlineData("renee dub", "cus_6")]
    [InlineData("小龙", "cus_7")]
    [InlineData("龙小", "")]
    [InlineData("gross", "cus_8")]
    [InlineData("JURGEN GROSS", "cus_8")]
    [InlineData("Groß", "cus_8")]
    [InlineData("σισυφοσ", "cus_9")]
    [InlineData("ΣΊΣΥΦΟΣ", "cus_9")]
    [InlineData("ｓａｔｏ", "cus_9")]
    [InlineData("\u0301", "")]
    public async Task Accents_letter_case_and_forms_of_Unicode_make_no_difference(string name, string ids) =>
        Assert.Equal(ids, string.Join(',', (await Find(name)).Select(c => c.Id)));

    [Theory]
    [InlineData("' | 'ad':*")]
    [InlineData("!ad")]
    [InlineData("a\0da")]
    [InlineData("\\'")]
    [InlineData("%")]
    public async Task Nothing_typed_is_read_as_an_operator(string typed)
    {
        Assert.DoesNotContain(await Find(typed), c => c.Id != "cus_1" && c.Id != "cus_2");
        Assert.Empty(await Find(null, typed));
    }

    private async Task<List<CustomerView>> Find(string? name = null, string? email = null) =>
        await Shop.Walk(3, page => Customers.Search(name, email, Reach.Everything, page, default));

    public sealed class Filled : Shop
    {
        protected override async Task Fill()
        {
            await Register("cus_1", "Ada Lovelace", "ada@example.com");
            await Register("cus_2", "Adam O'Neill-Byron", "Adam.ONeill@Example.com");
            await Register("cus_3", "Łukasz Żak", "l_zak@example.org");
            await Register("cus_4", "Zoë %", "100%@example.org");
            await Register("cus_5", "José Álvarez", "j@example.com");
            await Register("cus_6", "Rene\u0301e Dubois", "r@example.com");
            await Register("cus_7", "李小龙", "lee@example.com");
            await Register("cus_8", "Jürgen Groß", "jg@example.com");
            await Register("cus_9", "Σίσυφος Sato", "s@example.com");
            await Happened(
                "customer", "cus_1", new ContactChanged("Ada King", null, "+44 1"), new AddressPut("home", Home),
                new ActivityRecorded(ActivityKind.OrderConfirmed, "ord_1", new Money(500, "GBP"), Day1),
                new ActivityRecorded(ActivityKind.Shipped, "ord_1", new Money(500, "GBP"), Day1));
            await Register("cus_gone", "Gone", "gone@example.com");
            await Happened(
                "customer", "cus_gone", new ErasureRequested(Day1), new DocumentsToErase([], 2, true), new CustomerErased(Day1));
            await CatchUp();
            await Happened(
                "customer", "cus_gone", new ActivityRecorded(ActivityKind.Shipped, "ord_late", new Money(500, "GBP"), Day1),
                new DocumentsToErase(["ord_late"], 2, true), new DocumentErased("ord_late", Shop.Day1));
            await CatchUp();
        }

        private Task Register(string id, string name, string email) => Happened(
            "customer", id, new CustomerRegistered(name, email, null, new Dictionary<string, Address>(), Day1));
    }
}
