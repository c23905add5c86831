using Commerce.ApiGateway.Tests;
using Commerce.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Commerce.ApiGateway.Tests;

/// <summary>Ends the PostgreSQL of all these tests after the last of them: it has more than a hundred databases by then.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await TestPostgres.Stop();
}
