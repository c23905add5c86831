using System.Net;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>What an operator does with facts that were set aside.</summary>
public sealed class ParkedFactTests(Gateway gateway) : IClassFixture<Gateway>
{
    private const string Subscription = "orders-to-customers";

    private Api Api => gateway.Api;

    [Fact]
    public async Task A_parked_fact_is_given_to_its_reaction_once_more()
    {
        var path = await Park("RETRY");
        Assert.Equal(Subscription, (await Api.Post($"{path}/retry", null)).Expect(HttpStatusCode.OK)["subscription"].GetString());
        Assert.False(await IsParked(path));
        Assert.Equal("unknown_parked_fact", (await Api.Post($"{path}/retry", null)).Expect(HttpStatusCode.NotFound).Code);
    }

    [Fact]
    public async Task A_parked_fact_is_given_up()
    {
        var path = await Park("GIVEUP");
        var given = (await Api.Send(HttpMethod.Delete, path, null)).Expect(HttpStatusCode.OK);
        Assert.Equal("set aside by hand", given["reason"].GetString());
        Assert.False(await IsParked(path));
        Assert.Equal("unknown_parked_fact", (await Api.Send(HttpMethod.Delete, path, null)).Expect(HttpStatusCode.NotFound).Code);
    }

    private async Task<string> Park(string sku)
    {
        await Api.Goods(sku, 5);
        var id = $"ord_{sku}";
        (await Api.Order(id, sku, 1)).Expect(HttpStatusCode.Created);
        var stores = gateway.Service<IReadOnlyList<CapabilityStore>>();
        var orders = stores.Single(s => s.Capability == OrdersCapability.Definition);
        var history = await orders.Log.History(new EntityId("order", id), 0, 10, CancellationToken.None);
        var fact = history.Single(f => f.Fact.Type.StartsWith("order-confirmed/", StringComparison.Ordinal));
        await orders.Checkpoints.Park(Subscription, fact, "set aside by hand", CancellationToken.None);
        var path = $"/operations/parked/{Subscription}/{fact.Partition}/{fact.Position}";
        Assert.True(await IsParked(path));
        return path;
    }

    private async Task<bool> IsParked(string path) => (await Api.Get("/operations/subscriptions")).Expect(HttpStatusCode.OK)["parked"]
        .EnumerateArray().Any(p => path.EndsWith($"/{p.GetProperty("partition")}/{p.GetProperty("position")}", StringComparison.Ordinal));
}
