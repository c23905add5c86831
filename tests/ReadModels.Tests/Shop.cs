using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.ReadModels.Tests;

/// <summary>Databases of all capabilities on a real PostgreSQL, facts appended to them, and the read models that follow.</summary>
public class Shop : IAsyncLifetime
{
    public static readonly DateTimeOffset Day1 = new(2010, 12, 1, 9, 30, 0, TimeSpan.Zero);

    /// <summary>For orders whose money matters to no test: all that can be wanted is captured.</summary>
    public static readonly IReadOnlyList<PaymentView> Paid =
        [new("pay_1", "ord_1", "sandbox", PaymentStatus.Captured, true, null, null, "GBP", 1_000_000, 0, 1_000_000, 0, [], 1)];

    private readonly Dictionary<EntityId, long> _versions = [];
    private int _operations;
    private CommerceDatabases? _databases;

    public CommerceDatabases Databases => _databases!;

    public string Connection { get; private set; } = "";

    public string Prefix { get; } = TestPostgres.NewPrefix();

    public async ValueTask InitializeAsync()
    {
        Connection = await TestPostgres.ConnectionString();
        _databases = await CommerceDatabases.Open(Connection, Prefix, Capabilities.All, new JournalOptions { Keys = TestKeys.Of });
        await Fill();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_databases is not null) await _databases.DisposeAsync();
    }

    public NpgsqlDataSource Database(string capability) => Databases.DataSource(capability);

    /// <summary>What has happened before the tests of a class, if anything.</summary>
    protected virtual Task Fill() => Task.CompletedTask;

    /// <summary>Appends facts of one entity, as one operation.</summary>
    public async Task Happened(string kind, string key, params object[] facts)
    {
        var capability = Of(facts[0]);
        var id = new EntityId(kind, key);
        var version = _versions.GetValueOrDefault(id);
        _versions[id] = version + facts.Length;
        var encoded = Databases.Personal(capability.Name).Encode(capability.Facts, id, facts);
        var append = new AppendRequest(
            id, version, encoded, $"op-{Interlocked.Increment(ref _operations)}", null, "{}",
            DateTimeOffset.UtcNow, "test")
        {
            Keys = encoded[0].Keys, Erases = [.. facts.OfType<IErasure>().SelectMany(f => f.Erases)],
        };
        var appended = await Databases.Journal(capability.Name).Append(append);
        Assert.IsType<AppendResult.Committed>(appended);
    }

    /// <summary>Read models that follow from now on, until disposed; a failure of theirs is a warning of the test.</summary>
    public ReadModelService Follow(params IReadOnlyList<ReadModel> models)
    {
        var following = models.Count == 0
            ? new ReadModelService(Databases, Warn)
            : new ReadModelService(
                models, c => (Databases.Journal(c), Database(c), Databases.Personal(c)), Warn);
        following.Start();
        return following;

        static void Warn(ReadModel model, Exception problem) => TestContext.Current.AddWarning($"{model.Name}: {problem.Message}");
    }

    /// <summary>Brings all read models up to what has happened so far.</summary>
    public async Task CatchUp()
    {
        await using var following = Follow();
        await following.WaitUntilCaughtUp(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
    }

    /// <summary>
    /// All rows of all tables of a read model, positions included, as text. What is sealed is another ciphertext each time that it is
    /// written.
    /// </summary>
    public async Task<string> Dump(ReadModel model)
    {
        var database = Database(model.Capability.Name);
        await using var tables = database.CreateCommand(
            $"select tablename from pg_tables where schemaname = '{model.Schema}' order by tablename");
        var names = new List<string>();
        await using (var reader = await tables.ExecuteReaderAsync())
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));

        Assert.True(names.Count >= 2, $"The read model {model.Name} has no tables.");
        var dump = new List<string>();
        foreach (var name in names)
        {
            var all = name == "_position" ? $"(select positions from {model.Schema}.{name})" : $"{model.Schema}.{name}"; // not when made
            await using var rows = database.CreateCommand(
                $$"""
                select coalesce(string_agg(t, E'\n' order by t collate "C"), '')
                from {{all}} as r, lateral (select regexp_replace(
                    r::text, '\[""contact"",""[^"]*""\]|\{""contact"": ""[^}]*\}', 'sealed', 'g') as t) one
                """);
            dump.Add($"{name}:\n{await rows.ExecuteScalarAsync()}");
        }

        return string.Join("\n", dump);
    }

    /// <summary>Goes through a list page by page, with a check that pages are full up to the last.</summary>
    public static async Task<List<T>> Walk<T>(int limit, Func<PageRequest, Task<Page<T>>> list)
    {
        var items = new List<T>();
        for (string? cursor = null; ;)
        {
            var page = await list(new PageRequest(limit, cursor));
            items.AddRange(page.Items);
            if (page.Next is null) return items;
            Assert.Equal(limit, page.Items.Count);
            cursor = page.Next;
        }
    }

    private static Capability Of(object fact) =>
        Capabilities.All.Single(c => fact.GetType().Namespace == $"{nameof(Commerce)}.{c.Name}");
}
