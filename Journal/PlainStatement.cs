using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>One call of <c>journal.append</c>: entities as heads, and under them their operations and facts.</summary>
internal sealed class PlainStatement
{
    private static readonly string Sql = $"select * from journal.append({string.Join(", ", Enumerable.Range(1, 26).Select(n => $"${n}"))})";

    private readonly IReadOnlyList<Pending<Append, Appended>> _batch;
    private readonly int[] _headOf;
    private readonly List<Head> _heads = [];

    public PlainStatement(IReadOnlyList<Pending<Append, Appended>> batch, int partitions)
    {
        (_batch, _headOf) = (batch, new int[batch.Count]);
        var known = new Dictionary<EntityId, int>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var append = batch[i].Request;
            if (!known.TryGetValue(append.Entity, out var head))
            {
                known.Add(append.Entity, head = _heads.Count);
                _heads.Add(new Head(append, (short)Partitioning.Of(append.Entity, partitions)));
            }

            _headOf[i] = head;
            _heads[head].Add(append);
        }
    }

    public int Heads => _heads.Count;

    public int HeadOf(int append) => _headOf[append];

    /// <summary>Commits; returns the heads that nothing was done for.</summary>
    public async Task<HashSet<int>> Execute(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        AddTo(command.Parameters);
        var leftOut = new HashSet<int>();
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) leftOut.Add(reader.GetInt32(0));
        return leftOut;
    }

    private void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddSmalls(_heads.Select(h => h.Partition).Distinct())
            .AddTexts(_heads.Select(h => h.Entity))
            .AddLongs(_heads.Select(h => (long?)h.Expected))
            .AddTexts(_heads.Select(h => h.After?.OperationId))
            .AddTimes(_heads.Select(h => h.After?.At))
            .AddLongs(_heads.Select(h => (long?)h.Version))
            .AddWakeTimes(_heads.Select(h => h.WakeAt))
            .AddTexts(_heads.Select(h => h.Snapshot?.Shape))
            .AddLongs(_heads.Select(h => h.Snapshot?.Version))
            .AddTexts(_heads.Select(h => h.Snapshot?.Json));

        var operations = _batch.Select(p => p.Request).ToList();
        parameters.AddInts(_headOf)
            .AddTexts(_headOf.Select(h => _heads[h].Entity))
            .AddTexts(operations.Select(a => a.OperationId))
            .AddTexts(operations.Select(a => a.Fingerprint))
            .AddTexts(operations.Select(a => a.Answer))
            .AddTimes(operations.Select(a => a.At));

        var facts = Facts();
        parameters.AddInts(facts.Select(f => f.Head))
            .AddSmalls(facts.Select(f => _heads[f.Head].Partition))
            .AddTexts(facts.Select(f => _heads[f.Head].Entity))
            .AddLongs(facts.Select(f => (long?)f.Version))
            .AddTexts(facts.Select(f => f.Fact.Type))
            .AddTexts(facts.Select(f => f.Fact.Json))
            .AddTimes(facts.Select(f => f.Append.At))
            .AddTexts(facts.Select(f => f.Append.OperationId))
            .AddTexts(facts.Select(f => f.Append.Caller))
            .AddTexts(facts.Select(f => f.Append.TraceParent));
    }

    private List<(int Head, long Version, EncodedFact Fact, Append Append)> Facts()
    {
        var facts = new List<(int, long, EncodedFact, Append)>(_batch.Count);
        for (var i = 0; i < _batch.Count; i++)
        {
            var append = _batch[i].Request;
            for (var k = 0; k < append.Facts.Count; k++) facts.Add((_headOf[i], append.ExpectedVersion + k + 1, append.Facts[k], append));
        }

        return facts;
    }

    private sealed class Head(Append first, short partition)
    {
        public string Entity { get; } = first.Entity.ToString();

        public short Partition { get; } = partition;

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
