using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>What the accounts of processes may do in a capability's database, and what not (decision 21).</summary>
public sealed class AccessTests(AccessTests.Migrated migrated) : IClassFixture<AccessTests.Migrated>
{
    private static readonly string Folder = Repository.File("tests/Journal.Tests/Access");

    [Fact]
    public async Task The_serving_roles_can_do_what_is_listed_and_nothing_else()
    {
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Folder, "rights.txt"))).Where(l => !l.StartsWith('#')).ToList();
        Assert.True(lines.Count > 40, $"Only {lines.Count} statements are listed.");
        var wrong = new List<string>();
        foreach (var line in lines)
        {
            var (expected, statement) = (line.Split('|', 2)[0].Trim(), line.Split('|', 2)[1].Trim());
            var found = new List<string>();
            foreach (var account in migrated.Each) found.Add(await migrated.Allowed(account, statement) ? "y" : "-");
            if (string.Join(' ', found) != expected) wrong.Add($"{string.Join(' ', found)} | {statement} (listed: {expected})");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    [Trait("writes", "files")]
    public async Task Each_table_and_function_is_granted_as_listed() => await WrittenFile.Is(
        string.Join('\n', await migrated.Grants()) + "\n", "what a migrated database grants", "tests/Journal.Tests/Access/grants.txt");

    [Fact]
    public async Task A_silos_account_appends_loads_and_follows_and_a_gateways_only_follows()
    {
        await using var silo = await migrated.Open(DatabaseRoles.App, DatabaseRoles.Models);
        var (entity, journal) = (NewEntity(), silo.Journal("Left"));
        Assert.IsType<AppendResult.Committed>(await journal.Append(To(entity, 0, "one")));
        Assert.IsType<AppendResult.Conflict>(await journal.Append(To(entity, 7, "two")));
        Assert.IsType<AppendResult.Committed>(await journal.Append(To(entity, 1, "three") with
        {
            Take = [new UniqueValue("name", entity.Key)], WakeAt = DateTimeOffset.UtcNow,
        }));
        Assert.Equal(2, (await journal.Load(entity, "shape/1")).Version);
        await journal.Save("right-to-left", 0, 3, CancellationToken.None);
        await journal.Sweep(DateTimeOffset.UtcNow, CancellationToken.None);
        Assert.Contains(entity, (await journal.Due(DateTimeOffset.MaxValue, 100, CancellationToken.None)).Select(d => d.Entity));
        await journal.Move(entity, 2, null);
        Assert.Equal(0, await journal.PruneAnswers(DateTimeOffset.UnixEpoch, CancellationToken.None));
        var fact = (await journal.History(entity, 0, 10, CancellationToken.None))[0];
        await journal.Park("right-to-left", fact, "it failed", CancellationToken.None);

        await using var gateway = await migrated.Open(DatabaseRoles.View, DatabaseRoles.View);
        var view = gateway.Journal("Left");
        Assert.Equal(2, (await view.History(entity, 0, 10, CancellationToken.None)).Count);
        Assert.True((await view.Heads(CancellationToken.None)).Sum() >= 2);
        Assert.NotEmpty((await view.Read(view.PartitionOf(entity), 0, 100, null, CancellationToken.None)).Facts);
        Assert.Equal(3, await view.Load("right-to-left", 0, CancellationToken.None));
        Assert.Equal("it failed", Assert.Single(await view.Parked(CancellationToken.None)).Reason);
        await Assert.ThrowsAnyAsync<Exception>(
            () => view.Unpark("right-to-left", fact.Partition, fact.Position, CancellationToken.None));
        await journal.StillFails("right-to-left", fact.Partition, fact.Position, "it failed again", CancellationToken.None);
        Assert.Equal("it failed again", Assert.Single(await view.Parked(CancellationToken.None)).Reason);
        await journal.Unpark("right-to-left", fact.Partition, fact.Position, CancellationToken.None);
        Assert.Empty(await view.Parked(CancellationToken.None));
        await Assert.ThrowsAnyAsync<Exception>(() => view.Append(To(entity, 2, "four")));
        Assert.Equal(2, (await journal.Load(entity, "shape/1")).Version);
    }

    [Fact]
    public async Task Seals_are_added_by_their_own_account_and_what_the_owner_changes_is_found()
    {
        await using var silo = await migrated.Open(DatabaseRoles.App, DatabaseRoles.Models);
        var entity = NewEntity();
        await silo.Journal("Left").Append(To(entity, 0, "sealed"));
        var (keys, accounts) = (SealedJournal.NewKeys(), migrated.Accounts("Left", DatabaseRoles.View, DatabaseRoles.View));
        await using var sealer = Sealer.Of(accounts, migrated.Prefix, Migrated.Named("Left"), keys, TimeProvider.System);
        Assert.NotNull(await sealer.Advance(CancellationToken.None));
        Assert.Empty(await Faults());
        await migrated.AsOwner($"update journal.appends set caller = 'another caller' where entity = '{entity}'");
        Assert.Equal(FaultKind.Changed, Assert.Single(await Faults()).Kind);
        await migrated.AsOwner($"update journal.appends set caller = 'tester' where entity = '{entity}'");
        Assert.Empty(await Faults());

        async Task<IReadOnlyList<JournalFault>> Faults() => (await Verification.Run(
            accounts, migrated.Prefix, Migrated.Named("Left"), keys, Noon.AddMinutes(2), CancellationToken.None)).Faults;
    }

    [Fact]
    public async Task An_account_of_one_capability_cannot_open_the_database_of_another()
    {
        var left = new NpgsqlConnectionStringBuilder(migrated.Account("Left", DatabaseRoles.App)) { Pooling = false };
        left.Database = $"{migrated.Prefix}_right";
        await using var connection = new NpgsqlConnection(left.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);

        var accounts = migrated.Accounts("Left", DatabaseRoles.App, DatabaseRoles.Models);
        var missing = await Assert.ThrowsAsync<JournalSchemaException>(
            () => CommerceDatabases.Open(accounts, migrated.Prefix, [Migrated.Named("Left"), Migrated.Named("Right")]));
        Assert.Contains("no account of PostgreSQL for Right", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_up_to_date_is_named_with_what_to_do()
    {
        var prefix = TestPostgres.NewPrefix();
        var server = await TestPostgres.ConnectionString();
        await Migrated.Run(server, $"create database {prefix}_left");
        var accounts = new PostgresAccounts(server, new Dictionary<string, string> { ["Left"] = "" });
        var problem = await Assert.ThrowsAsync<JournalSchemaException>(
            () => CommerceDatabases.Open(accounts, prefix, [Migrated.Named("Left")]));
        Assert.Contains($"'{prefix}_left' has journal version 0", problem.Message, StringComparison.Ordinal);
        Assert.Contains("./commerce migrate", problem.Message, StringComparison.Ordinal);

        var foreign = await Assert.ThrowsAsync<JournalSchemaException>(
            () => CommerceDatabases.Migrate(server, prefix, Migrated.Named("Left")));
        Assert.Contains($"'{prefix}_left' belongs to", foreign.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing_and_needs_no_superuser()
    {
        var (prefix, server) = (TestPostgres.NewPrefix(), await TestPostgres.ConnectionString());
        await Migrated.Run(server, $"create role {prefix}_migrator login createdb createrole password 'm'");
        var migrator = new NpgsqlConnectionStringBuilder(server) { Username = $"{prefix}_migrator", Password = "m" }.ConnectionString;
        for (var time = 1; time <= 2; time++)
        {
            var roles = await CommerceDatabases.Migrate(migrator, prefix, Migrated.Named("Left"));
            var given = await roles.SetPasswords(migrator, CancellationToken.None);
            var accounts = new PostgresAccounts(server, new Dictionary<string, string>
            {
                ["Left"] = given[DatabaseRoles.App], ["Left:ReadModels"] = given[DatabaseRoles.Models],
            });
            await using var opened = await CommerceDatabases.Open(accounts, prefix, [Migrated.Named("Left")]);
            Assert.IsType<AppendResult.Committed>(await opened.Journal("Left").Append(To(NewEntity(), 0, "op")));
        }
    }

    [Fact]
    public async Task A_read_model_that_is_made_can_be_read_by_gateways_and_searches()
    {
        await Migrated.Run(migrated.Account("Left", DatabaseRoles.Models), """
            create extension if not exists unaccent with schema public;
            create schema read_words_v1_next;
            create table read_words_v1_next.words (word text);
            create function read_words_v1_next.folded(text) returns text language sql stable as $$ select public.unaccent($1) $$;
            insert into read_words_v1_next.words values ('é');
            alter schema read_words_v1_next rename to read_words_v1;
            """);
        var view = migrated.Account("Left", DatabaseRoles.View);
        Assert.Equal("e", await Migrated.Run(view, "select read_words_v1.folded(word) from read_words_v1.words"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Migrated.Run(view, "drop schema read_words_v1 cascade"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Equal("1min", await Migrated.Run(view, "select current_setting('statement_timeout')"));
    }

    /// <summary>Two capabilities, migrated once, with a password for each role.</summary>
    public sealed class Migrated : IAsyncLifetime
    {
        private readonly Dictionary<(string Capability, string Kind), string> _accounts = [];
        private string _server = "";

        public string Prefix { get; } = TestPostgres.NewPrefix();

        /// <summary>In the order of the columns of the list.</summary>
        public IReadOnlyList<string> Each =>
        [
            Account("Left", DatabaseRoles.App), Account("Left", DatabaseRoles.Models), Account("Left", DatabaseRoles.View),
            Account("Left", DatabaseRoles.Seals), Account("Right", DatabaseRoles.App),
        ];

        public static Capability Named(string name) => new(name, [], new FactCatalog(), []);

        public async ValueTask InitializeAsync()
        {
            _server = await TestPostgres.ConnectionString();
            foreach (var name in new[] { "Left", "Right" })
            {
                var roles = await CommerceDatabases.Migrate(_server, Prefix, Named(name));
                foreach (var (kind, account) in await roles.SetPasswords(_server, CancellationToken.None))
                    _accounts.Add((name, kind), account);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        /// <summary>An account, in the database of Left.</summary>
        public string Account(string capability, string kind)
        {
            var own = new NpgsqlConnectionStringBuilder(_accounts[(capability, kind)]);
            return new NpgsqlConnectionStringBuilder(_server)
            {
                Database = $"{Prefix}_left", Pooling = false, Username = own.Username, Password = own.Password,
            }.ConnectionString;
        }

        public PostgresAccounts Accounts(string capability, string journal, string models) => new(_server, new Dictionary<string, string>
        {
            [PostgresAccounts.OfJournal(capability)] = _accounts[(capability, journal)],
            [PostgresAccounts.OfReadModels(capability)] = _accounts[(capability, models)],
            [PostgresAccounts.OfSeals(capability)] = _accounts[(capability, DatabaseRoles.Seals)],
        });

        /// <summary>In the database of Left.</summary>
        public Task AsOwner(string sql)
        {
            var account = new NpgsqlConnectionStringBuilder(_server) { Database = $"{Prefix}_left" };
            return Run(account.ConnectionString, $"set role {Prefix}_owner; {sql}");
        }

        public Task<CommerceDatabases> Open(string journal, string models) =>
            CommerceDatabases.Open(Accounts("Left", journal, models), Prefix, [Named("Left")]);

        /// <summary>Tries a statement and takes it back; only the want of a right is a no.</summary>
        public async Task<bool> Allowed(string account, string statement)
        {
            try
            {
                await using var connection = new NpgsqlConnection(account);
                await connection.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using var command = new NpgsqlCommand(
                    statement.Replace("{owner}", $"{Prefix}_owner").Replace("{database}", $"{Prefix}_left"), connection, transaction);
                await command.ExecuteNonQueryAsync();
                return true;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                return false;
            }
        }

        public async Task<IReadOnlyList<string>> Grants()
        {
            const string sql = """
                select format('%s %s: %s may %s', kind, name, coalesce(nullif(acl.grantee, 0)::regrole::text, 'everybody'),
                    string_agg(lower(acl.privilege_type), ', ' order by acl.privilege_type))
                from (
                    select 'database', datname::text, coalesce(datacl, acldefault('d', datdba)) from pg_database
                    where datname = current_database()
                    union all
                    select 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner)) from pg_namespace
                    where nspname in ('journal', 'public')
                    union all
                    select 'table', relname, coalesce(relacl, acldefault('r', relowner)) from pg_class
                    where relnamespace = 'journal'::regnamespace and relkind = 'r'
                    union all
                    select 'column', relname || '.' || attname, attacl from pg_attribute join pg_class c on c.oid = attrelid
                    where relnamespace = 'journal'::regnamespace and attacl is not null
                    union all
                    select 'function', proname, coalesce(proacl, acldefault('f', proowner)) from pg_proc
                    where pronamespace = 'journal'::regnamespace) o(kind, name, granted)
                cross join lateral aclexplode(o.granted) acl
                group by kind, name, acl.grantee
                order by 1
                """;
            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(_server) { Database = $"{Prefix}_left", Pooling = false });
            await using var command = source.CreateCommand(sql);
            var found = new List<string>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) found.Add(reader.GetString(0).Replace(Prefix, "PREFIX"));
            return [.. found.Order(StringComparer.Ordinal)];
        }

        public static async Task<object?> Run(string account, string sql)
        {
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(account) { Pooling = false });
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync();
        }
    }
}
