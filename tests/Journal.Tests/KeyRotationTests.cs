using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>Key rings and the databases that were sealed with them (decision 23).</summary>
public sealed class KeyRotationTests
{
    private readonly string _prefix = TestPostgres.NewPrefix();

    [Fact]
    public async Task Keys_are_wrapped_anew_while_entities_are_erased_and_what_was_erased_stays_so()
    {
        var ring = KeyRing.New([PostgresStore.Capability.Name]);
        var entities = Enumerable.Range(0, 300).Select(_ => NewEntity("person")).ToList();
        await using (var before = await Open(ring)) await Task.WhenAll(entities.Select(e => Tell(before, e, 0)));

        var rotated = ring.Rotated();
        await using var databases = await Open(rotated);
        var (name, erased) = (PostgresStore.Capability.Name, entities.Where((_, n) => n % 3 == 0).ToHashSet());
        var rewrapping = databases.Rewrap(name, TestContext.Current.CancellationToken);
        await Task.WhenAll(erased.Select(e => databases.Journal(name).Append(
            To(e, 2, "erased") with { Erases = [Purpose.Contact] })));
        Assert.InRange(await rewrapping, 200, 600); // answers without facts, too
        await databases.Rewrap(name, TestContext.Current.CancellationToken);
        Assert.Equal(0, await databases.Rewrap(name, TestContext.Current.CancellationToken));

        await using var retired = await Open(rotated.Retired());
        foreach (var entity in entities)
        {
            var fact = (await retired.Journal(name).Load(entity, "shape/1")).Facts[0];
            var said = retired.Personal(name).Read<Said>(entity, fact.Json, fact.Keys);
            Assert.Equal(erased.Contains(entity) ? Marks.Erased : $"I am {entity}", said.Words);
        }
    }

    [Fact]
    public async Task A_database_is_not_opened_with_another_ring_than_it_was_sealed_with()
    {
        var ring = KeyRing.New([PostgresStore.Capability.Name]);
        await using (await Open(ring)) { }
        await using (await Open(ring.Rotated())) { }
        var refused = await Assert.ThrowsAsync<JournalSchemaException>(() => Open(KeyRing.New([PostgresStore.Capability.Name])));
        Assert.Contains("another key ring", refused.Message);
    }

    private async Task<CommerceDatabases> Open(KeyRing ring) => await CommerceDatabases.Open(
        await TestPostgres.ConnectionString(), _prefix, [PostgresStore.Capability], new JournalOptions { Keys = ring.Of });

    private static async Task Tell(CommerceDatabases databases, EntityId entity, long version)
    {
        var name = PostgresStore.Capability.Name;
        var (json, keys) = databases.Personal(name).Write(entity, new Said($"I am {entity}"));
        await databases.Journal(name).Append(To(entity, version, "told", facts: 2) with
        {
            Facts = [new("said/1", json, keys), new("said/1", "{}", keys)], Keys = keys,
        });
        await databases.Journal(name).Append(To(entity, version + 2, "refused", facts: 0) with { Keys = keys });
    }

    private sealed record Said([Personal(Purpose.Contact)] string Words);
}
