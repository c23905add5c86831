using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>One call of <c>journal.commit</c>: the partitions, the entities as they must be, and the appends.</summary>
internal sealed class CommitStatement
{
    /// <summary>The state of the error that <c>journal.commit</c> raises when not everything is as expected.</summary>
    private const string NotAsExpected = "CO409";

    private static readonly string Sql = $"select journal.commit({string.Join(", ", Enumerable.Range(1, 36).Select(n => $"${n}"))})";

    private readonly List<Placed> _appends = [];
    private readonly List<Placed> _answers = []; // appends without facts
    private readonly Dictionary<EntityId, Head> _heads;
    private readonly SortedList<int, int> _partitions = []; // and the number of their new facts

    public CommitStatement(IReadOnlyList<Pending<AppendRequest, AppendResult>> batch, Partitioning partitioning)
    {
        _heads = new Dictionary<EntityId, Head>(batch.Count);
        foreach (var append in batch.Select(pending => pending.Request))
        {
            if (!_heads.TryGetValue(append.Entity, out var head))
                _heads.Add(append.Entity, head = new Head(append, partitioning.Of(append.Entity)));
            head.Last = append;
            head.Snapshot = append.Snapshot ?? head.Snapshot;
            var last = _partitions[head.Partition] = _partitions.GetValueOrDefault(head.Partition) + append.Facts.Count;
            (append.Facts.Count > 0 ? _appends : _answers).Add(new Placed(append, head, last));
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
            return Recorded((long[])(await command.ExecuteScalarAsync())!);
        }
        catch (PostgresException other) when (other.SqlState is NotAsExpected or PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    private List<(int Partition, IReadOnlyList<RecordedFact> Facts)> Recorded(long[] before)
    {
        var recorded = _partitions.Select(p => (Partition: p.Key, Facts: new List<RecordedFact>(p.Value))).ToList();
        foreach (var append in _appends)
        {
            var slot = _partitions.IndexOfKey(append.Head.Partition);
            append.AddRecorded(recorded[slot].Facts, before[slot]);
        }

        return [.. recorded.Select(r => (r.Partition, (IReadOnlyList<RecordedFact>)r.Facts))];
    }

    private void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddSmalls(_partitions.Keys.Select(p => (short)p));
        AddHeads(parameters);
        AddAppends(parameters);
        parameters.AddTexts(_answers.Select(a => a.Head.Entity)).AddTexts(_answers.Select(a => a.Append.OperationId))
            .AddTexts(_answers.Select(a => a.Append.Fingerprint)).AddTexts(_answers.Select(a => a.Append.Answer))
            .AddTimes(_answers.Select(a => a.Append.At.UtcDateTime)).AddTexts(_answers.Select(a => a.Append.Keys));
        AddWhatIsRare(parameters);
    }

    private void AddHeads(NpgsqlParameterCollection parameters)
    {
        var (count, i) = (_heads.Count, 0);
        var (entities, versions) = (new string[count], new long[count]);
        var (operations, times) = (new string?[count], new DateTime?[count]);
        foreach (var head in _heads.Values)
        {
            (entities[i], versions[i]) = (head.Entity, head.First.ExpectedVersion);
            (operations[i], times[i]) = (head.First.After?.OperationId, head.First.After?.At.UtcDateTime);
            i++;
        }

        parameters.AddTexts(entities).AddLongs(versions).AddTexts(operations).AddTimes(times);
    }

    private void AddAppends(NpgsqlParameterCollection parameters)
    {
        var count = _appends.Count;
        var (slots, lasts, entities, basedOn) = (new int[count], new int[count], new string[count], new long[count]);
        var (facts, types, data, at) = (new int[count], new string[count], new string[count], new DateTime[count]);
        var (operations, own, unfinished, callers) = (new string[count], new bool[count], new bool[count], new string[count]);
        var (causes, traces, fingerprints) = (new string?[count], new string?[count], new string?[count]);
        var (answers, keys) = (new string?[count], new string?[count]);
        for (var i = 0; i < count; i++)
        {
            var (append, head, last) = _appends[i];
            (slots[i], lasts[i]) = (_partitions.IndexOfKey(head.Partition) + 1, last);
            (entities[i], basedOn[i], facts[i]) = (head.Entity, append.ExpectedVersion, append.Facts.Count);
            (types[i], data[i]) = FactColumns.Of(append.Facts);
            (at[i], operations[i], own[i], unfinished[i]) = (append.At.UtcDateTime, append.OperationId, append.Own, append.Unfinished);
            (callers[i], causes[i], traces[i], fingerprints[i], answers[i], keys[i]) = (
                append.Caller, append.Cause, append.TraceParent, append.Fingerprint, append.Answer, append.Keys);
        }

        parameters.AddInts(slots).AddInts(lasts).AddTexts(entities).AddLongs(basedOn).AddInts(facts).AddTexts(types).AddTexts(data)
            .AddTimes(at).AddTexts(operations).AddBooleans(own).AddBooleans(unfinished).AddTexts(callers).AddTexts(causes)
            .AddTexts(traces).AddTexts(fingerprints).AddTexts(answers).AddTexts(keys);
    }

    // The last append of an entity says what its alarm is.
    private void AddWhatIsRare(NpgsqlParameterCollection parameters)
    {
        var snapshots = _heads.Values.Where(h => h.Snapshot is not null).ToList();
        var alarms = _heads.Values.Where(h => h.Last.WakeAt is not null).ToList();
        var over = _heads.Values.Where(h => h.Last is { WakeAt: null, AlarmOver: true });
        parameters.AddTexts(snapshots.Select(h => h.Entity)).AddLongs(snapshots.Select(h => h.Snapshot!.Version))
            .AddTexts(snapshots.Select(h => h.Snapshot!.Shape)).AddTexts(snapshots.Select(h => h.Snapshot!.Json))
            .AddTexts(snapshots.Select(h => h.Snapshot!.Keys)).AddTexts(alarms.Select(h => h.Entity))
            .AddTimes(alarms.Select(h => ArrayParameters.WakeTime(h.Last.WakeAt)))
            .AddTexts(over.Select(h => h.Entity));
    }

    /// <summary>An append, and the place of its last fact among the new ones of its partition.</summary>
    private readonly record struct Placed(AppendRequest Append, Head Head, int Last)
    {
        // As the database gives them back.
        public void AddRecorded(List<RecordedFact> facts, long before)
        {
            var at = TimestampPrecision.Down(Append.At);
            for (var i = 0; i < Append.Facts.Count; i++)
                facts.Add(new RecordedFact(
                    Head.Partition, before + Last - Append.Facts.Count + i + 1, Append.Entity, Append.ExpectedVersion + i + 1,
                    Append.Facts[i], at, Append.OperationId, Append.Caller, Append.TraceParent, Append.Cause));
        }
    }

    private sealed class Head(AppendRequest first, int partition)
    {
        public string Entity { get; } = first.Entity.ToString();

        public int Partition { get; } = partition;

        public AppendRequest First { get; } = first;

        public AppendRequest Last { get; set; } = first;

        public Snapshot? Snapshot { get; set; }
    }
}
