using Commerce.Inventory;

namespace Commerce.Simulation;

/// <summary>Units on the shelf, and units set aside for each hold.</summary>
internal sealed class StockInvariants(RunVerdict verdict)
{
    private readonly Dictionary<string, ExpectedStock> _shelves = [];
    private readonly HashSet<string> _over = [];

    /// <summary>Every SKU that anything happened to.</summary>
    public IReadOnlyDictionary<string, ExpectedStock> Shelves => _shelves;

    /// <summary>Units of that SKU that are still set aside under that name.</summary>
    public long Held(string sku, string hold) => _shelves.GetValueOrDefault(sku)?.Holds.GetValueOrDefault(hold) ?? 0;

    public void Add(string sku, StockFact fact)
    {
        if (!_shelves.TryGetValue(sku, out var shelf)) _shelves[sku] = shelf = new ExpectedStock();
        switch (fact)
        {
            case StockReceived f: shelf.Come(f.Quantity); break;
            case StockAdjusted f: shelf.Come(f.Change); break;
            case StockReturned f: shelf.Back(f.Quantity); break;
            case StockHeld f: Hold(sku, shelf, f); break;
            case HoldPosted f:
                Take(sku, shelf, f.HoldId, f.Quantity);
                shelf.Leave(f.Quantity);
                break;
            case HoldUnposted f:
                shelf.Leave(-f.Quantity);
                shelf.Held += f.Quantity;
                shelf.Holds[f.HoldId] = shelf.Holds.GetValueOrDefault(f.HoldId) + f.Quantity;
                break;
            case HoldVoided f: Take(sku, shelf, f.HoldId, f.Quantity, all: true); break;
            case HoldExpired f: Take(sku, shelf, f.HoldId, f.Quantity, all: true); break;
            case BackorderAllowed f: shelf.Backorder = f.Allowed; break;
            default: throw new InvalidOperationException($"The simulation's books do not know {fact.GetType().Name}: teach them.");
        }

        if (shelf.OnHand < 0) verdict.Broken("what is not on the shelf does not leave it", $"{sku}: {shelf.OnHand} on hand, after {fact}");
        if (shelf.OnHand < shelf.Held && !shelf.Backorder)
            verdict.Broken("nothing is sold that is not there", $"{sku}: {shelf.OnHand} on hand, {shelf.Held} held, after {fact}");
    }

    private void Hold(string sku, ExpectedStock shelf, StockHeld fact)
    {
        if (_over.Contains($"{sku} {fact.HoldId}") || !shelf.Holds.TryAdd(fact.HoldId, fact.Quantity))
            verdict.Broken("a hold is taken once", $"{sku}: {fact}");
        shelf.Held += fact.Quantity;
    }

    private void Take(string sku, ExpectedStock shelf, string hold, long quantity, bool all = false)
    {
        var left = shelf.Holds.GetValueOrDefault(hold) - quantity;
        if (left < 0 || (all && left != 0))
            verdict.Broken("no more is taken of a hold than it has", $"{sku}: {quantity} of {hold}, {left} left");
        shelf.Held -= quantity;
        shelf.Holds[hold] = left;
        if (left > 0) return;
        shelf.Holds.Remove(hold);
        _over.Add($"{sku} {hold}");
    }

    /// <summary>The units of one SKU.</summary>
    public sealed class ExpectedStock
    {
        public Dictionary<string, long> Holds { get; } = [];

        public long Held { get; set; }

        public bool Backorder { get; set; }

        /// <summary>What came in by receipts and corrections.</summary>
        public long Received { get; private set; }

        /// <summary>What left with shipments.</summary>
        public long Left { get; private set; }

        public long Returned { get; private set; }

        public long OnHand => Received - Left + Returned;

        public void Come(long units) => Received += units;

        public void Leave(long units) => Left += units;

        public void Back(long units) => Returned += units;
    }
}
