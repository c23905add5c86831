namespace Commerce.Mutants;

/// <summary>
/// Safeguards that no seed has missed so far, each with the reason: another one does the same work, or the simulation has a hole there.
/// </summary>
internal static class SurvivingMutants
{
    private const int Usual = 30;
    private const string Alarms = "Engine/AlarmScheduler.cs";
    private const string Delivery = "Engine/ReactionDispatcher.cs";
    private const string Engine = "SingleProcess/Activation.cs";
    private const string Entity = "Engine/JournaledDecider.cs";
    private const string Memory = "Engine/EntityMemory.cs";
    private const string Outcomes = "Domain/Orders/OrderRules.cs";
    private const string PaymentRules = "Domain/Payments/PaymentRules.cs";
    private const string Process = "Engine/StepRunner.cs";
    private const string Provider = "Providers/ResilientProvider.cs";
    private const string Returns = "Domain/Orders/ReturnRules.cs";
    private const string Stock = "Domain/Orders/StockSteps.cs";
    private const string StockRules = "Domain/Inventory/StockRules.cs";

    private const string RingAgain =
        """
                || (last.Done.IsCompleted && (last.WakeAt != due.WakeAt || now - last.At >= options.AlarmRetry));

            private void Tidy(IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)> due, DateTimeOffset now)
            {
                if (_rung.Count == 0) return;
                var stillDue = due.Select(d => d.Entity).ToHashSet();
                foreach (var (entity, ring) in _rung)
                    if (ring.Done.IsCompleted && (!stillDue.Contains(entity) || now - ring.At >= options.AlarmRetry)) _rung.Remove(entity);
        """;

    /// <summary>What the rules of an order look at as well; without both a run must fail.</summary>
    public static Mutant OutcomeOfAnyStep { get; } = new(
        "process/outcome-of-next", "An outcome of a step is recorded only while it is the next one.", Process,
        "_next(state)?.Name == step.Name ? decide(state) : Decision<TFact>.Nothing;", "decide(state);", Usual,
        "The rules of an order look at its state themselves.");

    public static IReadOnlyList<Mutant> All { get; } =
    [
        OutcomeOfAnyStep,
        new("entity/loading-waits", "An entity is read again only when all its appends under way are over.", Memory,
            "await DrainAppends(); // one may yet be committed; a state read before that would be older than an answer already given",
            "", Usual,
            "What is decided on the older state loses at the expected version."),
        new("entity/old-epoch-commits", "A commit of before the memory was forgotten does not touch the new one.", Memory,
            "if (epoch != Epoch || after.Version < Committed.Version) return false;", "", Usual,
            "What was committed is true in either memory, and the next append tells which is the latest."),
        new("entity/old-epoch-loads", "What was read before the memory was forgotten again is not remembered.", Memory,
            "if (epoch == Epoch) Remember(read, asked);", "Remember(read, asked);", Usual,
            "What is decided on the older state loses at the expected version."),
        new("process/no-empty-outcomes", "An outcome without facts is not kept as the answer of its step.", Entity,
            "keepsNoChange: mode == Mode.Command);", "keepsNoChange: true);", Usual,
            "It saves rows; no answer differs."),
        new("process/retry", "A step that failed is taken again.", Process,
            "await Pause(Backoff.After(++faults, ProcessTimes.FirstRetryOfFault, ProcessTimes.MaxRetryOfFault, _host.Random));",
            "return;", Usual,
            "The entity's alarm takes the step again, later."),
        new("engine/busy-stay", "An entity does not leave memory while its process is at work.", Engine,
            " || _entity is { ProcessWork.IsCompleted: false }", "", Usual,
            "The alarm begins the process anew."),
        new("engine/one-at-a-time", "An entity handles one call at a time (E1).", Engine,
            "if (call.Overlaps || !_busy)", "if (call.Overlaps || !_closed)", Usual,
            "A decision and its append are one turn: calls that overlap wait at other places only."),
        new("flow/patience", "A reaction whose entity is unavailable is tried until it is there.", Delivery,
            "if (problem is not UnavailableException && ++failures", "if (++failures", Usual,
            "A hole: nothing is away for as long as a reaction takes to give a fact up."),
        new("alarms/ring-again", "An alarm rings until its entity has set another time (E5).", Alarms,
            RingAgain,
            RingAgain.Replace(" || now - last.At >= options.AlarmRetry", "").Replace(" || now - ring.At >= options.AlarmRetry", ""), Usual,
            "Who was rung goes on until it has set another time, or dies with the clock that rang it."),
        new("stock/hold-once", "A hold that is there is not taken again.", StockRules,
            "if (state.Holds.Find(command.HoldId) is not null) return Decision<StockFact>.Nothing;", "", Usual,
            "The same hold is asked for under the same operation id, and gets its first answer."),
        new("order/later-shipments-fail-too", "With a shipment that is given up, those asked for after it go.", Outcomes,
            ".. state.Shipments.Where(s => s.IsPending).Select(",
            ".. state.Shipments.Where(s => s.Id == shipmentId).Select(", Usual,
            "They are tried by themselves then, and refused."),
        new("order/restocked-once", "A return is restocked once.", Returns,
            "state.PendingReturn is not { Status: ReturnStatus.Received } pending || pending.Id != returnId",
            "state.PendingReturn is null", Usual,
            "The step is decided on the latest version, and after restocking that is another step."),
        new("order/refunded-is-pending", "Only the pending return is completed.", Returns,
            "if (state.PendingReturn is not { ReturnedAt: { } returnedAt } pending || pending.Id != returnId)",
            "if ((state.PendingReturn ?? state.Returns.Last()) is not { ReturnedAt: { } returnedAt } pending)", Usual,
            "The step is decided on the latest version, and after the refund that is another step."),
        new("payment/void-once", "A void that is under way is not asked for again.", PaymentRules,
            "if (state.Voiding || !PaymentStateMachine.Allows(state", "if (!PaymentStateMachine.Allows(state", Usual,
            "The bank gives a second void of the same reference the answer of the first."),
        new("payment/answer-before-expiry", "While the provider is at work its answer comes before the expiry.", PaymentRules,
            "if (state.Current is not null || state.Holds.DueAt(now).Count == 0)", "if (state.Holds.DueAt(now).Count == 0)", Usual,
            "A hole: nothing stays unanswered for as long as an authorization lasts."),
        new("ledger/entry-once", "An entry is posted once.", "Domain/Ledger/LedgerRules.cs",
            "if (state.Entry is { } posted) return Same(posted, entry) ? Decision<EntryPosted>.Nothing : Refusals.Exists(\"entry\", key);",
            "", Usual,
            "An entry is posted under an operation id of its own, and a repeated one gets its first answer."),
        new("provider/timeout", "A provider that says nothing is given up.", Provider,
            ".AddTimeout(_options.Timeout)\n", "", Usual,
            "What is lost on the way is told as lost after a while, as TCP would."),
        new("provider/unknown-is-not-undone", "A request without an answer does not count as not made.", Provider,
            "inDoubt = problem is not ProviderUnavailableException;", "inDoubt = false;", Usual,
            "It tells apart requests that their caller gave up, and processes give up none while they live."),
    ];
}
