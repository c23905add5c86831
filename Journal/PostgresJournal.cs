using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>One capability's journal in its PostgreSQL database. Any number of processes may use one database at the same time.</summary>
public sealed partial class PostgresJournal : IJournal, IFactLog, ICheckpoints, IAlarms, IAsyncDisposable
{
    private const string KnowsSql = """
        select exists (select from journal.appends where entity = $1 and operation = $2 and not own)
            or exists (select from journal.answers where entity = $1 and operation = $2)
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _lanes;
    private readonly string _database;
    private readonly Partitioning _partitioning;
    private readonly GroupCommitQueue<AppendRequest, AppendResult> _appends;
    private readonly GroupCommitQueue<LoadRequest, LoadResult> _loads;
    private readonly GroupCommitQueue<int, bool> _news;
    private readonly GroupCommitQueue<Checkpoint, bool> _saves;
    private readonly SemaphoreSlim _farBehind = new(2); // they read much, and must leave connections to the others
    private readonly long[] _swept; // by partition: up to there, unfinished processes have either gone on or got an alarm
    private readonly TailCache _tail;
    private readonly CommitSignal _signal;
    private readonly AnswerPruner _pruner;

    private PostgresJournal(
        NpgsqlDataSource source, NpgsqlDataSource lanes, string database, Partitioning partitioning, JournalOptions options)
    {
        (_source, _lanes, _database, _partitioning) = (source, lanes, database, partitioning);
        _tail = new TailCache(Partitions);
        _swept = new long[Partitions];
        _signal = new CommitSignal(source, Partitions, options.PollInterval, _tail.MayHaveGrown);
        _pruner = new AnswerPruner(this, database, options);
        var appender = new Appender(lanes, database, partitioning, _tail, _signal.Committed);
        // One at a time: an entity's appends must arrive in the order in which they were decided.
        _appends = new(options.MaxBatch, options.MaxBatchBytes, Appender.Weight, 1, appender.Serve, options.MaxLinger);
        _news = new(4 * Partitions, int.MaxValue, _ => 1, 1, ReadNews);
        _saves = new(256, int.MaxValue, _ => 1, 1, Save);
        _loads = new(256, int.MaxValue, _ => 1, 2, new Loader(lanes, database).Serve);
    }

    public int Partitions => _partitioning.Count;

    /// <summary>The gather window of notifications to other processes.</summary>
    internal TimeSpan TellsWithin => _signal.TellsWithin;

    public int PartitionOf(EntityId entity) => _partitioning.Of(entity);

    public async Task<LoadResult> Load(EntityId entity, string snapshotShape, long known = 0)
    {
        EncodableText.Check(entity, entity.ToString());
        return await _loads.Add(new LoadRequest(entity, snapshotShape, known));
    }

    public async Task<bool> Knows(EntityId entity, string operation)
    {
        EncodableText.Check(entity, entity.ToString());
        EncodableText.Check(entity, operation);
        return await Query(async () =>
        {
            await using var look = _source.CreateCommand(KnowsSql);
            look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entity.ToString() });
            look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = operation });
            return (bool)(await look.ExecuteScalarAsync())!;
        }, default);
    }

    public async Task<AppendResult> Append(AppendRequest append)
    {
        EncodableText.Check(append);
        return await _appends.Add(append);
    }

    public async ValueTask DisposeAsync()
    {
        await _appends.DisposeAsync();
        await _loads.DisposeAsync();
        await _news.DisposeAsync();
        await _saves.DisposeAsync();
        await _pruner.DisposeAsync();
        await _signal.DisposeAsync();
        await _lanes.DisposeAsync();
        await _source.DisposeAsync();
    }

    internal static async Task<PostgresJournal> Open(
        string connectionString, string database, Capability capability, bool migrate, JournalOptions options, CancellationToken cancel)
    {
        var source = PostgresConnections.ConnectJournal(connectionString, database, options);
        try
        {
            var keys = options.Keys(capability.Name);
            var partitioning = migrate
                ? await Schema.Prepare(source, database, capability, options.Partitions, keys, null, cancel)
                : await Schema.Check(source, database, capability, keys, cancel);
            var lanes = PostgresConnections.ConnectJournal(
                connectionString, database, options with { MaxConnections = JournalOptions.JournalConnections });
            return new PostgresJournal(source, lanes, database, partitioning, options);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    internal Task<long> Rewrap(IKeyService keys, CancellationToken cancel) => Rewrapping.Run(_source, keys, cancel);

    internal Task<bool> Ping(CancellationToken cancel) => _source.Answers(cancel);
}
