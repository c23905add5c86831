namespace Commerce.Naive;

/// <summary>What a payment holds and has taken, in minor units.</summary>
internal sealed class NaivePayment
{
    public string Method { get; set; } = "";
    public string Currency { get; set; } = "";
    public long Authorized { get; set; }
    public long Captured { get; set; }
}

/// <summary>Never takes more than was authorized.</summary>
[GrainType("payment")]
internal sealed class NaivePaymentGrain([PersistentState("payment")] IPersistentState<NaivePayment> payment)
    : StoredGrain<NaivePayment>(payment), INaivePaymentGrain
{
    public Task Authorize(string method, string currency, long amount)
    {
        if (Exists) return Task.CompletedTask;
        (State.Method, State.Currency, State.Authorized) = (method, currency, amount);
        return Write();
    }

    public Task Capture(long amount)
    {
        if (State.Captured == amount) return Task.CompletedTask;
        if (State.Captured != 0 || amount > State.Authorized)
            throw new InvalidOperationException($"{amount} of {State.Authorized} cannot be captured; {State.Captured} already is.");
        State.Captured = amount;
        return Write();
    }
}

/// <summary>An entry of the ledger.</summary>
internal sealed class NaiveEntry
{
    public NaivePosting[] Postings { get; set; } = [];
}

/// <summary>Only takes what balances.</summary>
[GrainType("entry")]
internal sealed class NaiveEntryGrain([PersistentState("entry")] IPersistentState<NaiveEntry> entry)
    : StoredGrain<NaiveEntry>(entry), INaiveEntryGrain
{
    public Task Post(NaivePosting[] postings)
    {
        if (Exists) return Task.CompletedTask;
        if (postings.Sum(p => p.Amount) is not 0 and var sum)
            throw new InvalidOperationException($"The entry {this.GetPrimaryKeyString()} does not balance: its postings sum up to {sum}.");
        State.Postings = postings;
        return Write();
    }
}
