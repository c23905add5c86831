namespace Commerce.Mutants;

/// <summary>What an order promises: its process, its compensation, its parts.</summary>
internal static class OrderMutants
{
    private const string Outcomes = "Domain/Orders/OrderRules.cs";
    private const string Rules = "Domain/Orders/OrderRules.cs";
    private const string Returns = "Domain/Orders/ReturnRules.cs";
    private const string Parts = "Domain/Orders/LineAllocation.cs";
    private const string Stock = "Domain/Orders/StockSteps.cs";
    private const string Reactions = "Domain/Orders/OrderReactions.cs";
    private const string Process = "Domain/Orders/OrderToCash.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("order/terminal-guard", "An outcome that comes too late is nothing.", Outcomes,
            "OrderStateMachine.Allows(state.Status, move) ? fact(After(state, move)) : Decision<OrderFact>.Nothing;",
            "fact(move switch { OrderMove.Confirm => OrderStatus.Confirmed, "
            + "_ => OrderStatus.Closing });",
            20, Also: SurvivingMutants.OutcomeOfAnyStep),
        new("order/closed-once", "An order is closed once, and after its shipments.", Outcomes,
            "if (state is not { Status: OrderStatus.Closing, PendingShipment: null, Closing: { } closing }) "
            + "return Decision<OrderFact>.Nothing;",
            "var closing = state.Closing!;", 20, Also: SurvivingMutants.OutcomeOfAnyStep),
        new("order/shipments-before-closing", "Shipments asked for before a cancellation are finished first.", Process,
            "{ PendingShipment: { } shipment } =>",
            "{ Status: OrderStatus.Closing, PendingShipment: not null } => new OrderStep.Release(),\n        "
            + "{ PendingShipment: { } shipment } =>", 20),
        new("order/posted-once", "That a shipment is posted is noted once.", Outcomes,
            "if (pending.Status == ShipmentStatus.Posted) return Waiting(state, reason);", "", 60),
        new("order/captured-is-pending", "Only the pending shipment is completed.", Outcomes,
            "if (!IsUnderWay(state, shipmentId, out var shipment)) return Decision<OrderFact>.Nothing;",
            "var shipment = state.PendingShipment ?? state.Shipments.Last();", 20, Also: SurvivingMutants.OutcomeOfAnyStep),
        new("order/ship-what-is-left", "What is being shipped is not shipped again.", Rules,
            "l => l.Open - pending.GetValueOrDefault(l.Line),", "l => l.Open,", 20),
        new("order/return-what-was-shipped", "No more comes back than was shipped.", Returns,
            "l => l.Shipped - l.Returned - kept.GetValueOrDefault(l.Line),", "l => l.Quantity,", 20),
        new("order/returns-count-pending", "What is being returned is not returned again.", Returns,
            "l => l.Shipped - l.Returned - kept.GetValueOrDefault(l.Line),", "l => l.Shipped - l.Returned,", 20),
        new("order/requested-units-are-kept", "Units that are asked for are kept for their return.", "Domain/Orders/Return.cs",
            "IsPending || Status == ReturnStatus.Requested;", "IsPending;", 20),
        new("order/rejected-stays-rejected", "What is rejected is not received any more.", Returns,
            "if (!ReturnStateMachine.Allows(asked.Status, ReturnMove.Receive)) return NotAllowed(asked, \"be received\");", "", 20),
        new("order/received-stays-received", "What is received is not rejected any more.", Returns,
            "if (!ReturnStateMachine.Allows(asked.Status, ReturnMove.Reject)) return NotAllowed(asked, \"be rejected\");", "", 20),
        new("order/rounding", "The amounts of parts add up to the line's total.", Parts,
            "return Share(line.Total, earlier + part.Quantity, line.Quantity) - Share(line.Total, earlier, line.Quantity);",
            "return Share(line.Total, part.Quantity, line.Quantity);", 30),
        new("order/late-hold", "A hold on its way cannot come after it was given back.", Stock,
            "if (state.Closing?.From == OrderStatus.Placed) await Void(line, step.CallOf(HoldOf(line)));", "", 120),
        new("order/every-hold-back", "Every line's hold is given back.", Stock,
            "Goods(state).Where(l => l.Open > 0), async line", "Goods(state).Where(l => l.Open > 0).Take(1), async line", 20),
        new("order/unpost", "What was posted for a shipment that is given up comes back.", Stock,
            "Batched.ForEach(posted, u => Stock(u.Line).Unpost(", "Batched.ForEach(posted.Take(0), u => Stock(u.Line).Unpost(", 20),
        new("order/part-of-unpost", "Of a shipment that could be posted in part only, that part comes back.", Stock,
            "[.. answers.Where(a => a.Result.Accepted).Select(a => Part(a.Item))],", "[],", 80),
        new("order/unpost-what-was-posted", "Only what has left the shelf comes back.", Stock,
            "[.. answers.Where(a => a.Result.Accepted).Select(a => Part(a.Item))],", "[.. answers.Select(a => Part(a.Item))],", 40),
        new("order/posted-too", "A shipment is completed only when its units have left the shelf.", "Domain/Orders/Order.cs",
            "if (missing is not null) return GiveUp(missing);", "", 40),
        new("order/post-operation", "A step that is taken again posts nothing twice.", Stock,
            "u.Quantity, shipment.ShippedAt), step.CallOf($\"post/{shipment.Id}/{u.Line.Line}\")",
            "u.Quantity, shipment.ShippedAt), step.CallOf($\"post/{shipment.Id}/{u.Line.Line}/{step.Call.Deadline:O}\")", 20),
        new("order/restock-operation", "A step that is taken again restocks nothing twice.", "Domain/Orders/OtherCapabilities.cs",
            "callFor($\"{u.Line}\")",
            "callFor($\"{u.Line}\") is var call ? call.For($\"{call.OperationId}/{call.Deadline:O}\") : null!", 20),
        new("order/holds-run-out", "Holds of an order that nobody ships run out.", Stock,
            "new HoldStock(HoldId(line), line.Quantity, expiresAt)", "new HoldStock(HoldId(line), line.Quantity, null)", 30),
        new("order/hold-lapses", "An order whose hold has expired lapses.", Reactions,
            "HoldExpired f => HoldExpiredFor(delivery, f),", "HoldExpired => Task.CompletedTask,", 20),
        new("order/money-lapses", "An order whose authorization has expired lapses.", Reactions,
            "AuthorizationExpired f => Moved(delivery, f.OrderId),", "AuthorizationExpired => Task.CompletedTask,", 20),
        new("order/lapse-late", "What lapses after its end stays ended.", Rules,
            "if (!OrderStateMachine.Allows(state.Status, OrderMove.Cancel)) return Decision<OrderFact>.Nothing;", "", 20),
    ];
}
