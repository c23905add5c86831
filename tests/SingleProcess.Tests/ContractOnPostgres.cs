using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Testing;

namespace Commerce.SingleProcess.Tests;

/// <summary>The engine's contract on a real PostgreSQL, with databases of each test's own.</summary>
public sealed class ContractOnPostgres : ContractOnFakeClock
{
    private CommerceDatabases? _databases;

    protected override IReadOnlyList<CapabilityStore> Stores => _databases!.Stores;

    public override async ValueTask InitializeAsync() => _databases = await CommerceDatabases.Open(
        await TestPostgres.ConnectionString(), TestPostgres.NewPrefix(), TrialCapabilities.All,
        new JournalOptions { Partitions = 2, Keys = TestKeys.Of });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _databases!.DisposeAsync();
    }
}
