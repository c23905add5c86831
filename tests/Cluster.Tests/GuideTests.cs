using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commerce.Histories;
using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>The guide that adds a capability says what works: the product is built from its text, and its gift cards are used.</summary>
public sealed class GuideTests(GuidedProduct product) : IClassFixture<GuidedProduct>
{
    [Fact]
    public async Task The_rules_of_the_guide_are_as_their_tests_say()
    {
        var (exit, output) = await product.Run("tests/Domain.Tests", ["-class", "*.GiftCardRulesTests"]);
        Assert.True(exit == 0 && output.Contains("Total: 12"), output);
    }

    [Fact]
    public async Task Gift_cards_are_served_by_the_single_process()
    {
        var port = ServingProgram.FreePorts(1)[0];
        var settings = new Dictionary<string, string>
        {
            ["Commerce__Postgres"] = await TestPostgres.ConnectionString(), ["Commerce__Prefix"] = TestPostgres.NewPrefix(),
            ["Commerce__Engine"] = "single", ["Commerce__Port"] = $"{port}",
        };
        foreach (var (name, value) in TestCredentials.Variables) settings[name] = value;
        await using var gateway =
            new ServingProgram("gateway", product.ProgramOf("ApiGateway"), new Uri($"http://127.0.0.1:{port}"), settings);
        gateway.Launch();
        await gateway.Ready();
        await UseGiftCards(new Uri($"http://127.0.0.1:{port}"), gateway);
    }

    [Fact]
    public async Task Gift_cards_are_served_by_a_cluster()
    {
        await using var cluster = await LocalCluster.Start(await TestPostgres.ConnectionString(), 1, product.ProgramOf);
        await UseGiftCards(cluster.Address, cluster.Gateway);
    }

    [Fact]
    public async Task Ten_seeds_use_gift_cards_while_everything_goes_wrong()
    {
        var (exit, output) = await product.Run("Simulation", ["--seeds", "1-10"]);
        Assert.True(exit == 0 && output.Contains("No promise was broken."), output);
        var (_, trace) = await product.Run("Simulation", ["--seed", "1", "--trace"]);
        var asked = Regex.Matches(trace, @"\bask +gift_card/(gif_\d+).*\b(redeem-\d+)\b")
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value)).ToList();
        Assert.Equal(20 * 6, asked.Distinct().Count());
        Assert.True(asked.Count > 20 * 6, "Every redemption was answered at once: nothing went wrong for gift cards.");
    }

    [Fact]
    public void A_block_that_goes_nowhere_is_seen()
    {
        var lost = Assert.Throws<InvalidDataException>(() => Guide.Blocks("Text.\n\n```csharp\nclass C;\n```\n"));
        Assert.Equal($"{Guide.Name}:3: nothing says in which file this block goes.", lost.Message);
        Assert.Equal(
            [new GuideBlock(3, "A/B.cs", null, "class C;\n"), new GuideBlock(9, "A/D.cs", "    1,", "    2,\n")],
            Guide.Blocks("**`A/B.cs`**\n\n```csharp\nclass C;\n```\n\n**`A/D.cs`**, after `    1,`\n\n```csharp\n    2,\n```\n"));
    }

    /// <summary>Issues, redeems, repeats after the gateway was killed, and asks for what is refused.</summary>
    private static async Task UseGiftCards(Uri address, ServingProgram gateway)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestCredentials.Secret);
        var client = new ShopClient(http, new Recorder());
        await Is(201, 5000, client.Post("/gift-cards", "issue", new { id = "gif_1", amount = Pounds(5000) }));
        await Is(201, 100, client.Post("/gift-cards", "another", new { amount = Pounds(100) }));
        await Is(200, 3000, client.Post("/gift-cards/gif_1/redemptions", "redeem", new { amount = Pounds(2000) }));
        await gateway.Kill();
        gateway.Launch();
        await gateway.Ready();
        await Is(200, 3000, client.Post("/gift-cards/gif_1/redemptions", "redeem", new { amount = Pounds(2000) }));
        var tooMuch = client.Post("/gift-cards/gif_1/redemptions", "too-much", new { amount = Pounds(3001) });
        await IsRefused(409, "insufficient_balance", tooMuch);
        await IsRefused(409, "gift_card_exists", client.Post("/gift-cards", "again", new { id = "gif_1", amount = Pounds(1) }));
        await IsRefused(404, "unknown_gift_card", client.Post("/gift-cards/gif_2/redemptions", "none", new { amount = Pounds(1) }));
        await IsRefused(422, "idempotency_key_reused", client.Post("/gift-cards/gif_1/redemptions", "redeem", new { amount = Pounds(1) }));
        await IsRefused(422, "invalid_amount", client.Post("/gift-cards", "nothing", new { amount = Pounds(0) }));
        await IsRefused(422, "invalid_currency", client.Post("/gift-cards", "gold", new { amount = new { minor = 1, currency = "XAU" } }));
        await IsRefused(400, "missing_member", client.Post("/gift-cards", "naked", new { amount = new { minor = 1 } }));
        await IsRefused(400, "wrong_type", client.Post("/gift-cards", "text", new { amount = new { minor = "1", currency = "GBP" } }));
        await Is(200, 3000, client.Get("/gift-cards/gif_1"));

        // The list follows some moments later.
        var list = await client.GetUntil("/gift-cards", l => Cards(l).Sum(Balance) == 3100);
        Assert.Equal(2, Cards(list.Reply.Json).Count());
    }

    private static IEnumerable<JsonElement> Cards(JsonElement list) => list.GetProperty("items").EnumerateArray();

    private static long Balance(JsonElement card) => card.GetProperty("balance").GetProperty("minor").GetInt64();

    private static object Pounds(long minor) => new { minor, currency = "GBP" };

    private static async Task Is(int status, long balance, Task<Exchange> answered)
    {
        var reply = (await answered).Reply;
        Assert.True(reply.Status == status, $"{reply.Status} instead of {status}: {reply.Body}");
        Assert.Equal(balance, Balance(reply.Json));
    }

    private static async Task IsRefused(int status, string code, Task<Exchange> answered)
    {
        var reply = (await answered).Reply;
        Assert.True((reply.Status, reply.Code) == (status, code), $"{reply.Status} instead of {status} {code}: {reply.Body}");
    }
}
