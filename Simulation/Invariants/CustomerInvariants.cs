using Commerce.Customers;

namespace Commerce.Simulation;

/// <summary>Customers: an e-mail address belongs to one of them at a time, however it is written.</summary>
internal sealed class CustomerInvariants(RunVerdict verdict)
{
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _emails = [];

    public void Add(string customer, CustomerFact fact)
    {
        var email = fact switch
        {
            CustomerRegistered f => f.Email,
            ContactChanged f => f.Email,
            _ => null,
        };
        if (email is null) return;
        if (_emails.Remove(customer, out var before)) _owners.Remove(before);
        if (!_owners.TryAdd(email, customer))
            verdict.Broken("an e-mail address belongs to one customer", $"{email} is {_owners[email]}'s, and {customer} has it too");
        _emails[customer] = email;
    }
}
