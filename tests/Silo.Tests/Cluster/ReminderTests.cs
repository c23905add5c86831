using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>Our reminder table through Orleans' provider.</summary>
public sealed class ReminderTests(ClusterStore store) : IClassFixture<ClusterStore>
{
    private static readonly DateTime Start = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    [Fact]
    public async Task A_reminder_is_read_as_it_was_written()
    {
        var table = await store.Reminders("written");
        var tag = await table.UpsertRow(Reminder("a", "wake"));
        var read = await table.ReadRow(Grain("a"), "wake");
        Assert.NotNull(read);
        Assert.Equal(
            (Grain("a"), "wake", Start, TimeSpan.FromSeconds(10), tag),
            (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Null(await table.ReadRow(Grain("a"), "other"));
        Assert.Null(await (await store.Reminders("another service")).ReadRow(Grain("a"), "wake"));
    }

    [Fact]
    public async Task The_same_reminder_again_replaces_it_under_a_new_version()
    {
        var table = await store.Reminders("replaced");
        var first = await table.UpsertRow(Reminder("a", "wake"));
        var longer = Reminder("a", "wake");
        (longer.StartAt, longer.Period) = (Start.AddDays(1), TimeSpan.FromDays(60)); // more milliseconds than an int holds
        var second = await table.UpsertRow(longer);
        Assert.NotEqual(first, second);

        var read = Assert.Single((await table.ReadRows(Grain("a"))).Reminders);
        Assert.Equal((Start.AddDays(1), TimeSpan.FromDays(60), second), (read.StartAt, read.Period, read.ETag));
    }

    [Fact]
    public async Task Registrations_at_once_make_one_reminder()
    {
        var table = await store.Reminders("at once");
        var tags = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => table.UpsertRow(Reminder("a", "wake"))));
        Assert.Equal(10, tags.Distinct().Count());
        Assert.Single((await table.ReadRows(Grain("a"))).Reminders);
    }

    [Fact]
    public async Task A_reminder_is_removed_under_its_present_version_only()
    {
        var table = await store.Reminders("removed");
        var stale = await table.UpsertRow(Reminder("a", "wake"));
        var present = await table.UpsertRow(Reminder("a", "wake"));
        Assert.False(await table.RemoveRow(Grain("a"), "wake", stale!));
        Assert.NotNull(await table.ReadRow(Grain("a"), "wake"));
        Assert.True(await table.RemoveRow(Grain("a"), "wake", present!));
        Assert.Null(await table.ReadRow(Grain("a"), "wake"));
        Assert.False(await table.RemoveRow(Grain("a"), "wake", present!));
    }

    [Fact]
    public async Task Each_piece_of_the_ring_has_the_reminders_hashed_above_its_begin_up_to_its_end()
    {
        var table = await store.Reminders("ring");
        var grains = Enumerable.Range(0, 60).Select(n => Grain($"g{n}")).ToList();
        foreach (var grain in grains) await table.UpsertRow(Reminder(grain.Key.ToString()!, "wake"));
        var hashes = grains.Select(g => g.GetUniformHashCode()).Order().ToList();
        Assert.Contains(hashes, h => h > int.MaxValue); // stored as negative numbers
        uint[] edges = [0, 1, hashes[0], hashes[20], hashes[40], int.MaxValue, (uint)int.MaxValue + 1, hashes[^1], uint.MaxValue];

        foreach (var begin in edges)
            foreach (var end in edges)
            {
                var expected = grains.Where(g => Inside(g.GetUniformHashCode(), begin, end)).Select(g => g.ToString()).Order();
                var read = (await table.ReadRows(begin, end)).Reminders.Select(r => r.GrainId.ToString()).Order();
                Assert.True(expected.SequenceEqual(read), $"({begin}, {end}]");
            }
    }

    [Fact]
    public async Task A_service_removes_its_own_reminders_only()
    {
        var (table, other) = (await store.Reminders("own"), await store.Reminders("not own"));
        await table.UpsertRow(Reminder("a", "wake"));
        await other.UpsertRow(Reminder("a", "wake"));
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(Grain("a"))).Reminders);
        Assert.Single((await other.ReadRows(Grain("a"))).Reminders);
    }

    /// <summary>On a ring that begins anew after its largest number; a piece that ends where it begins is all of it.</summary>
    private static bool Inside(uint hash, uint begin, uint end) => begin < end
        ? hash > begin && hash <= end
        : hash > begin || hash <= end;

    private static GrainId Grain(string key) => GrainId.Create("test", key);

    private static ReminderEntry Reminder(string key, string name) => new()
    {
        GrainId = Grain(key), ReminderName = name, StartAt = Start, Period = TimeSpan.FromSeconds(10),
    };
}
