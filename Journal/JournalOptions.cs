using Commerce.Engine;

namespace Commerce.Journal;

/// <summary>How the journals of this process work.</summary>
public sealed record JournalOptions
{
    /// <summary>
    /// For one of several processes on one server: it lingers between commits, because each process gets only a part of the appends that
    /// could share a commit.
    /// </summary>
    public static JournalOptions OneOfSeveral => new() { MaxLinger = TimeSpan.FromMilliseconds(15) };

    /// <summary>
    /// The keys of a capability, by its name: they seal what its database keeps of persons. Null: there are none, and nothing can be kept.
    /// </summary>
    public Func<string, IKeyService?> Keys { get; init; } = _ => null;

    /// <summary>How many partitions a new database gets; an existing one keeps its own.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>How long a statement may take before its outcome counts as unknown.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting may take before the database counts as away.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Poll interval; a fallback for lost notifications.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the answer of an operation that has changed nothing is kept; a repeat after that is a new operation. What was done is known
    /// for ever.
    /// </summary>
    public TimeSpan KeepAnswers { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often answers that are older are removed.</summary>
    public TimeSpan PruneInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Called with the database's name when removing them failed; it is retried.</summary>
    public Action<string, Exception> ReportPruning { get; init; } = (_, _) => { };

    /// <summary>The most appends that share a commit.</summary>
    public int MaxBatch { get; init; } = 1000;

    /// <summary>About how many bytes of facts, answers and snapshots share a commit at most.</summary>
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Maximum linger after a commit that several appends shared, so that more share the next. It costs latency and saves work: a good
    /// trade where several processes commit to one busy server, and a bad one where all appends come to one.
    /// </summary>
    public TimeSpan MaxLinger { get; init; }

    /// <summary>
    /// The most connections to one database that the journal opens for followers and queries, and again the most that <c>DataSource</c>
    /// opens; <see cref="JournalConnections"/> come on top, and one of the sealer.
    /// </summary>
    public int MaxConnections { get; init; } = EnoughConnections;

    /// <summary>
    /// The connections of the appends and loads alone, so that they never wait for one behind followers: one for the appends, which go one
    /// batch after the other, and two for the loads.
    /// </summary>
    internal const int JournalConnections = 3;

    /// <summary>More of them bring nothing.</summary>
    private const int EnoughConnections = 7;

    /// <summary>The fewest connections that a process needs to each database.</summary>
    public const int LeastConnections = JournalConnections + SealConnections + 2;

    /// <summary>The connection of the sealer, which has an account of its own.</summary>
    internal const int SealConnections = 1;

    /// <summary>The same with an even share of a process's connections for each of its databases.</summary>
    /// <param name="connections">Of the process, to all databases together; <see cref="LeastConnections"/> for each at least.</param>
    /// <param name="databases">How many there are.</param>
    public JournalOptions Sharing(int connections, int databases) => this with
    {
        MaxConnections = Math.Clamp((connections / databases - JournalConnections - SealConnections) / 2, 1, EnoughConnections),
    };
}
