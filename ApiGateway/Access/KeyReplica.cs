using System.Collections.Concurrent;
using System.Security.Cryptography;
using Commerce.Access;
using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// The API keys that were made over the API, kept in this process and followed in the journal (decision 28): no request asks a database for
/// them. A change is seen moments after its commit. While it is not known for <see cref="MaxAge"/> whether there was one, no key is let in.
/// </summary>
internal sealed class KeyReplica
{
    /// <summary>How old what is known may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    /// <summary>How often a change is looked for where none is announced.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private const int BatchSize = 1_000;

    private readonly ConcurrentDictionary<string, Known> _keys = []; // by what their secrets begin with
    private readonly Lazy<IFactLog> _log;
    private readonly TimeProvider _clock;
    private readonly SharedLook _look;
    private long[]? _seen; // by partition

    public KeyReplica(Lazy<IFactLog> log, TimeProvider clock) => (_log, _clock, _look) = (log, clock, new SharedLook(clock, Read));

    /// <summary>Whose key this is; null: it is none, or it does not serve any more.</summary>
    /// <exception cref="UnavailableException">It cannot be known now.</exception>
    public async ValueTask<Caller?> Find(string text)
    {
        if (ApiKeyText.Read(text) is not { } start) return null;
        var digest = ConfiguredKey.DigestOf(text);
        if (IsFresh && CallerOf(start, digest) is { } caller) return caller;
        await CatchUp(); // it may have been made elsewhere a moment ago
        return CallerOf(start, digest);
    }

    /// <summary>Returns when all is known that was committed before this call. Calls at the same time share one look.</summary>
    /// <exception cref="UnavailableException">The journal does not answer.</exception>
    public async Task CatchUp()
    {
        using var patience = new CancellationTokenSource(Patience, _clock);
        try
        {
            await _look.Fresh(patience.Token);
        }
        catch (OperationCanceledException slow)
        {
            throw new UnavailableException("API keys cannot be checked at the moment.", TimeSpan.FromSeconds(2), slow);
        }
    }

    /// <summary>Follows the journal until cancelled.</summary>
    public async Task Follow(Action<Exception> report, CancellationToken cancel)
    {
        for (var failures = 0; !cancel.IsCancellationRequested;)
        {
            try
            {
                var changed = _log.Value.ChangedSoon(cancel); // before the look, so that no commit is missed
                await CatchUp();
                failures = 0;
                await Task.WhenAny(changed, Task.Delay(LookEvery, _clock, cancel));
            }
            catch (Exception away)
            {
                if (failures++ == 0 && !cancel.IsCancellationRequested) report(away);
                await Backoff.Until(Backoff.After(failures, LookEvery, LongestPause, Random.Shared), _clock, cancel);
            }
        }
    }

    private bool IsFresh => _look.Age < MaxAge;

    private Caller? CallerOf(string start, byte[] digest)
    {
        if (!_keys.TryGetValue(start, out var key) || key.State.RevokedAt is not null) return null;
        var now = _clock.GetUtcNow();
        return key.State.Secrets.Any(s => now < s.EndsAt
            && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(s.Digest), digest)) ? key.Caller : null;
    }

    private async Task Read(CancellationToken cancel)
    {
        var heads = await _log.Value.Heads(cancel);
        _seen ??= new long[heads.Count];
        while (_seen.Zip(heads).Any(p => p.First < p.Second))
        {
            var read = await _log.Value.ReadEach(_seen, _log.Value.Share(BatchSize), types: null, cancel);
            foreach (var fact in read.SelectMany(r => r.Facts)) Apply(fact);
            _seen = [.. read.Select(r => r.SeenTo)];
        }
    }

    private void Apply(RecordedFact recorded)
    {
        var (id, start) = (recorded.Entity.Key, ApiKeyText.StartOf(recorded.Entity.Key));
        var before = _keys.TryGetValue(start, out var known) ? known.State : ApiKeyState.Initial;
        var state = ApiKeyRules.Evolve(before, (ApiKeyFact)AccessCapability.Facts.Decode(recorded.Fact));
        _keys[start] = new Known(state, CallerOf(id, state));
    }

    // Roles may have lost scopes since.
    private static Caller CallerOf(string id, ApiKeyState state) => new(
        $"key/{id["key_".Length..]}", AccessTable.Of(state.Roles) is var (scopes, _) ? [.. state.Scopes.Where(scopes.Contains)] : [],
        state.Reach);

    private sealed record Known(ApiKeyState State, Caller Caller);
}

/// <summary>Keeps the replica up from the start to the end of the process.</summary>
internal sealed class KeyFollower(KeyReplica keys, ILogger<KeyFollower> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stopping) => keys.Follow(
        away => log.LogWarning(away, "API keys cannot be followed now; after {Seconds} s none is let in", KeyReplica.MaxAge.TotalSeconds),
        stopping);
}
