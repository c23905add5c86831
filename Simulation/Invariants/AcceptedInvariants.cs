using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>Requests that were accepted: in the end all of them are carried out, and once.</summary>
internal sealed class AcceptedInvariants
{
    private readonly Dictionary<string, long> _units = [];
    private readonly HashSet<string> _lost = [];
    private readonly List<(string Order, string Id)> _shipments = [];
    private readonly List<(string Order, string Id, ReturnStatus End)> _returns = [];
    private readonly List<(string Payment, PaymentOperation Kind, string Id, long? Amount)> _moves = [];

    /// <summary>Shipments, with their orders.</summary>
    public IReadOnlyList<(string Order, string Id)> Shipments => _shipments;

    /// <summary>Returns that were received or rejected, with their orders, and what becomes of them.</summary>
    public IReadOnlyList<(string Order, string Id, ReturnStatus End)> Returns => _returns;

    /// <summary>What was captured or refunded by hand, and how much where that was said.</summary>
    public IReadOnlyList<(string Payment, PaymentOperation Kind, string Id, long? Amount)> Moves => _moves;

    /// <summary>True when a clerk has let go of a hold of this order.</summary>
    public bool HasLost(string order) => _lost.Contains(order);

    public void LostHold(string order) => _lost.Add(order);

    /// <summary>Units by receipts and corrections.</summary>
    public long Units(string sku) => _units.GetValueOrDefault(sku);

    public void Came(string sku, long units) => _units[sku] = Units(sku) + units;

    public void Shipped(string order, string shipment) => _shipments.Add((order, shipment));

    public void CameBack(string order, string back) => _returns.Add((order, back, ReturnStatus.Completed));

    public void Rejected(string order, string back) => _returns.Add((order, back, ReturnStatus.Rejected));

    public void Moved(string payment, MovementCommand move) => _moves.Add(
        (payment, move is CapturePayment ? PaymentOperation.Capture : PaymentOperation.Refund, move.Id, move.Amount));
}
