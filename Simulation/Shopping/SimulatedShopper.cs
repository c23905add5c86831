using Commerce.Catalogue;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>
/// A shopper with one order: places it, perhaps cancels it at the worst moment, has it shipped at once or in parts, asks to return some of
/// it, repeats requests that were answered long ago. The choices are drawn from the run's seed and the shopper's number.
/// </summary>
internal sealed class SimulatedShopper(SimulationContext world, RetryingClient requests, SimulatedShop shop, int number)
{
    private readonly SeededRandom _dice = new(world.Seed, "shopper", number);

    private readonly string _currency = new SeededRandom(world.Seed, "shopper's currency", number).OneOf(SimulatedShop.Currencies);

    private string Id { get; } = $"ord_{number}";

    private string Entity => $"order/{Id}";

    /// <summary>Comes at some time within <paramref name="open"/>, or with the crowd; ends when this shopper wants nothing more.</summary>
    public async Task Visit(TimeSpan open, TimeSpan? crowd)
    {
        await world.Delay(crowd ?? (open * _dice.Share()));
        var order = Wanted(crowd is not null);
        var impatient = _dice.Chance(0.25);
        var placing = Place(order);
        if (impatient) await CancelSoon();
        var placed = await placing;
        if (placed is not { Accepted: true }) return;
        await requests.Read((e, _) => e.Get<IOrder>(Id).Get(), Entity);
        var seen = await Settled();
        var byHand = seen is { Status: OrderStatus.Confirmed } && _dice.Chance(0.15) ? MoveMoney() : Task.CompletedTask;
        if (seen is { Status: OrderStatus.Confirmed } && !_dice.Chance(0.12)) seen = await Ship(seen);
        if (seen is { Status: OrderStatus.Shipped or OrderStatus.PartlyShipped } && _dice.Chance(0.4)) await SendBack(seen);
        await byHand;
        if (_dice.Chance(0.1)) await Place(order);
        if (_dice.Chance(0.05)) await Credit();
    }

    private PlaceOrder Wanted(bool last)
    {
        var customer = shop.Customers.Count > 0 && _dice.Chance(0.6) ? _dice.OneOf(shop.Customers) : null;
        var lines = last
            ? [new PlaceLine(SimulatedShop.Last, 1)]
            : _dice.Chance(0.05)
                ? [new PlaceLine(SimulatedShop.Free, _dice.Next(1, 2))]
                : Enumerable.Range(0, _dice.Chance(0.2) ? 3 : _dice.Next(1, 2))
                    .Select(_ => new PlaceLine(Sku(), _dice.Next(1, 4))).ToArray();
        return new PlaceOrder(customer, null, _currency, lines, PaymentMethod: "card");
    }

    private string Sku() => _dice.Share() switch
    {
        < 0.15 => SimulatedShop.Postage,
        < 0.25 => SimulatedShop.ToOrder,
        _ => _dice.OneOf(SimulatedShop.Hot),
    };

    private Task<Result<OrderAnswer>> Place(PlaceOrder order) =>
        Ask("place", (e, call) => e.Place(order, call));

    private async Task CancelSoon()
    {
        await world.Delay(_dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromMinutes(2)));
        await Cancel($"cancel-{_dice.Next(1000)}");
    }

    private Task<Result<OrderAnswer>> Cancel(string operation) =>
        Ask(operation, (e, call) => e.Cancel(new CancelOrder("changed my mind"), call));

    // Some wait in the call for what becomes of it. What they see then is no part of the operation's answer.
    private Task<Result<OrderAnswer>> Ask(string operation, Func<IOrder, CallContext, Task<Result<OrderAnswer>>> ask)
    {
        TimeSpan? wait = _dice.Chance(0.5) ? _dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5)) : null;
        return requests.Insist(Entity, operation, async (e, call) =>
        {
            var answer = await ask(e.Get<IOrder>(Id), call with { WaitUntil = world.Clock.Now + wait });
            if (answer.Value?.Settled is not { } seen) return answer;
            if (!seen.Settled || seen.Version < answer.Value.Version)
                world.Verdict.Broken("what was waited for has settled", $"{Id} after {operation}: {seen.Status}, {seen.Waiting}");
            return answer.With(answer.Value with { Settled = null });
        });
    }

    private async Task<OrderView?> Settled()
    {
        for (var missing = 0; world.Verdict.Violation is null;)
        {
            var seen = await requests.Read((e, deadline) => e.Get<IOrder>(Id).WhenSettled(deadline), Entity);
            if (seen is { Settled: true }) return seen;

            // One of two processes may have read the order before there was one; it reads again before long (decision 12).
            if (seen is null && ++missing > 6)
                world.Verdict.Broken("what was accepted is there", $"{Id} was accepted, and there is no such order");
            await world.Delay(TimeSpan.FromSeconds(5));
        }

        return null;
    }

    private async Task<OrderView?> Ship(OrderView order)
    {
        await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)));
        if (_dice.Chance(0.06)) await LoseHold(_dice.OneOf(order.Lines));
        await PayAgain(order);
        var asked = new List<Task> { ShipPart("a", _dice.Chance(0.5) ? Part(order) : null) };
        if (_dice.Chance(0.3)) asked.Add(ShipPart("b", null));
        if (_dice.Chance(0.15)) asked.Add(CancelSoon());
        await Task.WhenAll(asked);
        if (await Settled() is not { } seen) return null;
        if (seen.Shipments.All(s => s.Status == ShipmentStatus.Completed) || !seen.AllowedMoves.Contains("ship")) return seen;
        await PayAgain(seen);
        await ShipPart("c", null); // what failed is tried once more
        return await Settled();
    }

    // A clerk has let go of what was held for one line, so that a shipment can be posted in part only.
    private async Task LoseHold(OrderLine line)
    {
        if (line.Kind != ProductKind.Goods) return;
        world.Books.Accepted.LostHold(Id);
        await requests.Insist(
            $"stock/{line.Sku}", $"lose-{Id}", (e, call) => e.Get<IStock>(line.Sku).Void(new VoidHold($"{Id}/{line.Line}"), call));
    }

    private Task GiveUp(string payment, int n) => requests.Insist(
        $"payment/{payment}", $"void-{n}",
        (e, call) => e.Get<IPayment>(payment).Void(new VoidPayment("the hold lapsed at the bank"), call));

    // By the same card or another, also when it is not asked for.
    private async Task<OrderView?> PayAgain(OrderView order)
    {
        if (!_dice.Chance(order.AmountDue > 0 ? 0.7 : 0.05)) return order;
        await Ask("pay-again", (e, call) => e.Pay(new PayOrder($"pay_{number}-again", "another card"), call));
        return await Settled();
    }

    // A clerk takes money ahead and gives money back, whatever else happens to the order at that moment.
    private async Task MoveMoney()
    {
        var payment = $"pay_{number}";
        for (var n = 0; n < 4; n++)
        {
            await world.Delay(_dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromMinutes(8)));
            long? amount = _dice.Chance(0.3) ? null : _dice.Next(1, 300);
            if (_dice.Chance(0.1)) await GiveUp(payment, n);
            MovementCommand move = _dice.Chance(n == 0 ? 0.6 : 0.2)
                ? new CapturePayment($"cap_{number}{n}", amount)
                : new RefundPayment($"rfd_{number}{n}", amount, Reason: "the clerk says so");
            var answer = await requests.Insist($"payment/{payment}", move.Id, (e, call) => move is RefundPayment refund
                ? e.Get<IPayment>(payment).Refund(refund, call)
                : e.Get<IPayment>(payment).Capture((CapturePayment)move, call));
            if (answer is { Accepted: true }) world.Books.Accepted.Moved(payment, move);
        }
    }

    private async Task ShipPart(string name, IReadOnlyList<LineQuantity>? lines)
    {
        var shipment = new ShipOrder($"shp_{number}{name}", lines);
        var answer = await Ask($"ship-{name}", (e, call) => e.Ship(shipment, call));
        if (answer is { Accepted: true }) world.Books.Accepted.Shipped(Id, shipment.ShipmentId);
    }

    private IReadOnlyList<LineQuantity> Part(OrderView order)
    {
        var line = _dice.OneOf(order.Lines);
        return [new LineQuantity(line.Line, _dice.Next(1, (int)line.Quantity))];
    }

    private async Task SendBack(OrderView order)
    {
        await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)));
        var asked = new List<Task> { Return("a", Part(order)) };
        if (_dice.Chance(0.4)) asked.Add(Return("b", _dice.Chance(0.5) ? Part(order) : null));
        await Task.WhenAll(asked);
        await Settled();
    }

    private async Task Return(string name, IReadOnlyList<LineQuantity>? lines)
    {
        var back = new ReturnItems($"ret_{number}{name}", lines, "did not fit", Received: _dice.Chance(0.3));
        var answer = await Ask($"return-{name}", (e, call) => e.Return(back, call));
        if (answer is not { Accepted: true }) return;
        if (back.Received) world.Books.Accepted.CameBack(Id, back.ReturnId);
        else await Arrive(name, back.ReturnId);
    }

    // The parcel is taken in, or rejected, or both at the same time by two clerks, or is lost on its way.
    private async Task Arrive(string name, string back)
    {
        await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)));
        var asked = new List<Task>();
        if (_dice.Chance(0.7)) asked.Add(Receive());
        if (_dice.Chance(0.3)) asked.Add(Reject());
        await Task.WhenAll(asked);

        async Task Receive()
        {
            if (await Ask($"receive-{name}", (e, call) => e.ReceiveReturn(new ReceiveReturn(back), call)) is { Accepted: true })
                world.Books.Accepted.CameBack(Id, back);
        }

        async Task Reject()
        {
            var rejection = new RejectReturn(back, "not as it was");
            if (await Ask($"reject-{name}", (e, call) => e.RejectReturn(rejection, call)) is { Accepted: true })
                world.Books.Accepted.Rejected(Id, back);
        }
    }

    private Task Credit() => requests.Insist(
        $"credit_note/crn_{number}", "credit", (e, call) => e.Get<ICreditNote>($"crn_{number}").Issue(
            new IssueCreditNote(
                null, _currency, [new CreditLine(SimulatedShop.Hot[number % SimulatedShop.Hot.Count], 1, 100, Restock: true)],
                "we are sorry"),
            call));
}
