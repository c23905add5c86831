using Commerce.Kernel;
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

    private static readonly Capability Parcels = new(
        "Parcels", [new EntityKind("thing", typeof(IEntity), (_, _) => throw new NotSupportedException()) { Family = Keys.Family }],
        new FactCatalog(), []);

    [Theory]
    [InlineData("ord_1", "1")]
    [InlineData("pay_1/capture/shp_2", "1")]
    [InlineData("ord_a_b", "a_b")]
    [InlineData("none", "none")]
    public void A_family_is_what_the_ids_of_one_intent_have_in_common(string id, string family) => Assert.Equal(family, Keys.Family(id));

    [Theory]
    [InlineData("ord_1", 7, 0)]
    [InlineData("ord_2", 7, 3)]
    [InlineData("ord_0196b0c2d3f47000a1b2c3d4e5f60718", 0, 1)]
    public void Nothing_ever_moves(string order, int byFamily, int byName)
    {
        var id = new EntityId("order", order);
        Assert.Equal((byFamily, byName), (Partitioning.ByFamily(8, OrdersCapability.Definition).Of(id), Partitioning.ByName(8).Of(id)));
    }

    [Fact]
    public void An_order_its_payment_and_what_is_booked_of_them_have_partitions_of_one_number()
    {
        var orders = Partitioning.ByFamily(8, OrdersCapability.Definition);
        var payments = Partitioning.ByFamily(8, PaymentsCapability.Definition);
        var used = new HashSet<int>();
        for (var n = 0; n < 50; n++)
        {
            var home = orders.Of(new EntityId("order", $"ord_{n}"));
            Assert.Equal(home, payments.Of(new EntityId("payment", $"pay_{n}")));
            Assert.Equal(home, payments.Of(new EntityId("ledger_entry", $"pay_{n}/capture/shp_{n}")));
            Assert.Equal(home, payments.Of(new EntityId("ledger_entry", $"ord_{n}/shipment/shp_{n}")));
            used.Add(home);
        }

        Assert.Equal(8, used.Count);
    }

    [Fact]
    public async Task A_database_from_before_there_were_families_goes_by_names_for_ever()
    {
        var prefix = TestPostgres.NewPrefix();
        await using (var databases = await Open(prefix))
            Assert.Equal(Partitioning.ByFamily(8, Parcels).Of(Thing), databases.Journal(Parcels.Name).PartitionOf(Thing));
        await Execute(prefix, "drop table journal.layout; delete from journal.schema_version where version > 4");

        for (var time = 0; time < 2; time++)
        {
            await using var databases = await Open(prefix);
            var journal = databases.Journal(Parcels.Name);
            Assert.Equal(Partitioning.ByName(8).Of(Thing), journal.PartitionOf(Thing));
            await journal.Append(To(Thing, time, $"op-{time}"));
            var history = await journal.History(Thing, 0, 9, CancellationToken.None);
            Assert.All(history, f => Assert.Equal(journal.PartitionOf(Thing), f.Partition));
        }
    }

    private static async Task<CommerceDatabases> Open(string prefix) =>
        await CommerceDatabases.Open(await TestPostgres.ConnectionString(), prefix, [Parcels]);

    private static async Task Execute(string prefix, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await TestPostgres.ConnectionString()) { Database = $"{prefix}_parcels", Pooling = false });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
