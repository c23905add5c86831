using Orleans.Storage;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>Our table of grains' state through Orleans' provider.</summary>
public sealed class StateTests(ClusterStore store) : IClassFixture<ClusterStore>
{
    [Theory]
    [InlineData("text key")]
    [InlineData("42")] // numbers and GUIDs, with and without a text, are taken apart
    [InlineData("2a")]
    [InlineData("2a+and text")]
    [InlineData("0f8fad5bd9cb469fa16570867728950e")]
    [InlineData("0f8fad5bd9cb469fa16570867728950e+and text")]
    public async Task A_state_is_written_read_changed_and_cleared(string key)
    {
        var storage = await store.States($"states {key}");
        var written = await Write(storage, key, "one");
        Assert.True(written.RecordExists);
        var read = await Read(storage, key);
        Assert.Equal(("one", written.ETag, true), (read.State!.Text, read.ETag, read.RecordExists));

        read.State = new Note { Text = "two" };
        await storage.WriteStateAsync("note", Grain(key), read);
        Assert.NotEqual(written.ETag, read.ETag);
        Assert.Equal("two", await Text(storage, key));

        await storage.ClearStateAsync("note", Grain(key), read);
        Assert.Null(await Text(storage, key));
        var again = await Read(storage, key);
        again.State = new Note { Text = "three" };
        await storage.WriteStateAsync("note", Grain(key), again);
        Assert.Equal("three", await Text(storage, key));
    }

    [Fact]
    public async Task What_was_never_written_is_not_there()
    {
        var read = await Read(await store.States("never"), "a");
        Assert.Equal((false, null), (read.RecordExists, read.ETag));
    }

    [Fact]
    public async Task A_write_on_a_version_that_is_gone_is_a_conflict()
    {
        var storage = await store.States("conflict");
        var first = await Write(storage, "a", "one");
        var stale = await Read(storage, "a");
        await storage.WriteStateAsync("note", Grain("a"), first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", Grain("a"), stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", Grain("a"), stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, "a", "a second first write"));
        Assert.Equal("one", await Text(storage, "a"));
    }

    [Fact]
    public async Task Of_first_writes_at_once_one_wins()
    {
        var storage = await store.States("at once");
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            try
            {
                return (await Write(storage, "a", $"{n}")).State!.Text;
            }
            catch (InconsistentStateException)
            {
                return null;
            }
        }));
        Assert.Equal(Assert.Single(won, w => w is not null), await Text(storage, "a"));
    }

    [Fact]
    public async Task A_state_that_is_deleted_leaves_no_row()
    {
        var storage = await store.States("deleted", deletes: true);
        var state = await Write(storage, "a", "one");
        await storage.ClearStateAsync("note", Grain("a"), state);
        Assert.Equal((false, null), (state.RecordExists, state.ETag));
        Assert.Equal(0L, await store.Scalar<long>("select count(*) from cluster.states where service_id = 'deleted'"));
        await Write(storage, "a", "two");
    }

    [Fact]
    public async Task Kinds_of_state_services_and_keys_are_kept_apart()
    {
        var (storage, other) = (await store.States("apart"), await store.States("apart too"));
        await Write(storage, "a", "one");
        Assert.False((await Read(storage, "b")).RecordExists);
        Assert.False((await Read(other, "a")).RecordExists);
        var kind = new GrainState<Note>(new Note());
        await storage.ReadStateAsync("another kind", Grain("a"), kind);
        Assert.False(kind.RecordExists);
    }

    private static GrainId Grain(string key) => GrainId.Create("test", key);

    private static async Task<GrainState<Note>> Write(IGrainStorage storage, string key, string text)
    {
        var state = new GrainState<Note>(new Note { Text = text });
        await storage.WriteStateAsync("note", Grain(key), state);
        return state;
    }

    private static async Task<GrainState<Note>> Read(IGrainStorage storage, string key)
    {
        var state = new GrainState<Note>(new Note());
        await storage.ReadStateAsync("note", Grain(key), state);
        return state;
    }

    private static async Task<string?> Text(IGrainStorage storage, string key) => (await Read(storage, key)).State!.Text;

    /// <summary>Any state. Orleans' storage reads only types that are registered with its serializer.</summary>
    [GenerateSerializer]
    public sealed class Note
    {
        [Id(0)]
        public string? Text { get; set; }
    }
}
