using Commerce.Client;
using Commerce.Testing;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>Orders that were copied into the journals are, to the product, orders that it has served.</summary>
public sealed class PrefilledDatabaseTests : IAsyncLifetime
{
    private const int Orders = 40;
    private const int Real = 2;

    private readonly TestContexts _bench = new();
    private PrefilledDatabase _prefilled = null!;
    private CommerceClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await TestPostgres.ConnectionString();
        _prefilled = await PrefilledDatabase.Create(
            _bench.Create(), server, Orders, TestContext.Current.CancellationToken, TestPostgres.NewPrefix());
        _client = new CommerceClient(new CommerceOptions(_prefilled.System.Address) { ApiKey = OrderClient.Key });
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_prefilled is not null) await _prefilled.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_copied_order_is_in_every_list_and_report_and_stays_after_a_restart()
    {
        await IsComplete();
        await _prefilled.Stop();
        await _prefilled.Start(TestContext.Current.CancellationToken);
        _client.Dispose();
        _client = new CommerceClient(new CommerceOptions(_prefilled.System.Address) { ApiKey = OrderClient.Key });
        await IsComplete();
    }

    private async Task IsComplete()
    {
        for (var n = 0; n < Orders; n++)
        {
            var order = await _client.GetOrderAsync(PrefilledDatabase.OrderId(n));
            Assert.Equal((OrderStatus.Shipped, 3), (order.Status, order.Lines.Count));
            Assert.Equal(PaymentStatus.Captured, (await _client.GetPaymentAsync(order.PaymentId!)).Status);
        }

        var sales = (await _client.ReportSalesAsync()).Days;
        Assert.Equal(Orders + Real, sales.Sum(d => d.Orders));
        Assert.True(sales.Count > Orders / 2, "they should be on many days");
        Assert.All((await _client.GetTrialBalanceAsync()).Rows.Where(r => r.Account == "receivable"), r => Assert.Equal(0, r.Balance));
        Assert.Equal(2 * (Orders + Real), (await _client.ListLedgerEntriesAsync(limit: 200)).Items.Count);
        Assert.NotEmpty((await _client.ListOrdersAsync(customer: PrefilledDatabase.CustomerId(1))).Items);
    }
}
