using Commerce.Customers;

namespace Commerce.Simulation;

/// <summary>
/// Customers, whom several clerks edit at the same time. An e-mail address belongs to one customer at a time, however it is written, and in
/// the end their figures are those of their orders.
/// </summary>
internal sealed class CustomerScenario(SimulationContext world, RetryingClient requests) : Scenario(world, requests)
{
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _emails = [];

    public override Task Run(SimulatedShop shop, TimeSpan open) =>
        Task.WhenAll([.. Enumerable.Range(1, 3).Select(n => new OperatorDriver(World, Requests, shop, n).Work(open))]);

    public override void Committed(string key, object fact)
    {
        var email = fact switch
        {
            CustomerRegistered f => f.Email,
            ContactChanged f => f.Email,
            _ => null,
        };
        if (email is null) return;
        if (_emails.Remove(key, out var before)) _owners.Remove(before);
        if (!_owners.TryAdd(email, key))
            Verdict.Broken("an e-mail address belongs to one customer", $"{email} is {_owners[email]}'s, and {key} has it too");
        _emails[key] = email;
    }

    public override async Task Check()
    {
        foreach (var orders in World.Books.Orders.Sheets.Values.Where(s => s.CustomerId is not null).GroupBy(s => s.CustomerId!))
        {
            var customer = await Requests.Read((e, _) => e.Get<ICustomer>(orders.Key).Get());
            var due = orders.Where(o => o.IsConfirmed).GroupBy(o => o.Currency).OrderBy(o => o.Key, StringComparer.Ordinal).Select(
                o => new LifetimeFigures(o.Key, o.LongCount(), o.Sum(s => s.Sold), o.Sum(s => s.Refunded))).ToArray();
            if (!due.SequenceEqual(customer!.Lifetime))
                Verdict.Broken(
                    "a reaction has its effect once",
                    $"{orders.Key} has {string.Join(", ", customer.Lifetime)}, and should have {string.Join<LifetimeFigures>(", ", due)}");
        }
    }
}
