namespace Commerce.Naive;

/// <summary>A line that is ordered.</summary>
[GenerateSerializer, Immutable]
public sealed record NaiveLine(string Sku, long Quantity);

/// <summary>What is ordered.</summary>
[GenerateSerializer, Immutable]
public sealed record NaiveNewOrder(string Currency, string PaymentMethod, NaiveLine[] Lines);

/// <summary>An order as it is shown.</summary>
[GenerateSerializer, Immutable]
public sealed record NaiveOrderView(string Id, string Status, long Total, string Currency, string? Reason);

/// <summary>What came of placing an order: the order, or why there is none.</summary>
[GenerateSerializer, Immutable]
public sealed record PlacingResult(NaiveOrderView? Order, string? Refusal);

/// <summary>What moves on an account, in minor units.</summary>
[GenerateSerializer, Immutable]
public sealed record NaivePosting(string Account, string Currency, long Amount);

/// <summary>An order; its key is made from the caller's, so that a repeated request comes to the same one.</summary>
[Alias("order")]
public interface INaiveOrderGrain : IGrainWithStringKey
{
    /// <summary>Places it and goes on to confirmed, or from wherever an earlier attempt has come to.</summary>
    [Alias("place")]
    Task<PlacingResult> Place(byte[] fingerprint, NaiveNewOrder order);

    /// <summary>Ships what is confirmed and captures its payment; null: there is no such order.</summary>
    [Alias("ship")]
    Task<NaiveOrderView?> Ship();

    /// <summary>The order; null: there is none.</summary>
    [Alias("view")]
    Task<NaiveOrderView?> View();
}

/// <summary>A product, by its SKU.</summary>
[Alias("product")]
public interface INaiveProductGrain : IGrainWithStringKey
{
    /// <summary>Says what it is and what it costs, in minor units; nothing once that is known.</summary>
    [Alias("define")]
    Task Define(string name, string currency, long unitPrice);

    /// <summary>What a unit costs in that currency; null: it is not sold in it.</summary>
    [Alias("price")]
    Task<long?> Price(string currency);
}

/// <summary>The stock of a SKU.</summary>
[Alias("stock")]
public interface INaiveStockGrain : IGrainWithStringKey
{
    /// <summary>Units have come in.</summary>
    [Alias("receive")]
    Task Receive(long quantity);

    /// <summary>Sets units aside for an order, once; false: they are not there.</summary>
    [Alias("hold")]
    Task<bool> Hold(string order, long quantity);

    /// <summary>Gives back what was set aside for an order, if anything was.</summary>
    [Alias("release")]
    Task Release(string order);

    /// <summary>What was set aside for an order has left, once.</summary>
    [Alias("post")]
    Task Post(string order);
}

/// <summary>The payment of an order, by the order's id.</summary>
[Alias("payment")]
public interface INaivePaymentGrain : IGrainWithStringKey
{
    /// <summary>Holds the money, once; the sandbox says yes at once.</summary>
    [Alias("authorize")]
    Task Authorize(string method, string currency, long amount);

    /// <summary>Takes the money that is held, once.</summary>
    [Alias("capture")]
    Task Capture(long amount);
}

/// <summary>One entry of the ledger, by its name.</summary>
[Alias("entry")]
public interface INaiveEntryGrain : IGrainWithStringKey
{
    /// <summary>Writes the entry, once.</summary>
    [Alias("post")]
    Task Post(NaivePosting[] postings);
}
