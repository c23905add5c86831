using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>Databases are made and brought up to date when they are opened (J7).</summary>
public sealed class SchemaTests
{
    private static readonly IReadOnlyList<Capability> Two = [Named("Left"), Named("Right")];

    [Fact]
    public async Task Processes_that_start_at_once_make_one_database()
    {
        var prefix = TestPostgres.NewPrefix();
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Open(prefix)));
        var entity = NewEntity();
        var outcomes = await Task.WhenAll(opened.Select((o, n) => o.Journal("Left").Append(To(entity, 0, $"{n}"))));
        Assert.Single(outcomes, o => o is AppendResult.Committed);
        Assert.Equal(Schema.Newest, await Scalar<int>(opened[0], "select count(*)::int from journal.schema_version"));
        foreach (var databases in opened) await databases.DisposeAsync();
    }

    [Fact]
    public async Task Opening_again_finds_everything_and_migrates_nothing()
    {
        var (prefix, entity) = (TestPostgres.NewPrefix(), NewEntity());
        await using (var first = await Open(prefix, new JournalOptions { Partitions = 3 }))
            await first.Journal("Left").Append(To(entity, 0, "op"));

        await using var again = await Open(prefix, new JournalOptions { Partitions = 16 });
        Assert.Equal(1, (await again.Journal("Left").Load(entity, "shape/1")).Version);
        Assert.Equal(3, again.Journal("Left").Partitions); // facts lie where they were put
        Assert.Equal(Schema.Newest, await Scalar<int>(again, "select count(*)::int from journal.schema_version"));
    }

    [Fact]
    public void Migrations_are_numbered_in_the_order_of_their_versions()
    {
        var scripts = typeof(CommerceDatabases).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, (script, n) => Assert.StartsWith($"{n + 1:D4}_", script, StringComparison.Ordinal));
        Assert.Equal(scripts.Count, Schema.Newest);
    }

    [Fact]
    public async Task A_database_gets_only_the_migrations_that_it_has_not_seen()
    {
        await using var databases = await Open(TestPostgres.NewPrefix());
        await Migrate(databases, "create table steps.things (name text); insert into steps.things values ('one')");
        await Migrate(databases, "this was applied and is not run again", "insert into steps.things values ('two')");
        Assert.Equal("one,two", await Scalar<string>(databases, "select string_agg(name, ',') from steps.things"));
        Assert.Equal("1,2", await Scalar<string>(
            databases, "select string_agg(version::text, ',' order by version) from steps.schema_version"));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_database_as_it_was()
    {
        const string First = "create table steps.things (name text)";
        await using var databases = await Open(TestPostgres.NewPrefix());
        await Migrate(databases, First);
        await Assert.ThrowsAsync<PostgresException>(
            () => Migrate(databases, First, "insert into steps.things values ('two')", "insert into steps.nowhere values ('three')"));
        Assert.Equal(0, await Scalar<int>(databases, "select count(*)::int from steps.things"));
        Assert.Equal(1, await Scalar<int>(databases, "select max(version) from steps.schema_version"));
    }

    [Fact]
    public async Task Each_capability_has_a_database_of_its_own()
    {
        var entity = NewEntity();
        await using var databases = await Open(TestPostgres.NewPrefix());
        await databases.Journal("Left").Append(To(entity, 0, "op"));
        Assert.Equal(0, (await databases.Journal("Right").Load(entity, "shape/1")).Version);
        Assert.Equal(["Left", "Right"], databases.Stores.Select(s => s.Capability.Name));
        Assert.EndsWith("_left", await Scalar<string>(databases, "select current_database()::text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_newer_software_is_refused_and_left_alone()
    {
        var prefix = TestPostgres.NewPrefix();
        await using (var first = await Open(prefix))
            await Scalar<int>(first, "insert into journal.schema_version (version) values (999) returning version");

        var problem = await Assert.ThrowsAsync<JournalSchemaException>(() => Open(prefix));
        Assert.Contains("999", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"{prefix}_left", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("a\"b")]
    [InlineData("")]
    public async Task A_prefix_that_makes_no_name_is_refused(string prefix) =>
        Assert.Contains($"'{prefix}'", (await Assert.ThrowsAsync<ArgumentException>(() => Open(prefix))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_user_that_may_not_create_the_missing_database_is_told_what_to_ask_for()
    {
        var prefix = TestPostgres.NewPrefix();
        await using (var databases = await Open(prefix))
            await Scalar<object>(databases, $"create role {prefix}_guest login password 'guest'");
        var guest = new NpgsqlConnectionStringBuilder(await TestPostgres.ConnectionString())
        {
            Username = $"{prefix}_guest", Password = "guest",
        };

        var problem = await Assert.ThrowsAsync<JournalSchemaException>(
            () => CommerceDatabases.Open(guest.ConnectionString, prefix + "x", Two));
        Assert.Contains($"create database {prefix}x_left owner {prefix}_guest", problem.Message, StringComparison.Ordinal);
    }

    private static async Task Migrate(CommerceDatabases databases, params string[] scripts)
    {
        await using var connection = await databases.DataSource("Left").OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Migrations.Apply(transaction, "left", "steps", scripts, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private static Capability Named(string name) => new(name, [], new FactCatalog(), []);

    private static async Task<CommerceDatabases> Open(string prefix, JournalOptions? options = null) =>
        await CommerceDatabases.Open(await TestPostgres.ConnectionString(), prefix, Two, options);

    private static async Task<T?> Scalar<T>(CommerceDatabases databases, string sql)
    {
        await using var command = databases.DataSource("Left").CreateCommand(sql);
        return (T?)await command.ExecuteScalarAsync();
    }
}
