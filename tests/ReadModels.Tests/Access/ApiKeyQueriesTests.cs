using Commerce.Access;
using Commerce.Kernel;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class ApiKeyQueriesTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Keys_are_listed_by_id_as_they_stand_page_by_page()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        foreach (var id in (string[])["key_c", "key_a", "key_b"])
            await shop.Happened("api_key", id, new ApiKeyMade(
                $"Name of {id}", ["partner"], ["orders:read"], new Reach(ReachKind.Channel, "market"), "aa", now, now.AddDays(90)));
        await shop.Happened("api_key", "key_a", new ApiKeyRolled("bb", now.AddDays(1), now.AddDays(30), now.AddDays(2)));
        await shop.Happened("api_key", "key_b", new ApiKeyRevoked(now.AddDays(3)));
        await shop.CatchUp();

        var queries = new ApiKeyQueries(shop.Database("Access"));
        var all = await Shop.Walk(2, page => queries.List(page, CancellationToken.None));

        Assert.Equal(
            [("key_a", "bb", 2L, null), ("key_b", "aa", 2L, now.AddDays(3)), ("key_c", "aa", 1L, (DateTimeOffset?)null)],
            all.Select(k => (k.Id, k.Digest, k.Version, k.RevokedAt)));
        Assert.Equal(("Name of key_a", "market", now.AddDays(30)), (all[0].Name, all[0].Reach.Channel, all[0].ExpiresAt));
    }
}
