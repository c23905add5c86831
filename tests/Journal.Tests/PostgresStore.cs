using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>A database of one test class's own.</summary>
public sealed class PostgresStore : IAsyncLifetime
{
    /// <summary>A capability without entities: the journal needs only its name.</summary>
    public static readonly Capability Capability = new("Journal", [], new FactCatalog(), []);

    private CommerceDatabases? _databases;

    public string ConnectionString { get; private set; } = "";

    public string Prefix { get; } = TestPostgres.NewPrefix();

    public CapabilityStore Store => _databases!.Stores[0];

    public PostgresJournal Journal => _databases!.Journal("Journal");

    public NpgsqlDataSource DataSource => _databases!.DataSource("Journal");

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await TestPostgres.ConnectionString();
        _databases = await OpenAnother();
    }

    /// <summary>The same database as another process would open it.</summary>
    public Task<CommerceDatabases> OpenAnother(JournalOptions? options = null) =>
        CommerceDatabases.Open(ConnectionString, Prefix, [Capability], options);

    public async ValueTask DisposeAsync() => await _databases!.DisposeAsync();
}
