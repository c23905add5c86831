using Commerce.Customers;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>
/// An employee who edits customers: reads, and changes what was read, at the same time as others do. A change is accepted only if nothing
/// has changed since, and an operation id that is reused for another command is refused.
/// </summary>
internal sealed class OperatorDriver(SimulationContext world, RetryingClient requests, SimulatedShop shop, int number)
{
    private static readonly Address Somewhere = new(null, "1 Lane", null, "Town", null, null, "GB");

    private readonly SeededRandom _dice = new(world.Seed, "clerk", number);

    /// <summary>Works while the shop is open.</summary>
    public async Task Work(TimeSpan open)
    {
        for (var n = 0; n < 8; n++)
        {
            await world.Delay(open / 10);
            if (shop.Customers.Count == 0 || world.Verdict.Violation is not null) continue;
            var customer = _dice.OneOf(shop.Customers);
            await Receive(_dice.OneOf(SimulatedShop.Hot), n);
            await PutAddress(customer, $"desk-{number}-{n % 4}", n);
            if (_dice.Chance(0.2)) await Misuse(customer, n);
        }
    }

    // A parcel that was overlooked; the employee checks afterwards that it is booked.
    private async Task Receive(string sku, int n)
    {
        var answer = await requests.Insist(
            $"stock/{sku}", $"parcel-{number}-{n}", (e, call) => e.Get<IStock>(sku).Receive(new ReceiveStock(1, "parcel"), call));
        if (answer is { Accepted: true }) world.Books.Accepted.Came(sku, 1);
        await requests.Read((e, _) => e.Get<IStock>(sku).Get(), $"stock/{sku}");
    }

    private async Task PutAddress(string customer, string label, int n)
    {
        var seen = await requests.Read((e, _) => e.Get<ICustomer>(customer).Get(), $"customer/{customer}");
        if (seen is null) return; // of two processes one may have looked before there was a customer
        await world.Delay(_dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromSeconds(20)));
        var address = Somewhere with { Line1 = $"{n} Lane, as {number} says" };
        var answer = await requests.Insist(
            $"customer/{customer}", $"address-{number}-{n}",
            (e, call) => e.Get<ICustomer>(customer).PutAddress(new PutAddress(label, address), call with { IfVersions = [seen.Version] }));
        if (answer is { Accepted: true } && answer.Value.Version != seen.Version + 1)
            world.Verdict.Broken(
                "a change is made to what was seen",
                $"{customer} was seen at version {seen.Version}, and the change based on that made version {answer.Value.Version}");
        else if (answer is { Accepted: false, Refusal.Code: not ("stale_version" or "erased") })
            world.Verdict.Broken("customers can be edited", $"{customer}: {answer.Refusal.Detail}");
    }

    private async Task Misuse(string customer, int n)
    {
        var operation = $"phone-{number}-{n}";
        var first = await Call("1");
        if (first is not { Accepted: true }) return;
        var second = await Call("2");
        if (second is { Accepted: true } && !world.Books.IsErased($"customer/{customer}"))
            world.Verdict.Broken(
                "an operation id stands for one content", $"{operation} of {customer} was accepted with two contents: {second.Value}");

        Task<Result<CustomerView>> Call(string phone) => requests.Insist(
            $"customer/{customer}", $"{operation} with {phone}",
            (e, call) => e.Get<ICustomer>(customer).ChangeContact(
                new ChangeContact(null, null, phone), call with { OperationId = operation, Fingerprint = phone }));
    }
}
