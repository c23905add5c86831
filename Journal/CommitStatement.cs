using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>One call of <c>journal.commit</c>: partitions, entities as heads, and under them their operations and facts.</summary>
internal sealed class CommitStatement
{
    private static readonly string Sql = $"select journal.commit({string.Join(", ", Enumerable.Range(1, 28).Select(n => $"${n}"))})";

    private readonly IReadOnlyList<Pending<Append, Appended>> _batch;
    private readonly List<Head> _heads = [];
    private readonly SortedList<int, List<PlacedFact>> _partitions = [];

    public CommitStatement(IReadOnlyList<Pending<Append, Appended>> batch, int partitions)
    {
        _batch = batch;
        var known = new Dictionary<EntityId, Head>(batch.Count);
        foreach (var append in batch.Select(p => p.Request))
        {
            if (!known.TryGetValue(append.Entity, out var head))
            {
                head = new Head(append, Partitioning.Of(append.Entity, partitions));
                known.Add(append.Entity, head);
                _heads.Add(head);
            }

            head.Add(append);
            if (!_partitions.TryGetValue(head.Partition, out var facts)) _partitions.Add(head.Partition, facts = []);
            for (var k = 0; k < append.Facts.Count; k++)
                facts.Add(new PlacedFact(head.Entity, append.ExpectedVersion + k + 1, append.Facts[k], append));
        }
    }

    /// <summary>The partitions of the entities.</summary>
    public IEnumerable<int> Partitions => _partitions.Keys;

    /// <summary>Commits; returns what each partition has got, or null when nothing was done because not all was as expected.</summary>
    public async Task<IReadOnlyList<(int Partition, IReadOnlyList<Recorded> Facts)>?> Execute(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        AddTo(command.Parameters);
        await command.PrepareAsync();
        try
        {
            return Placed((long[])(await command.ExecuteScalarAsync())!);
        }
        catch (PostgresException other) when (other.SqlState == SchemaCommit.NotAsExpected)
        {
            return null;
        }
    }

    private List<(int Partition, IReadOnlyList<Recorded> Facts)> Placed(long[] before)
    {
        var placed = new List<(int, IReadOnlyList<Recorded>)>(before.Length);
        foreach (var ((partition, facts), first) in _partitions.Zip(before))
            placed.Add((partition, [.. facts.Select((f, n) => f.Recorded(partition, first + n + 1))]));
        return placed;
    }

    private void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddSmalls(_partitions.Keys.Select(p => (short)p)).AddInts(_partitions.Values.Select(f => f.Count));

        parameters.AddTexts(_heads.Select(h => h.Entity))
            .AddLongs(_heads.Select(h => (long?)h.Expected))
            .AddLongs(_heads.Select(h => (long?)h.Version))
            .AddWakeTimes(_heads.Select(h => h.WakeAt))
            .AddTexts(_heads.Select(h => h.Snapshot?.Shape))
            .AddLongs(_heads.Select(h => h.Snapshot?.Version))
            .AddTexts(_heads.Select(h => h.Snapshot?.Json));

        var after = _heads.Where(h => h.After is not null).ToList();
        parameters.AddTexts(after.Select(h => h.Entity))
            .AddLongs(after.Select(h => (long?)h.Expected))
            .AddTexts(after.Select(h => h.After!.Value.OperationId))
            .AddTimes(after.Select(h => h.After!.Value.At));

        var operations = _batch.Select(p => p.Request).ToList();
        parameters.AddTexts(operations.Select(a => a.Entity.ToString()))
            .AddTexts(operations.Select(a => a.OperationId))
            .AddTexts(operations.Select(a => a.Fingerprint))
            .AddTexts(operations.Select(a => a.Answer))
            .AddTimes(operations.Select(a => a.At));

        var facts = _partitions.Values.SelectMany(f => f).ToList();
        parameters.AddInts(_partitions.Values.SelectMany((f, slot) => Enumerable.Repeat(slot + 1, f.Count)))
            .AddInts(_partitions.Values.SelectMany(f => Enumerable.Range(1, f.Count)))
            .AddTexts(facts.Select(f => f.Entity))
            .AddLongs(facts.Select(f => (long?)f.Version))
            .AddTexts(facts.Select(f => f.Fact.Type))
            .AddTexts(facts.Select(f => f.Fact.Json))
            .AddTimes(facts.Select(f => f.Append.At))
            .AddTexts(facts.Select(f => f.Append.OperationId))
            .AddTexts(facts.Select(f => f.Append.Caller))
            .AddTexts(facts.Select(f => f.Append.TraceParent));
    }

    /// <summary>A fact under its entity, before it has a position.</summary>
    private readonly record struct PlacedFact(string Entity, long Version, EncodedFact Fact, Append Append)
    {
        // As the database gives it back.
        public Recorded Recorded(int partition, long position) => new(
            partition, position, Append.Entity, Version, Fact, Microseconds.Down(Append.At), Append.OperationId, Append.Caller,
            Append.TraceParent);
    }

    private sealed class Head(Append first, int partition)
    {
        public string Entity { get; } = first.Entity.ToString();

        public int Partition { get; } = partition;

        public long Expected { get; } = first.ExpectedVersion;

        public Predecessor? After { get; } = first.After;

        public long Version { get; private set; } = first.ExpectedVersion;

        public DateTimeOffset? WakeAt { get; private set; }

        public Snapshot? Snapshot { get; private set; }

        public void Add(Append append)
        {
            Version += append.Facts.Count;
            WakeAt = append.WakeAt;
            Snapshot = append.Snapshot ?? Snapshot;
        }
    }
}
