using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>
/// An employee who moves money by hand, without an order: captures twice at once, captures and voids at once, refunds more than there is,
/// and repeats a command under another operation id. The bank and the invariants check that none of it goes too far.
/// </summary>
internal sealed class PaymentDriver(SimulationContext world, RetryingClient requests, int number)
{
    /// <summary>How the payments of tills begin.</summary>
    public const string Prefix = "pay_till-";

    private readonly SeededRandom _dice = new(world.Seed, "till", number);

    private readonly string _currency = new SeededRandom(world.Seed, "till's currency", number).OneOf(SimulatedShop.Currencies);

    private string Id { get; } = $"{Prefix}{number}";

    /// <summary>Comes at some time while the shop is open.</summary>
    public async Task Work(TimeSpan open)
    {
        await world.Delay(open * _dice.Share());
        var amount = _dice.Next(100, 10_000);
        var lasts = _dice.Chance(0.5) ? _dice.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20)) : TimeSpan.FromDays(7);
        await Ask("authorize", (p, call) => p.Authorize(
            new AuthorizePayment($"till-{number}", new Money(amount, _currency), "card", world.Clock.Now + lasts), call));
        var late = lasts < open && _dice.Chance(0.5); // just when it has run out
        var hesitates = _dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromMinutes(late ? 0.1 : 5));
        await world.Delay(late ? lasts + hesitates : hesitates);
        await Several(
            () => Capture("a", _dice.Next(amount / 2, amount)),
            () => Capture("b", _dice.Next(amount / 2, amount)),
            () => Again(PaymentOperation.Capture, "a"),
            () => Void("a"),
            () => Void("b"));
        await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(30)));
        await Several(
            () => Refund("c", amount / 2),
            () => Refund("d", amount / 2),
            () => Refund("e", null),
            () => Again(PaymentOperation.Refund, "c"));
    }

    // Some of these at about the same time.
    private Task Several(params Func<Task>[] asks) => Task.WhenAll([.. asks.Where(_ => _dice.Chance(0.6)).Select(async ask =>
    {
        await world.Delay(_dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromSeconds(1)));
        await ask();
    })]);

    private Task Capture(string id, long? units) => Move($"capture-{id}", new CapturePayment(id, units));

    private Task Void(string person) => Ask($"void-{person}", (p, call) => p.Void(new VoidPayment($"{person} says so"), call));

    private Task Refund(string id, long? units) => Move($"refund-{id}", new RefundPayment(id, units));

    // A caller that has lost the operation id still has the movement's.
    private Task Again(PaymentOperation kind, string id) =>
        Move($"{kind}-{id}-again", kind == PaymentOperation.Capture ? new CapturePayment(id, null) : new RefundPayment(id, null));

    private async Task Move(string operation, MovementCommand move)
    {
        var answer = await Ask(
            operation, (p, call) => move is RefundPayment refund ? p.Refund(refund, call) : p.Capture((CapturePayment)move, call));
        if (answer is { Accepted: true }) world.Books.Accepted.Moved(Id, move);
    }

    private Task<Result<PaymentView>> Ask(string operation, Func<IPayment, CallContext, Task<Result<PaymentView>>> ask) => requests.Insist(
        $"payment/{Id}", operation, (e, call) => ask(e.Get<IPayment>(Id), call));
}
