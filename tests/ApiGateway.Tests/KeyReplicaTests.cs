using Commerce.Access;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Which API keys a gateway lets in, and what it does when it cannot know.</summary>
public sealed class KeyReplicaTests
{
    private readonly FakeClock _clock = new();
    private readonly Journal _journal = new();
    private readonly KeyReplica _keys;
    private readonly string _text = ApiKeyText.New("key_one");

    public KeyReplicaTests() => _keys = new KeyReplica(new Lazy<IFactLog>(_journal), _clock);

    [Fact]
    public async Task A_key_that_is_known_is_looked_up_nowhere()
    {
        Add("key_one", Made(_text));
        Assert.Equal("key/one", (await _keys.Find(_text))!.Name);
        var asked = _journal.Asked;
        for (var i = 0; i < 100; i++) Assert.NotNull(await _keys.Find(_text));
        Assert.Equal(asked, _journal.Asked);
    }

    [Fact]
    public async Task A_typing_error_is_known_without_a_look_up()
    {
        Add("key_one", Made(_text));
        for (var at = 0; at < _text.Length; at++)
        {
            Assert.Null(await _keys.Find(_text.Remove(at, 1)));
            Assert.Null(await _keys.Find(_text[..at] + (_text[at] == 'x' ? 'y' : 'x') + _text[(at + 1)..]));
            if (at > 0 && _text[at] != _text[at - 1])
                Assert.Null(await _keys.Find($"{_text[..(at - 1)]}{_text[at]}{_text[at - 1]}{_text[(at + 1)..]}"));
        }

        Assert.Equal(0, _journal.Asked);
    }

    [Fact]
    public async Task A_guess_of_the_right_shape_is_refused()
    {
        Add("key_one", Made(_text));
        Assert.Null(await _keys.Find(ApiKeyText.New("key_one")));
        Assert.Null(await _keys.Find(ApiKeyText.New("key_two")));
    }

    [Fact]
    public async Task A_key_that_was_made_a_moment_ago_is_found()
    {
        Assert.Null(await _keys.Find(_text));
        Add("key_one", Made(_text));
        Assert.NotNull(await _keys.Find(_text));
    }

    [Fact]
    public async Task A_key_serves_until_the_instant_of_its_end()
    {
        Add("key_one", Made(_text));
        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(await _keys.Find(_text));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await _keys.Find(_text));
    }

    [Fact]
    public async Task What_was_revoked_elsewhere_is_known_to_a_follower_at_once()
    {
        Add("key_one", Made(_text));
        using var end = new CancellationTokenSource();
        var following = _keys.Follow(_ => { }, end.Token);
        Assert.NotNull(await _keys.Find(_text));
        Add("key_one", new ApiKeyRevoked(_clock.Now));
        for (var patience = 5_000; await _keys.Find(_text) is not null; patience--) // while the clock stands still
        {
            Assert.True(patience > 0, "It was never known.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        end.Cancel();
        await following;
    }

    [Fact]
    public async Task Without_the_journal_no_key_is_let_in_for_longer_than_the_bound()
    {
        Add("key_one", Made(_text));
        Assert.NotNull(await _keys.Find(_text));
        _journal.Away = true;
        _clock.Advance(KeyReplica.MaxAge - TimeSpan.FromTicks(1));
        Assert.NotNull(await _keys.Find(_text));
        await Assert.ThrowsAsync<UnavailableException>(async () => await _keys.Find(ApiKeyText.New("key_new")));
        _clock.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<UnavailableException>(async () => await _keys.Find(_text));
        _journal.Away = false;
        Add("key_one", new ApiKeyRevoked(_clock.Now));
        Assert.Null(await _keys.Find(_text));
    }

    [Fact]
    public async Task A_key_of_a_role_that_has_lost_a_scope_has_lost_it_too()
    {
        Add("key_one", Made(_text) with { Scopes = ["catalogue:write", "ledger:close"] });
        Assert.Equal(["catalogue:write"], (await _keys.Find(_text))!.Scopes);
    }

    private ApiKeyMade Made(string text) => new(
        "One", ["merchandiser"], ["catalogue:write"], Reach.Everything, Convert.ToHexStringLower(ConfiguredKey.DigestOf(text)), _clock.Now,
        _clock.Now.AddDays(1));

    private void Add(string id, ApiKeyFact fact) => _journal.Add(new EntityId("api_key", id), AccessCapability.Facts.Encode(fact));

    /// <summary>A journal of one partition that can be away.</summary>
    private sealed class Journal : IFactLog
    {
        private readonly List<RecordedFact> _facts = [];
        private TaskCompletionSource _changed = new();

        public bool Away { get; set; }

        /// <summary>How often anything was asked of it.</summary>
        public int Asked { get; private set; }

        public int Partitions => 1;

        public int PartitionOf(EntityId entity) => 0;

        public void Add(EntityId entity, EncodedFact fact)
        {
            lock (_facts)
                _facts.Add(new RecordedFact(
                    0, _facts.Count + 1, entity, _facts.Count(f => f.Entity == entity) + 1, fact, default, "op", "tests", null));
            Interlocked.Exchange(ref _changed, new()).SetResult();
        }

        public Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
            int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel) => Ask(() =>
        {
            IReadOnlyList<RecordedFact> facts = [.. _facts.Skip((int)after).Take(limit)];
            return (facts, after + facts.Count);
        });

        public Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<long>> Heads(CancellationToken cancel) => Ask<IReadOnlyList<long>>(() => [_facts.Count]);

        public Task Changed(CancellationToken cancel) => Volatile.Read(ref _changed).Task.WaitAsync(cancel);

        private Task<T> Ask<T>(Func<T> answer)
        {
            lock (_facts)
            {
                Asked++;
                return Away ? Task.FromException<T>(new UnavailableException("Away.", TimeSpan.Zero)) : Task.FromResult(answer());
            }
        }
    }
}
