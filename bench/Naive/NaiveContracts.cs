namespace Commerce.Naive;

[GenerateSerializer, Immutable]
public sealed record NaiveLine(string Sku, long Quantity);

[GenerateSerializer, Immutable]
public sealed record NaiveNewOrder(string Currency, string PaymentMethod, NaiveLine[] Lines);

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
    [Alias("place")] Task<PlacingResult> Place(byte[] fingerprint, NaiveNewOrder order);
    [Alias("ship")] Task<NaiveOrderView?> Ship();
    [Alias("view")] Task<NaiveOrderView?> View();
}

/// <summary>A product, by its SKU.</summary>
[Alias("product")]
public interface INaiveProductGrain : IGrainWithStringKey
{
    [Alias("define")] Task Define(string name, string currency, long unitPrice);
    [Alias("price")] Task<long?> Price(string currency);
}

[Alias("stock")]
public interface INaiveStockGrain : IGrainWithStringKey
{
    [Alias("receive")] Task Receive(long quantity);
    [Alias("hold")] Task<bool> Hold(string order, long quantity);
    [Alias("release")] Task Release(string order);
    [Alias("post")] Task Post(string order);
}

/// <summary>The payment of an order, by the order's id.</summary>
[Alias("payment")]
public interface INaivePaymentGrain : IGrainWithStringKey
{
    [Alias("authorize")] Task Authorize(string method, string currency, long amount);
    [Alias("capture")] Task Capture(long amount);
}

/// <summary>One entry of the ledger, by its name.</summary>
[Alias("entry")]
public interface INaiveEntryGrain : IGrainWithStringKey
{
    [Alias("post")] Task Post(NaivePosting[] postings);
}
