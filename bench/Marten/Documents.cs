namespace Commerce.Marten;

/// <summary>What a product, by its SKU, is and costs, in minor units.</summary>
public sealed record Product(string Id, string Name, string Currency, long UnitPrice);

/// <summary>What was authorized and captured for an order, by the order's id, in minor units.</summary>
public sealed record Payment(string Id, string Method, string Currency, long Authorized, long Captured)
{
    public Payment Capture(long amount) => amount <= Authorized - Captured
        ? this with { Captured = Captured + amount }
        : throw new InvalidOperationException($"{amount} of {Authorized} cannot be captured; {Captured} already is.");
}

/// <summary>What moves on an account, in minor units.</summary>
public sealed record LedgerPosting(string Account, string Currency, long Amount);

/// <summary>An entry of the ledger, by its name.</summary>
public sealed record LedgerEntry(string Id, IReadOnlyList<LedgerPosting> Postings)
{
    /// <summary>An entry that balances.</summary>
    public static LedgerEntry Of(string id, params IReadOnlyList<LedgerPosting> postings) =>
        postings.Sum(p => p.Amount) is not 0 and var sum
            ? throw new InvalidOperationException($"The entry {id} does not balance: its postings sum up to {sum}.")
            : new(id, postings);
}
