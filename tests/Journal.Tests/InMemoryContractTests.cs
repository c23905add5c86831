using Commerce.Journal.Memory;
using Commerce.Testing;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>The store that engines are tested on keeps the same promises, so what is shown on it holds on PostgreSQL.</summary>
public sealed class MemoryStore
{
    public InMemoryStore InMemory { get; } = new(PostgresStore.Capability, TimeProvider.System);
}

public sealed class InMemoryJournalTests(MemoryStore memory) : JournalContract(memory.InMemory.Store), IClassFixture<MemoryStore>;

public sealed class InMemoryClaimsTests(MemoryStore memory) : ClaimsContract(memory.InMemory.Store), IClassFixture<MemoryStore>;

public sealed class InMemoryLogTests(MemoryStore memory) : LogContract(memory.InMemory.Store), IClassFixture<MemoryStore>;
