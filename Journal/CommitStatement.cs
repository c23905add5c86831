using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>One call of <c>journal.commit</c>: partitions, entities as heads, and under them their operations and facts.</summary>
internal sealed class CommitStatement
{
    /// <summary>The state of the error that <c>journal.commit</c> raises when not everything is as expected.</summary>
    private const string NotAsExpected = "CO409";

    private static readonly string Sql = $"select journal.commit({string.Join(", ", Enumerable.Range(1, 28).Select(n => $"${n}"))})";

    private readonly IReadOnlyList<Pending<AppendRequest, AppendResult>> _batch;
    private readonly Head[] _headOf; // of each append of the batch
    private readonly List<Head> _heads = [];
    private readonly SortedList<int, List<PlacedFact>> _partitions = [];

    public CommitStatement(IReadOnlyList<Pending<AppendRequest, AppendResult>> batch, Partitioning partitioning)
    {
        (_batch, _headOf) = (batch, new Head[batch.Count]);
        var known = new Dictionary<EntityId, Head>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var append = batch[i].Request;
            if (!known.TryGetValue(append.Entity, out var head))
            {
                head = new Head(append, partitioning.Of(append.Entity));
                known.Add(append.Entity, head);
                _heads.Add(head);
            }

            head.Add(append);
            _headOf[i] = head;
            if (!_partitions.TryGetValue(head.Partition, out var facts)) _partitions.Add(head.Partition, facts = []);
            for (var k = 0; k < append.Facts.Count; k++)
                facts.Add(new PlacedFact(head.Entity, append.ExpectedVersion + k + 1, append.Facts[k], append));
        }
    }

    /// <summary>The partitions of the entities.</summary>
    public IEnumerable<int> Partitions => _partitions.Keys;

    /// <summary>Commits; returns what each partition has got, or null when nothing was done because not all was as expected.</summary>
    public async Task<IReadOnlyList<(int Partition, IReadOnlyList<RecordedFact> Facts)>?> Execute(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        AddTo(command.Parameters);
        await command.PrepareAsync();
        try
        {
            return Placed((long[])(await command.ExecuteScalarAsync())!);
        }
        catch (PostgresException other) when (other.SqlState == NotAsExpected)
        {
            return null;
        }
    }

    private List<(int Partition, IReadOnlyList<RecordedFact> Facts)> Placed(long[] before)
    {
        var placed = new List<(int, IReadOnlyList<RecordedFact>)>(before.Length);
        for (var slot = 0; slot < before.Length; slot++)
        {
            var (partition, facts) = (_partitions.Keys[slot], _partitions.Values[slot]);
            var recorded = new RecordedFact[facts.Count];
            for (var n = 0; n < recorded.Length; n++) recorded[n] = facts[n].Recorded(partition, before[slot] + n + 1);
            placed.Add((partition, recorded));
        }

        return placed;
    }

    private void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddSmalls(_partitions.Keys.Select(p => (short)p)).AddInts(_partitions.Values.Select(f => f.Count));
        AddHeads(parameters);
        AddPredecessors(parameters);
        AddOperations(parameters);
        AddFacts(parameters);
    }

    private void AddHeads(NpgsqlParameterCollection parameters)
    {
        var count = _heads.Count;
        var (entities, expected, versions, wakeAt) = (new string[count], new long[count], new long[count], new DateTime?[count]);
        var (shapes, snapshotVersions, snapshots) = (new string?[count], new long?[count], new string?[count]);
        for (var i = 0; i < count; i++)
        {
            var head = _heads[i];
            (entities[i], expected[i], versions[i], wakeAt[i]) = (
                head.Entity, head.Expected, head.Version, ArrayParameters.WakeTime(head.WakeAt));
            (shapes[i], snapshotVersions[i], snapshots[i]) = (head.Snapshot?.Shape, head.Snapshot?.Version, head.Snapshot?.Json);
        }

        parameters.AddTexts(entities).AddLongs(expected).AddLongs(versions).AddTimes(wakeAt)
            .AddTexts(shapes).AddLongs(snapshotVersions).AddTexts(snapshots);
    }

    // Few: those that were decided on top of an append under way.
    private void AddPredecessors(NpgsqlParameterCollection parameters)
    {
        var after = _heads.Where(h => h.After is not null).ToList();
        parameters.AddTexts(after.Select(h => h.Entity))
            .AddLongs(after.Select(h => h.Expected))
            .AddTexts(after.Select(h => h.After!.Value.OperationId))
            .AddTimes(after.Select(h => h.After!.Value.At.UtcDateTime));
    }

    private void AddOperations(NpgsqlParameterCollection parameters)
    {
        var count = _batch.Count;
        var (entities, ids, fingerprints) = (new string[count], new string[count], new string?[count]);
        var (answers, at) = (new string[count], new DateTime[count]);
        for (var i = 0; i < count; i++)
        {
            var append = _batch[i].Request;
            (entities[i], ids[i], fingerprints[i]) = (_headOf[i].Entity, append.OperationId, append.Fingerprint);
            (answers[i], at[i]) = (append.Answer, append.At.UtcDateTime);
        }

        parameters.AddTexts(entities).AddTexts(ids).AddTexts(fingerprints).AddTexts(answers).AddTimes(at);
    }

    private void AddFacts(NpgsqlParameterCollection parameters)
    {
        var count = 0;
        foreach (var facts in _partitions.Values) count += facts.Count;
        var (slots, offsets, entities, versions) = (new int[count], new int[count], new string[count], new long[count]);
        var (types, data, at) = (new string[count], new string[count], new DateTime[count]);
        var (operations, callers, traces) = (new string[count], new string[count], new string?[count]);
        for (int slot = 0, i = 0; slot < _partitions.Count; slot++)
        {
            var facts = _partitions.Values[slot];
            for (var n = 0; n < facts.Count; n++, i++)
            {
                var (entity, version, fact, append) = facts[n];
                (slots[i], offsets[i], entities[i], versions[i]) = (slot + 1, n + 1, entity, version);
                (types[i], data[i], at[i]) = (fact.Type, fact.Json, append.At.UtcDateTime);
                (operations[i], callers[i], traces[i]) = (append.OperationId, append.Caller, append.TraceParent);
            }
        }

        parameters.AddInts(slots).AddInts(offsets).AddTexts(entities).AddLongs(versions).AddTexts(types).AddTexts(data)
            .AddTimes(at).AddTexts(operations).AddTexts(callers).AddTexts(traces);
    }

    /// <summary>A fact under its entity, before it has a position.</summary>
    private readonly record struct PlacedFact(string Entity, long Version, EncodedFact Fact, AppendRequest Append)
    {
        // As the database gives it back.
        public RecordedFact Recorded(int partition, long position) => new(
            partition, position, Append.Entity, Version, Fact, TimestampPrecision.Down(Append.At), Append.OperationId, Append.Caller,
            Append.TraceParent);
    }

    private sealed class Head(AppendRequest first, int partition)
    {
        public string Entity { get; } = first.Entity.ToString();

        public int Partition { get; } = partition;

        public long Expected { get; } = first.ExpectedVersion;

        public DecidedOn? After { get; } = first.After;

        public long Version { get; private set; } = first.ExpectedVersion;

        public DateTimeOffset? WakeAt { get; private set; }

        public Snapshot? Snapshot { get; private set; }

        public void Add(AppendRequest append)
        {
            Version += append.Facts.Count;
            WakeAt = append.WakeAt;
            Snapshot = append.Snapshot ?? Snapshot;
        }
    }
}
