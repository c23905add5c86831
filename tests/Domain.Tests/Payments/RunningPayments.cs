using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

/// <summary>Payments on the real engine with the real sandbox behind the real patience; only the clock is the test's.</summary>
internal sealed class RunningPayments : IAsyncDisposable
{
    private readonly ResilienceOptions _patience = new();
    private readonly IPaymentProvider _line;
    private int _operations;

    /// <param name="line">What lies between the payments and the sandbox, if anything does.</param>
    public RunningPayments(Func<SandboxProvider, IPaymentProvider>? line = null)
    {
        Store = new InMemoryStore(PaymentsCapability.Definition, Clock);
        Sandbox = new SandboxProvider(Clock);
        _line = line?.Invoke(Sandbox) ?? Sandbox;
        Provider = new ResilientProvider(_line, _patience, Clock, Random.Shared.NextDouble);
        Engine = Started();
    }

    public FakeClock Clock { get; } = new();

    public InMemoryStore Store { get; }

    public SandboxProvider Sandbox { get; }

    public ResilientProvider Provider { get; private set; }

    public SingleProcessEngine Engine { get; private set; }

    public ConcurrentQueue<Exception> Problems { get; } = [];

    public IPayment Payment(string id = "pay_1") => Engine.Get<IPayment>(id);

    public CallContext Call() => new($"op-{Interlocked.Increment(ref _operations)}", Caller.System, Clock.Now.AddSeconds(30));

    public async Task<PaymentView> Authorize(string method, string id = "pay_1", long amount = 100)
    {
        var command = new AuthorizePayment($"ord_{id[4..]}", new Money(amount, "GBP"), method, Clock.Now.AddHours(1));
        return Accepted(await Payment(id).Authorize(command, Call()));
    }

    public async Task<PaymentView> Capture(string movement, long? amount, string id = "pay_1") =>
        Accepted(await Payment(id).Capture(new CapturePayment(movement, amount), Call()));

    public async Task<PaymentView> Refund(string movement, long? amount, string id = "pay_1") =>
        Accepted(await Payment(id).Refund(new RefundPayment(movement, amount), Call()));

    public async Task<PaymentView> Void(string id = "pay_1") =>
        Accepted(await Payment(id).Void(new VoidPayment("Not wanted."), Call()));

    /// <summary>The payment once it has settled, in the clock's own time.</summary>
    public Task<PaymentView> Settled(string id = "pay_1") => Until(id, v => v.Settled, "it has settled");

    public async Task<PaymentView> Until(string id, Func<PaymentView, bool> condition, string what)
    {
        PaymentView? view = null;
        await Clock.Until(
            async () => (view = await Payment(id).Get()) is { } seen && condition(seen), $"{id}: {what}", TimeSpan.FromMilliseconds(500));
        return view!;
    }

    /// <summary>The process dies: calls and steps under way are lost, the sandbox and the journal live on. Then it starts again.</summary>
    public async Task Crash()
    {
        await Engine.DisposeAsync();
        Provider = new ResilientProvider(_line, _patience, Clock, Random.Shared.NextDouble);
        Engine = Started();
    }

    public async Task<IReadOnlyList<object>> History(string id = "pay_1") =>
    [
        .. (await Store.History(new EntityId("payment", id), 0, int.MaxValue, TestContext.Current.CancellationToken))
            .Select(r => Store.Store.Personal.Decode(PaymentsCapability.Facts, r)),
    ];

    /// <summary>What the view says is what really moved at the provider, once.</summary>
    public void AgreesWithTheSandbox(PaymentView view)
    {
        var moved = Sandbox.Movements.Where(m => m.Reference.StartsWith($"{view.Id}/", StringComparison.Ordinal)).ToList();
        long Sum(ProviderOperation kind) => moved.Where(m => m.Kind == kind).Sum(m => m.Amount.Minor);
        var authorized = Sum(ProviderOperation.Authorize);
        Assert.Equal(view.Status is PaymentStatus.Declined ? 0 : view.Amount, authorized);
        Assert.True(Sum(ProviderOperation.Capture) <= authorized);
        Assert.Equal((view.Captured, view.Refunded), (Sum(ProviderOperation.Capture), Sum(ProviderOperation.Refund)));
        if (view.Status != PaymentStatus.Expired) Assert.Equal(view.Authorized, authorized - view.Captured - Sum(ProviderOperation.Void));
        Assert.Equal(
            view.Movements.Where(m => m.Status == PaymentOperationStatus.Succeeded).Select(m => (m.Kind.ToString(), m.Amount)),
            moved.Where(m => m.Kind is ProviderOperation.Capture or ProviderOperation.Refund).Select(m => (m.Kind.ToString(),
                m.Amount.Minor)));
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private static PaymentView Accepted(Result<PaymentView> answer)
    {
        Assert.True(answer.Accepted, answer.Refusal?.Detail);
        return answer.Value;
    }

    private SingleProcessEngine Started()
    {
        var engine = new SingleProcessEngine(
            [Store.Store], new TestServices().With<IPaymentProvider>(Provider),
            new SingleProcessOptions
            {
                Clock = Clock, Scheduler = Clock.Scheduler, Report = (_, problem) => Problems.Enqueue(problem),
            });
        engine.Start();
        return engine;
    }
}
