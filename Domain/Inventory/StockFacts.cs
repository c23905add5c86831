namespace Commerce.Inventory;

/// <summary>What happens to the stock of one SKU.</summary>
public abstract record StockFact;

public sealed record StockReceived(long Quantity, string? Reference, DateTimeOffset OccurredAt) : StockFact;

/// <summary>What is on hand was corrected.</summary>
public sealed record StockAdjusted(long Change, string Reason, string? Reference, DateTimeOffset OccurredAt) : StockFact;

/// <summary>Units were set aside.</summary>
public sealed record StockHeld(string HoldId, long Quantity, DateTimeOffset? ExpiresAt) : StockFact;

/// <summary>Held units left the shelf.</summary>
public sealed record HoldPosted(string HoldId, long Quantity, DateTimeOffset OccurredAt) : StockFact;

/// <summary>Units that had left are back on the shelf, and held again.</summary>
public sealed record HoldUnposted(string HoldId, long Quantity, DateTimeOffset? ExpiresAt, DateTimeOffset OccurredAt) : StockFact;

/// <summary>Units set aside are free again.</summary>
public sealed record HoldVoided(string HoldId, long Quantity) : StockFact;

/// <summary>Units set aside are free again because their time was up.</summary>
public sealed record HoldExpired(string HoldId, long Quantity) : StockFact;

/// <summary>Sold units came back to the shelf.</summary>
public sealed record StockReturned(long Quantity, string Reference, DateTimeOffset OccurredAt) : StockFact;

/// <summary>It was settled whether more may be held than is on hand.</summary>
public sealed record BackorderAllowed(bool Allowed) : StockFact;
