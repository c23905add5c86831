namespace Commerce.Histories;

/// <summary>A capture or a refund as its payment shows it.</summary>
/// <param name="Id">Unique within the payment.</param>
/// <param name="Kind"><c>capture</c> or <c>refund</c>.</param>
/// <param name="Status"><c>pending</c>, <c>succeeded</c> or <c>refused</c>.</param>
public sealed record Movement(string Id, string Kind, long Amount, string Status)
{
    public override string ToString() => $"{Kind} {Id} of {Amount} {Status}";
}

/// <summary>The requests to a payment, its own or those of its order; and the provider's answers to it.</summary>
public abstract record PaymentAsked
{
    /// <summary>The name by which the provider answers an authorization.</summary>
    public const string Authorization = "authorization";

    /// <summary>The name by which the provider answers a void.</summary>
    public const string Voiding = "void";

    /// <summary>Its order wants money to be held.</summary>
    public sealed record Authorize(long Amount) : PaymentAsked
    {
        public override string ToString() => $"authorize {Amount}";
    }

    /// <summary>Money is to be taken or given back; without an amount all that is left.</summary>
    public sealed record Move(string Kind, string Id, long? Amount) : PaymentAsked
    {
        public override string ToString() => $"{Kind} {Amount?.ToString() ?? "what is left"} as {Id}";
    }

    /// <summary>What is held is to be given back.</summary>
    public sealed record Void : PaymentAsked
    {
        public override string ToString() => "void";
    }

    /// <summary>The provider answers the request of that name: one request at a time, in order.</summary>
    public sealed record Settle(string Name) : PaymentAsked
    {
        public override string ToString() => $"the provider answers {Name}";
    }

    /// <summary>The payment is read.</summary>
    public sealed record Get : PaymentAsked
    {
        public override string ToString() => "get";
    }
}

public abstract record PaymentAnswer
{
    /// <summary>The payment, after the request.</summary>
    public sealed record View(
        string Status, bool Settled, long Authorized, long Captured, long Refunded, Listed<Movement> Movements) : PaymentAnswer
    {
        public override string ToString() => $"{Status}{(Settled ? "" : ", not settled")}, {Authorized} authorized, {Captured} captured, "
            + $"{Refunded} refunded; movements: {Movements}";
    }

    /// <summary>There is no such payment yet.</summary>
    public sealed record Absent : PaymentAnswer
    {
        public override string ToString() => "no such payment";
    }

    /// <summary>Done, or the provider said yes.</summary>
    public sealed record Done : PaymentAnswer
    {
        public override string ToString() => "done";
    }

    /// <summary>The provider said no.</summary>
    public sealed record Declined : PaymentAnswer
    {
        public override string ToString() => "declined";
    }

    /// <summary>The payment does not allow it now.</summary>
    /// <param name="Available">What is left, where the answer says so.</param>
    public sealed record Refused(string Code, long? Available) : PaymentAnswer
    {
        public override string ToString() => $"refused, {Code}{(Available is { } left ? $": {left} available" : "")}";
    }
}
