using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.ReadModels;
using Commerce.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>The whole process on a real PostgreSQL, listening on a free port of 127.0.0.1, with databases of its own.</summary>
public sealed class Gateway : IAsyncLifetime
{
    /// <summary>Limits that no test reaches that is about something else.</summary>
    private static readonly IEnumerable<string> Generous = RateTable.Usual.Keys
        .SelectMany(name => (string[])[$"--Commerce:Limits:{name}:PerMinute=1000000", $"--Commerce:Limits:{name}:Burst=1000000"]);

    private readonly string? _connection;
    private readonly string[] _options;
    private readonly string _prefix;
    private WebApplication? _app;

    /// <summary>For fixtures: on the shared server.</summary>
    public Gateway() : this(null, TestPostgres.NewPrefix()) { }

    private Gateway(string? connection, string prefix, params string[] options) =>
        (_connection, _prefix, _options) = (connection, prefix, options);

    public Api Api { get; private set; } = null!;

    /// <summary>What the names of its databases begin with.</summary>
    public string Prefix => _prefix;

    public Uri Address => new(_app!.Urls.Single());

    public static async Task<Gateway> Start(string? connection = null, params string[] options)
    {
        var gateway = new Gateway(connection, TestPostgres.NewPrefix(), options);
        await gateway.InitializeAsync();
        return gateway;
    }

    public async ValueTask InitializeAsync()
    {
        PersonalWords.WatchTraces();
        _app = await GatewayHost.Build([
            $"--Commerce:Postgres={_connection ?? await TestPostgres.ConnectionString()}", $"--Commerce:Prefix={_prefix}",
            "--Commerce:Engine=single", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", .. TestCredentials.Options,
            .. Generous, .. _options]);
        await _app.StartAsync();
        await Service<ReadModelService>().WaitUntilCaughtUp(); // before that a list may still refuse, rightly
        Api = new Api(Address) { Credentials = TestCredentials.Secret };
    }

    /// <summary>Stops the process in good order.</summary>
    public async Task Stop()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Starts it again on the same databases.</summary>
    public ValueTask StartAgain() => InitializeAsync();

    /// <summary>How many facts there are in all: the same number before and after means that nothing was changed.</summary>
    public async Task<long> CountFacts()
    {
        var heads = await Task.WhenAll(Service<IReadOnlyList<CapabilityStore>>().Select(s => s.Log.Heads(CancellationToken.None)));
        return heads.Sum(h => h.Sum());
    }

    /// <summary>Lets no append of a capability be committed until the result is disposed of.</summary>
    public async Task<IAsyncDisposable> HoldAppends(string capability)
    {
        var connection = await Service<CommerceDatabases>().DataSource(capability).OpenConnectionAsync();
        await using var statement = new NpgsqlCommand(
            "begin; select journal.lock(array_agg(p::smallint order by p)) from journal.layout, generate_series(0, partitions - 1) p",
            connection);
        await statement.ExecuteNonQueryAsync();
        return connection; // closed, it lets go of what it holds
    }

    public T Service<T>() where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_app is null) return;
        var undeclared = Service<RefusalWatch>().Undeclared;
        await Stop();
        Assert.Null(PersonalWords.InTraces());
        Assert.True(undeclared.Count == 0, $"The document does not list what was answered: {string.Join(", ", undeclared)}.");
    }
}
