using System.Net;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>Our membership table through Orleans' provider, which is what silos see of it.</summary>
public sealed class MembershipTests(ClusterStore store) : IClassFixture<ClusterStore>
{
    // The provider updates a row only where its version is that of the table: one version guards both.
    private static Task<bool> Update(IMembershipTable table, MembershipEntry entry, TableVersion next) =>
        table.UpdateRowAsync(entry, next.VersionEtag, next);

    private static readonly DateTime Start = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    [Fact]
    public async Task A_new_cluster_is_empty_and_has_a_version()
    {
        var table = await store.Membership(store.NewCluster());
        var all = await table.ReadAllAsync();
        Assert.Empty(all.Members);
        Assert.Equal((0, "0"), (all.Version.Version, all.Version.VersionEtag));
    }

    [Fact]
    public async Task Silos_that_start_at_once_make_one_version()
    {
        var cluster = store.NewCluster();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.Membership(cluster)));
        Assert.Equal(1L, await store.Scalar<long>($"select count(*) from cluster.clusters where cluster_id = '{cluster}'"));
    }

    [Fact]
    public async Task A_member_is_read_as_it_was_written()
    {
        var table = await store.Membership(store.NewCluster());
        var entry = Member(1);
        Assert.True(await table.InsertRowAsync(entry, await Next(table)));

        var read = await table.ReadRowAsync(entry.SiloAddress);
        var (member, _) = Assert.Single(read.Members);
        Assert.Equal(1, read.Version.Version);
        Assert.Equal(entry.SiloAddress, member.SiloAddress);
        Assert.Equal(("silo-1", "host", SiloStatus.Joining, 30001), (member.SiloName, member.HostName, member.Status, member.ProxyPort));
        Assert.Equal((Start, Start), (member.StartTime, member.IAmAliveTime));
        Assert.Empty(member.SuspectTimes ?? []);

        var none = await table.ReadRowAsync(Member(9).SiloAddress);
        Assert.Empty(none.Members);
        Assert.Equal(1, none.Version.Version);
    }

    [Fact]
    public async Task A_change_on_a_version_that_is_gone_changes_nothing()
    {
        var table = await store.Membership(store.NewCluster());
        var first = await Next(table);
        Assert.True(await table.InsertRowAsync(Member(1), first));
        Assert.False(await table.InsertRowAsync(Member(2), first)); // made on the same version

        var stale = await Next(table);
        Assert.True(await table.InsertRowAsync(Member(2), stale));
        var changed = Member(1);
        changed.Status = SiloStatus.Active;
        Assert.False(await Update(table, changed, stale));
        Assert.Equal([SiloStatus.Joining, SiloStatus.Joining], (await table.ReadAllAsync()).Members.Select(m => m.Item1.Status));
        Assert.Equal(2, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task The_same_start_of_a_silo_is_inserted_once_and_an_unknown_one_is_not_updated()
    {
        var table = await store.Membership(store.NewCluster());
        Assert.True(await table.InsertRowAsync(Member(1), await Next(table)));
        Assert.False(await table.InsertRowAsync(Member(1), await Next(table)));
        Assert.False(await Update(table, Member(2), await Next(table)));
        Assert.Equal(1, (await table.ReadAllAsync()).Version.Version);

        Assert.True(await table.InsertRowAsync(Member(1, generation: 2), await Next(table)));
        Assert.Equal(2, (await table.ReadAllAsync()).Members.Count);
    }

    [Fact]
    public async Task Of_changes_made_at_once_on_one_version_one_wins()
    {
        var cluster = store.NewCluster();
        var tables = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Membership(cluster)));
        var version = await Next(tables[0]);
        var won = await Task.WhenAll(tables.Select((t, n) => t.InsertRowAsync(Member(n + 1), version)));
        Assert.Single(won, w => w);
        var after = await tables[0].ReadAllAsync();
        Assert.Equal((1, 1), (after.Members.Count, after.Version.Version));
    }

    [Fact]
    public async Task Suspicions_and_a_new_status_are_kept()
    {
        var table = await store.Membership(store.NewCluster());
        await table.InsertRowAsync(Member(1), await Next(table));
        var changed = Member(1);
        changed.Status = SiloStatus.Dead;
        changed.SuspectTimes = [Tuple.Create(Member(2).SiloAddress, Start), Tuple.Create(Member(3).SiloAddress, Start.AddSeconds(1))];
        Assert.True(await Update(table, changed, await Next(table)));

        var (member, _) = Assert.Single((await table.ReadAllAsync()).Members);
        Assert.Equal(SiloStatus.Dead, member.Status);
        Assert.Equal(changed.SuspectTimes, member.SuspectTimes);
    }

    [Fact]
    public async Task A_sign_of_life_is_kept_and_makes_no_version()
    {
        var table = await store.Membership(store.NewCluster());
        await table.InsertRowAsync(Member(1), await Next(table));
        var alive = Member(1);
        alive.IAmAliveTime = Start.AddMinutes(5);
        await table.UpdateIAmAliveAsync(alive);

        var all = await table.ReadAllAsync();
        Assert.Equal((Start.AddMinutes(5), 1), (Assert.Single(all.Members).Item1.IAmAliveTime, all.Version.Version));
    }

    [Fact]
    public async Task Clients_are_told_of_active_silos_of_their_cluster_that_take_clients()
    {
        var (cluster, other) = (store.NewCluster(), store.NewCluster());
        var table = await store.Membership(cluster);
        await Join(table, Member(1), SiloStatus.Active);
        await Join(table, Member(2), SiloStatus.Joining);
        await Join(table, Member(3), SiloStatus.Dead);
        await Join(table, Member(4, gatewayPort: 0), SiloStatus.Active);
        await Join(await store.Membership(other), Member(5), SiloStatus.Active);

        var gateway = Assert.Single(await (await store.Gateways(cluster)).GetGateways());
        Assert.Equal((IPAddress.Loopback.ToString(), 30001), (gateway.Host, gateway.Port));
    }

    [Fact]
    public async Task Only_the_dead_are_cleaned_away_and_only_after_a_time()
    {
        var table = await store.Membership(store.NewCluster());
        foreach (var (n, status) in new[] { (1, SiloStatus.Dead), (2, SiloStatus.Active), (3, SiloStatus.Joining) })
            await Join(table, Member(n), status);
        var lately = Member(4);
        lately.IAmAliveTime = Start.AddHours(1);
        await Join(table, lately, SiloStatus.Dead);
        var suspected = Member(5);
        await Join(table, suspected, SiloStatus.Active);
        (suspected.Status, suspected.SuspectTimes) = (SiloStatus.Dead, [Tuple.Create(Member(2).SiloAddress, Start.AddHours(1))]);
        Assert.True(await Update(table, suspected, await Next(table)));

        await table.CleanupDefunctSiloEntriesAsync(Start.AddMinutes(30));
        Assert.Equal(["silo-2", "silo-3", "silo-4", "silo-5"], (await table.ReadAllAsync()).Members.Select(m => m.Item1.SiloName).Order());
    }

    [Fact]
    public async Task A_dead_silo_that_was_suspected_is_cleaned_away_later()
    {
        var table = await store.Membership(store.NewCluster());
        var suspected = Member(1);
        await Join(table, suspected, SiloStatus.Active);
        (suspected.Status, suspected.SuspectTimes) = (SiloStatus.Dead, [Tuple.Create(Member(2).SiloAddress, Start.AddHours(1))]);
        Assert.True(await Update(table, suspected, await Next(table)));

        await table.CleanupDefunctSiloEntriesAsync(Start.AddHours(2));
        Assert.Empty((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task A_cluster_is_removed_with_its_members_and_no_other_one_is()
    {
        var (cluster, other) = (store.NewCluster(), store.NewCluster());
        var (table, kept) = (await store.Membership(cluster), await store.Membership(other));
        await Join(table, Member(1), SiloStatus.Active);
        await Join(kept, Member(1), SiloStatus.Active);

        await table.DeleteMembershipTableEntriesAsync(cluster);
        Assert.Equal(0L, await store.Scalar<long>($"select count(*) from cluster.members where cluster_id = '{cluster}'"));
        Assert.Single((await kept.ReadAllAsync()).Members);
    }

    private static async Task Join(IMembershipTable table, MembershipEntry entry, SiloStatus status)
    {
        entry.Status = status;
        Assert.True(await table.InsertRowAsync(entry, await Next(table)));
    }

    private static async Task<TableVersion> Next(IMembershipTable table) => (await table.ReadAllAsync()).Version.Next();

    private static MembershipEntry Member(int number, int generation = 1, int? gatewayPort = null) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11000 + number, generation),
        SiloName = $"silo-{number}",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = gatewayPort ?? 30000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
        SuspectTimes = [],
    };
}
