using Commerce.ApiGateway;
using Commerce.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>A real gateway over a real PostgreSQL, with something on its shelves.</summary>
public sealed class Shop : IAsyncLifetime
{
    private WebApplication _gateway = null!;

    public Uri Address => new(_gateway.Urls.Single());

    public CommerceClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayHost.Build(
        [
            $"--Commerce:Postgres={await TestPostgres.ConnectionString()}", $"--Commerce:Prefix={TestPostgres.NewPrefix()}",
            "--urls=http://127.0.0.1:0", "--Commerce:Engine=single", "--Logging:LogLevel:Default=Error",
            .. TestCredentials.Options,
        ]);
        await _gateway.StartAsync();
        Client = new CommerceClient(new CommerceOptions(Address) { ApiKey = TestCredentials.Secret });
        await Client.CreateProductAsync(new NewProduct
        {
            Sku = "MUG", Name = "A mug", Kind = ProductKind.Goods, Prices = [new Price { Currency = "GBP", UnitPrice = 2.123456m }],
        });
        await Client.ReceiveStockAsync("MUG", new ReceiveStock { Quantity = 1_000 });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
    }
}
