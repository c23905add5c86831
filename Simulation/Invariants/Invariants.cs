using Commerce.Catalogue;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>
/// Keeps books of its own of every committed fact, in the moment of the commit, and checks after each that no promise is broken. It uses
/// the capabilities' facts, and none of their rules.
/// </summary>
internal sealed class Invariants
{
    private readonly Dictionary<string, Capability> _watched;
    private readonly HashSet<string> _there = [];
    private readonly HashSet<string> _erased = [];

    public Invariants(SimulationContext world)
    {
        (Stock, Money, Ledger) = (new StockInvariants(world.Verdict), new MoneyInvariants(world), new LedgerInvariants(world.Verdict));
        Catalogue = new CatalogueInvariants(world);
        Orders = new OrderInvariants(world.Verdict, Catalogue, Stock, Money);
        Feed = new FeedInvariants(world.Verdict);
        Silence = new IdleInvariants(world.Verdict);
        Causes = new CauseInvariants(world.Verdict);
        Answers = new AnswerInvariants(world.Verdict, Stock, Money);
        _watched = Capabilities.All.ToDictionary(c => c.Name, Feed.Watch);
        (Verdict, World) = (world.Verdict, world);
    }

    public CatalogueInvariants Catalogue { get; }

    public StockInvariants Stock { get; }

    public MoneyInvariants Money { get; }

    public LedgerInvariants Ledger { get; }

    public OrderInvariants Orders { get; }

    public FeedInvariants Feed { get; }

    public IdleInvariants Silence { get; }

    public AcceptedInvariants Accepted { get; } = new();

    /// <summary>What capabilities watch besides; none until a run begins.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; set; } = [];

    private AnswerInvariants Answers { get; }

    private CauseInvariants Causes { get; }

    private RunVerdict Verdict { get; }

    private SimulationContext World { get; }

    /// <summary>The capability with reactions that are watched.</summary>
    public Capability Watched(Capability capability) => _watched[capability.Name];

    /// <summary>True once anything was committed of it.</summary>
    public bool Has(string entity) => _there.Contains(entity);

    /// <summary>True once personal data of it was erased: what it answers is not what it was.</summary>
    public bool IsErased(string entity) => _erased.Contains(entity);

    /// <summary>An append was committed, with these facts.</summary>
    public void Committed(Capability capability, AppendRequest append, IReadOnlyList<RecordedFact> facts)
    {
        if (append.ExpectedVersion == 0 && facts.Count > 0) _there.Add(append.Entity.ToString());
        Causes.Committed(capability.Name, append, facts);
        var personal = World.PersonalOf(capability.Name);
        foreach (var recorded in facts)
        {
            Feed.Committed(capability, recorded);
            var (key, fact) = (recorded.Entity.Key, personal.Decode(capability.Facts, recorded));
            switch (fact)
            {
                case ProductFact f: Catalogue.Add(key, f); break;
                case StockFact f: Stock.Add(key, f); break;
                case RequestNotFound f: Silence.NotFound(f.Reference); break;
                case PaymentFact f: Money.Add(key, f); break;
                case OrderFact f: Orders.Add(key, f); break;
                case CreditNoteFact f: Orders.Add(key, f); break;
                case EntryPosted f: Ledger.Posted(f.Entry); break;
            }

            if (fact is StockReturned { Reference: var back } && back.Split('/') is [var order, var part]) Orders.Moved(order, part);
            if (fact is PaymentRefunded refund) Orders.Moved(refund.OrderId, refund.Id);
            if (fact is IErasure) _erased.Add(recorded.Entity.ToString());
            foreach (var scenario in Scenarios) scenario.Committed(key, fact);
        }

        Answers.Kept(append, append.ExpectedVersion + facts.Count, personal);
    }

    /// <summary>A subscription gave a fact up.</summary>
    public void Parked(string subscription, RecordedFact fact, string reason) => Verdict.Broken(
        "no reaction gives a fact up", $"{subscription} parked {fact.Fact.Type} of {fact.Entity} at version {fact.Version}: {reason}");
}
