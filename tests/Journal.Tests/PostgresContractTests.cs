using Xunit;

namespace Commerce.Journal.Tests;

public sealed class PostgresJournalTests(PostgresStore postgres) : JournalContract(postgres.Store), IClassFixture<PostgresStore>;

public sealed class PostgresClaimsTests(PostgresStore postgres) : ClaimsContract(postgres.Store), IClassFixture<PostgresStore>;

public sealed class PostgresLogTests(PostgresStore postgres) : LogContract(postgres.Store), IClassFixture<PostgresStore>;
