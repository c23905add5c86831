using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>Where an entity's facts go to, for ever.</summary>
public sealed class PartitioningTests
{
    private static readonly EntityId Thing = new("thing", "thg_7");

    private static readonly Capability Parcels = Having(Ids.Family);
    private static readonly Capability WithoutFamilies = Having(null);
    private static readonly Partitioning ByName = new(8, new Dictionary<string, Func<string, string>>());

    [Theory]
    [InlineData("ord_1", "1")]
    [InlineData("pay_1/capture/shp_2", "1")]
    [InlineData("ord_a_b", "a_b")]
    [InlineData("none", "none")]
    public void A_family_is_what_the_ids_of_one_intent_have_in_common(string id, string family) => Assert.Equal(family, Ids.Family(id));

    [Fact]
    public void Nothing_ever_moves() => Assert.Equal(
        [
            "customer: 0 by family, 0 by name",
            "product: 1 by family, 1 by name",
            "stock: 1 by family, 1 by name",
            "order: 7 by family, 7 by name",
            "credit_note: 7 by family, 1 by name",
            "payment: 7 by family, 6 by name",
            "ledger_entry: 7 by family, 2 by name",
            "books: 7 by family, 7 by name",
            "api_key: 7 by family, 7 by name",
        ],
        from capability in Capabilities.All
        from kind in capability.Kinds
        let id = new EntityId(kind.Name, "xyz_1/2")
        select $"{kind.Name}: {ByFamily(capability).Of(id)} by family, {ByName.Of(id)} by name");

    [Fact]
    public void An_order_its_payment_and_what_is_booked_of_them_have_partitions_of_one_number()
    {
        var (orders, payments) = (ByFamily(OrdersCapability.Definition), ByFamily(PaymentsCapability.Definition));
        var ledger = ByFamily(LedgerCapability.Definition);
        var used = new HashSet<int>();
        for (var n = 0; n < 50; n++)
        {
            var home = orders.Of(new EntityId("order", $"ord_{n}"));
            Assert.Equal(home, payments.Of(new EntityId("payment", $"pay_{n}")));
            Assert.Equal(home, ledger.Of(new EntityId("ledger_entry", $"pay_{n}/capture/shp_{n}")));
            Assert.Equal(home, ledger.Of(new EntityId("ledger_entry", $"ord_{n}/shipment/shp_{n}")));
            used.Add(home);
        }

        Assert.Equal(8, used.Count);
    }

    [Fact]
    public async Task A_kind_that_gets_families_later_has_them_in_new_databases_only()
    {
        var prefix = TestPostgres.NewPrefix();
        await using (var databases = await Open(prefix, WithoutFamilies))
            Assert.Equal(ByName.Of(Thing), databases.Journal(Parcels.Name).PartitionOf(Thing));
        await using (var databases = await Open(prefix))
            Assert.Equal(ByName.Of(Thing), databases.Journal(Parcels.Name).PartitionOf(Thing));
    }

    [Fact]
    public async Task Software_that_does_not_know_the_families_of_a_database_is_refused()
    {
        var prefix = TestPostgres.NewPrefix();
        await (await Open(prefix)).DisposeAsync();
        var problem = await Assert.ThrowsAsync<JournalSchemaException>(() => Open(prefix, WithoutFamilies));
        Assert.Contains($"Database '{prefix}_parcels' keeps the facts of each 'thing'", problem.Message, StringComparison.Ordinal);
    }

    private static Capability Having(Func<string, string>? family) => new(
        "Parcels", [new EntityKind("thing", typeof(IEntity), _ => throw new NotSupportedException()) { Family = family }],
        new FactCatalog(), []);

    private static Partitioning ByFamily(Capability capability) => new(8, capability.Families);

    private static async Task<CommerceDatabases> Open(string prefix, Capability? capability = null) =>
        await CommerceDatabases.Open(await TestPostgres.ConnectionString(), prefix, [capability ?? Parcels]);

    private static async Task Execute(string prefix, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await TestPostgres.ConnectionString()) { Database = $"{prefix}_parcels", Pooling = false });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
