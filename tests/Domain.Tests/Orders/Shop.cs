using Commerce.Catalogue;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>All capabilities on the real engine and the sandbox provider, with journals in memory and a clock that the test owns.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string OrderId = "ord_1";

    /// <summary>What an order without lines of one's own is worth.</summary>
    public const long Total = (9 * 250) + 100;

    private readonly IReadOnlyList<InMemoryStore> _stores;
    private readonly TestServices _services;
    private SingleProcessEngine _engine;
    private int _calls;
    private int _setbacks;

    private Shop(Func<SandboxProvider, IPaymentProvider>? line)
    {
        Sandbox = new SandboxProvider(Clock);
        _services = new TestServices().With<IPaymentProvider>(
            new ResilientProvider(line?.Invoke(Sandbox) ?? Sandbox, new ResilienceOptions(), Clock, () => 0.5));
        _stores = InMemoryStore.For(Capabilities.All, Clock);
        _engine = Start();
    }

    public FakeClock Clock { get; } = new(Given.Now);

    public SandboxProvider Sandbox { get; }

    public IEntities Entities => _engine;

    public IOrder Order => Entities.Get<IOrder>(OrderId);

    public IPayment Payment => Entities.Get<IPayment>("pay_1");

    /// <summary>How often something could not be done because broken machinery was in the way.</summary>
    public int Setbacks => Volatile.Read(ref _setbacks);

    /// <summary>What went wrong without a caller to see it; broken machinery is none, because some tests break it.</summary>
    public List<Exception> Problems { get; } = [];

    /// <summary>A shop with 10 units each of the goods A and B at 250, and a service SVC at 100.</summary>
    public static async Task<Shop> Open(Func<SandboxProvider, IPaymentProvider>? line = null)
    {
        var shop = new Shop(line);
        await Create("A", ProductKind.Goods, 250);
        await Create("B", ProductKind.Goods, 250);
        await Create("SVC", ProductKind.Service, 100);
        foreach (var sku in new[] { "A", "B" }) Accepted(await shop.Stock(sku).Receive(new ReceiveStock(10), shop.Call()));
        return shop;

        async Task Create(string sku, ProductKind kind, decimal price) => Accepted(
            await shop.Entities.Get<IProduct>(sku).Create(new CreateProduct(sku, kind, null, [new("GBP", price)]), shop.Call()));
    }

    public static PlaceOrder Command(SandboxMethod? method = null, params PlaceLine[] lines) => new(
        null, null, "GBP", lines.Length > 0 ? lines : [new("A", 3), new("A", 2), new("B", 4), new("SVC", 1)],
        PaymentMethod: (method ?? SandboxMethods.Ok).Name);

    public InMemoryStore Store(string capability) => _stores.Single(s => s.Store.Capability.Name == capability);

    public IStock Stock(string sku) => Entities.Get<IStock>(sku);

    public CallContext Call(string? operation = null) =>
        new(operation ?? $"test/{Interlocked.Increment(ref _calls)}", RuledOrder.Shop, Clock.Now.AddDays(365));

    /// <summary>As if the process had been killed and started again.</summary>
    public async Task Crash()
    {
        await _engine.DisposeAsync();
        _engine = Start();
    }

    /// <summary>Another process on the same databases, as there may be one for moments when the first was taken for dead.</summary>
    public SingleProcessEngine Second() => Start();

    public async Task<OrderView> Place(SandboxMethod? method = null, params PlaceLine[] lines)
    {
        Accepted(await Order.Place(Command(method, lines), Call()));
        return await Settled();
    }

    public async Task<OrderView> Ship(string id, params LineQuantity[] lines)
    {
        Accepted(await Order.Ship(new ShipOrder(id, lines.Length > 0 ? lines : null), Call()));
        return await Settled();
    }

    public async Task<OrderView> Return(string id, params LineQuantity[] lines)
    {
        Accepted(await Order.Return(new ReturnItems(id, lines.Length > 0 ? lines : null, "unwanted", Received: true), Call()));
        return await Settled();
    }

    public async Task<OrderView> Cancel()
    {
        Accepted(await Order.Cancel(new CancelOrder("changed my mind"), Call()));
        return await Settled();
    }

    /// <summary>The order once it has nothing more to do by itself.</summary>
    public async Task<OrderView> Settled(TimeSpan? within = null)
    {
        await Until(o => o.Settled, "the order settles", within);
        return (await Order.Get())!;
    }

    public async Task Until(Func<OrderView, bool> condition, string what, TimeSpan? within = null)
    {
        try
        {
            await Clock.Until(
                async () => await Order.Get() is { } order && condition(order), what, within is null ? null : within / 500, within);
        }
        catch (TimeoutException never)
        {
            throw new InvalidOperationException($"{await Order.Get()} {await Payment.Get()} {string.Join('\n', Problems)}", never);
        }
    }

    /// <summary>Every fact has reached whom it concerns.</summary>
    public Task AllHandled() => Clock.Until(
        async () => (await _engine.Lag(TestContext.Current.CancellationToken)).All(l => l.Facts == 0), "all is handled");

    /// <summary>On hand and held, of A and then of B.</summary>
    public async Task<(long, long, long, long)> Shelf()
    {
        var (a, b) = ((await Stock("A").Get())!, (await Stock("B").Get())!);
        return (a.OnHand, a.Held, b.OnHand, b.Held);
    }

    /// <summary>Authorized and not captured, captured, refunded.</summary>
    public async Task<(long, long, long)> Money() =>
        await Payment.Get() is { } p ? (p.Authorized, p.Captured, p.Refunded) : (0, 0, 0);

    /// <summary>No hold and no authorization outlives its order.</summary>
    public async Task NothingIsLeftHeld()
    {
        var (_, heldA, _, heldB) = await Shelf();
        Assert.Equal((0, 0, 0), (heldA, heldB, (await Money()).Item1));
    }

    public static T Accepted<T>(Result<T> answer) =>
        answer.Accepted ? answer.Value : throw new InvalidOperationException($"{answer.Refusal.Code}: {answer.Refusal.Detail}");

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private SingleProcessEngine Start()
    {
        var engine = new SingleProcessEngine([.. _stores.Select(s => s.Store)], _services, new SingleProcessOptions
        {
            Clock = Clock,
            Scheduler = Clock.Scheduler,
            Random = new Random(1),
            Report = (_, problem) =>
            {
                if (problem is UnavailableException or OutcomeUnknownException) Interlocked.Increment(ref _setbacks);
                else lock (Problems) Problems.Add(problem);
            },
        });
        engine.Start();
        return engine;
    }
}
