using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal.Tests;

/// <summary>
/// Draws the next call of a journal from a seed: mostly a usual one, and often enough an invalid one. It depends only on earlier calls,
/// never on an answer, so that the same seed makes the same calls to every journal.
/// </summary>
internal sealed class RandomUse(int seed)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly string[] Keys =
    [
        "a", "A", "b", "a/b", "/", "a b", "a ", " a", "ä", "a\u0308", "商店", "😀", "%41", "a%", "_", "'", "\"", "\\", "$1", "{}", "a\nb",
        "\t", "null", "0", "00", "1e1", "t_1", "t_2", "t_3", "t_4",
    ];

    private static readonly string[] Kinds = ["thing", "Thing", "th"];
    private static readonly string[] Types = ["one/1", "one/2", "two/1", "Two/1"];
    private static readonly string[] Shapes = ["shape/1", "shape/2", "Shape/1"];
    private static readonly string[] Subscriptions = ["these-from-those", "these", "These"];

    private readonly Random _random = new(seed);
    private readonly Dictionary<EntityId, DecidedOn> _last = [];
    private readonly Dictionary<EntityId, long> _versions = []; // about: what an entity's version would be if all had gone well
    private readonly List<string> _operations = [];
    private readonly List<UniqueValue> _claims = [.. Keys[..10].Select(k =>
        new UniqueValue("email", k)), new("login", "a"), new("Email", "a")];
    private DateTimeOffset _now = Appends.Noon;
    private int _made;

    /// <summary>The next question, in words and as a question.</summary>
    public (string What, Func<Under, Task<string>> Ask) Next()
    {
        _now += TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerMinute)); // finer than a database keeps it
        return _random.Next(100) switch
        {
            < 55 => Append(),
            < 67 => Load(),
            < 78 => Read(),
            < 82 => History(),
            < 85 => ("heads", async u => Under.Text(await u.Store.Log.Heads(None))),
            < 88 => Due(),
            < 90 => MoveAlarm(),
            < 91 => Sweep(),
            < 94 => Checkpoint(),
            < 97 => Park(),
            < 98 => ("parked facts", u => u.Parked()),
            _ => Prune(),
        };
    }

    /// <summary>An append, most likely one that can be committed.</summary>
    public AppendRequest NextAppend()
    {
        var entity = Entity();
        var version = Math.Max(0, _versions.GetValueOrDefault(entity) - (_random.Next(6) == 0 ? _random.Next(-2, 3) : 0));
        var keys = RowKeys();
        var facts = Enumerable.Range(0, Few()).Select(_ => new EncodedFact(OneOf(Types), Json(), keys)).ToList();
        var operation = Operation();
        _versions[entity] = version + facts.Count;
        DecidedOn? after = _random.Next(3) == 0 && _last.TryGetValue(entity, out var last) ? last : null; // mostly what was really last
        if (facts.Count > 0) _last[entity] = new DecidedOn(operation, _now);
        return new AppendRequest(
            entity, version, facts, operation,
            Rarely() ? null : $"fingerprint {_random.Next(3)}",
            facts.Count > 0 && Rarely() ? null : $"\"answer {++_made}\"",
            _now,
            OneOf(Keys),
            Rarely() ? OneOf(Keys) : null,
            _random.Next(2) == 0 ? WakeAt() : null,
            _random.Next(4) == 0 ? new Snapshot(OneOf(Shapes), version + facts.Count, Json(), RowKeys()) : null,
            Some(),
            Some(),
            after)
        {
            Own = facts.Count > 0 && Rarely(), Unfinished = _random.Next(3) == 0, AlarmOver = Rarely(), Keys = keys,
            Cause = _made % 3 == 0 ? Keys[_made % Keys.Length] : null,
            Erases = Rarely() ? [.. Enum.GetValues<Purpose>().Where(_ => _random.Next(2) == 0)] : [],
        };
    }

    private (string, Func<Under, Task<string>>) Append()
    {
        var append = NextAppend();
        return (Under.Text(append), u => u.Append(append));
    }

    private (string, Func<Under, Task<string>>) Load()
    {
        var (entity, shape, known) = (Entity(), OneOf(Shapes), _random.Next(2) == 0 ? 0 : _random.Next(12));
        return ($"load {entity} as {shape} above {known}", async u => Under.Text(await u.Store.Journal.Load(entity, shape, known)));
    }

    private (string, Func<Under, Task<string>>) Read()
    {
        var (partition, after, limit) = (_random.Next(3), _random.Next(3) == 0 ? 0 : _random.Next(_made + 2), _random.Next(1, 30));
        string[]? types = _random.Next(2) == 0 ? null : [.. Types.Where(_ => _random.Next(3) == 0)];
        return (
            $"read {limit} facts of partition {partition} after {after} of {(types is null ? "all types" : string.Join(' ', types))}",
            async u => Under.Text(await u.Store.Log.Read(partition, after, limit, types, None)));
    }

    private (string, Func<Under, Task<string>>) History()
    {
        var (entity, after, limit) = (Entity(), _random.Next(4), _random.Next(1, 12));
        return ($"history of {entity} after {after}", async u => Under.Text(await u.Store.Log.History(entity, after, limit, None)));
    }

    private (string, Func<Under, Task<string>>) Due()
    {
        var (until, limit) = (WakeAt(), _random.Next(1, 20));
        return ($"{limit} that are due at {until:O}", u => u.Due(until, limit));
    }

    private (string, Func<Under, Task<string>>) MoveAlarm()
    {
        var (entity, version, wakeAt) = (Entity(), _random.Next(1, 7), Rarely() ? (DateTimeOffset?)null : WakeAt());
        return ($"move the alarm of {entity} at {version} to {wakeAt:O}", async u =>
        {
            await u.Store.Alarms.Move(entity, version, wakeAt);
            return "";
        });
    }

    private (string, Func<Under, Task<string>>) Sweep()
    {
        var until = _now - TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerMinute * 5));
        return ($"sweep until {until:O}", async u =>
        {
            await u.Store.Alarms.Sweep(until, None);
            return "";
        });
    }

    private (string, Func<Under, Task<string>>) Checkpoint()
    {
        var (name, partition, position) = (OneOf(Subscriptions), _random.Next(3), _random.Next(1000));
        return ($"checkpoint {name} of partition {partition} to {position}", async u =>
        {
            var before = await u.Store.Checkpoints.Load(name, partition, None);
            await u.Store.Checkpoints.Save(name, partition, position, None);
            return $"{before} {await u.Store.Checkpoints.Load(name, partition, None)}";
        });
    }

    private (string, Func<Under, Task<string>>) Park()
    {
        var (name, partition, position) = (OneOf(Subscriptions), _random.Next(3), _random.Next(1, 4));
        if (_random.Next(3) == 0)
            return ($"unpark {name} {partition}:{position}", async u =>
            {
                await u.Store.Checkpoints.Unpark(name, partition, position, None);
                return await u.Parked();
            });
        var fact = new RecordedFact(
            partition, position, Entity(), 7, new EncodedFact(OneOf(Types), Json()), Appends.Noon, OneOf(Keys), OneOf(Keys), OneOf(Keys),
            Keys[position]);
        var reason = OneOf(Keys);
        return ($"park {name} {Under.Text(fact)}", async u =>
        {
            await u.Store.Checkpoints.Park(name, fact, reason, None);
            return await u.Parked();
        });
    }

    private (string, Func<Under, Task<string>>) Prune()
    {
        var before = _now - TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerHour));
        return ($"prune before {before:O}", async u => $"{await u.Prune(before)}");
    }

    private EntityId Entity() => new(_random.Next(4) == 0 ? OneOf(Kinds) : Kinds[0], OneOf(Keys));

    private string Operation()
    {
        if (_operations.Count > 0 && Rarely()) return _operations[_random.Next(Math.Max(0, _operations.Count - 40), _operations.Count)];
        _operations.Add($"{OneOf(Keys)} {_operations.Count}");
        return _operations[^1];
    }

    private string? RowKeys() => OneOf<string?>(
        [null, """{"contact": "1.a"}""", """{"payment": "2.b"}""", """{"contact": "1.a", "payment": "2.b", "statutory": "1.c"}"""]);

    private string Json() => $$"""{"n":{{++_made}}, "n":1.50,"text":"{{OneOf(["plain", "ä 商 😀", "\\n\\u0000", " "])}}"}""";

    // Close to each other, so that some entities are to be woken at the very same time, and some a fraction of a microsecond apart.
    private DateTimeOffset WakeAt() => Appends.Noon.AddMinutes(_random.Next(20)).AddTicks(_random.Next(4) == 0 ? _random.Next(25) : 0);

    private List<UniqueValue>? Some() => _random.Next(4) == 0 ? [.. Enumerable.Range(0,
        _random.Next(4)).Select(_ => OneOf(_claims))] : null;

    private int Few() => _random.Next(8) switch { 0 => 0, < 6 => 1, var many => many };

    private bool Rarely() => _random.Next(8) == 0;

    private T OneOf<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
