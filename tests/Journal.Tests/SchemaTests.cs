using System.Security.Cryptography;
using System.Text;
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
        Assert.Single(outcomes, o => o is Appended.Committed);
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
    public void A_migration_that_was_released_is_never_edited() => Assert.Equal(
        ["6d21f9cf846ec462", "310f230d0da3f934", "bb43f18b0eea8e4e", "bf84ff2e8a3fa1b7", "31955607a8fca935"],
        new[] { SchemaTables.Sql, SchemaAppend.Sql, SchemaAppend.AfterSql, SchemaCommit.Sql, SchemaFamilies.Sql }.Select(Digest));

    [Theory]
    [InlineData("append")]
    [InlineData("append_in_turn")]
    public async Task What_older_software_calls_stays_beside_what_came_after_it(string function)
    {
        await using var databases = await Open(TestPostgres.NewPrefix());
        Assert.Equal("false,true", await Scalar<string>(databases,
            $"""
            select string_agg(distinct (proargnames && array['h_after', 'a_after'])::text, ',') from pg_proc
            where proname = '{function}' and pronamespace = 'journal'::regnamespace
            """));
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

    private static string Digest(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)))[..16];

    private static Capability Named(string name) => new(name, [], new FactCatalog(), []);

    private static async Task<CommerceDatabases> Open(string prefix, JournalOptions? options = null) =>
        await CommerceDatabases.Open(await TestPostgres.ConnectionString(), prefix, Two, options);

    private static async Task<T?> Scalar<T>(CommerceDatabases databases, string sql)
    {
        await using var command = databases.DataSource("Left").CreateCommand(sql);
        return (T?)await command.ExecuteScalarAsync();
    }
}
