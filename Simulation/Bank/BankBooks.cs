using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>
/// What the payment provider knows and does: the money as it really moves. It honours its contract, and checks that no request goes too
/// far: more than was authorized, or two requests under one reference.
/// </summary>
internal sealed class BankBooks(SimulationContext world)
{
    private readonly Dictionary<string, (Request Request, ProviderResult Result)> _done = [];
    private readonly Dictionary<string, Authorization> _authorizations = [];

    /// <summary>Until when it is away.</summary>
    public DateTimeOffset AwayUntil { get; set; }

    /// <summary>Every authorization, by the payment it belongs to.</summary>
    public IEnumerable<Authorization> Authorizations => _authorizations.Values;

    /// <summary>The authorization of a payment, or null.</summary>
    public Authorization? Of(string payment) => _authorizations.GetValueOrDefault(payment);

    /// <summary>What became of a request; null when it never arrived.</summary>
    public ProviderResult? Find(string reference) => _done.TryGetValue(reference, out var known) ? known.Result : null;

    /// <summary>A request has arrived. The same one again has no second effect and the same answer.</summary>
    public ProviderResult CarryOut(Request request)
    {
        if (_done.TryGetValue(request.Reference, out var known))
        {
            if (known.Request != request)
                world.Verdict.Broken("one reference, one request", $"{request} came under the reference of {known.Request}");
            return known.Result;
        }

        var result = Decide(request);
        _done[request.Reference] = (request, result);
        world.Trace.Add($"bank {request.Kind}", request.Reference, request.Amount?.Minor ?? 0, result.GetType().Name);
        return result;
    }

    private ProviderResult Decide(Request request)
    {
        if (request.Kind == ProviderOperation.Authorize) return Authorize(request);
        if (_authorizations.GetValueOrDefault(request.Authorization!) is not { } held)
            return new ProviderResult.Refused("unknown_authorization", "There is no such authorization.");
        if (request.Amount is { } asked && asked.Currency != held.Currency)
        {
            world.Verdict.Broken(MoneyInvariants.CurrencyRule, $"{request} was asked of {held.Amount} {held.Currency} at the bank");
            return new ProviderResult.Refused("wrong_currency", $"That is held in {held.Currency}.");
        }

        if (world.Chaos.Strikes(FaultKind.ProviderRefuses)) return new ProviderResult.Refused("refused", "The bank does not want to.");
        return request.Kind switch
        {
            ProviderOperation.Capture => Capture(held, request, request.Amount!.Value.Minor),
            ProviderOperation.Void => Void(held),
            _ => Refund(held, request, request.Amount!.Value.Minor),
        };
    }

    private ProviderResult Authorize(Request request)
    {
        if (world.Chaos.Strikes(FaultKind.ProviderDeclines)) return new ProviderResult.Refused("declined", "The card was declined.");
        var payment = request.Reference[..request.Reference.IndexOf('/')];
        if (!_authorizations.TryAdd(payment, new Authorization(payment, request.Amount!.Value, world.Clock.Now)))
            world.Verdict.Broken("a payment is authorized once", $"{payment} is authorized a second time, by {request.Reference}");
        return new ProviderResult.Approved(payment, request.Amount);
    }

    private ProviderResult Capture(Authorization held, Request request, long amount)
    {
        if (amount > held.Left)
        {
            world.Verdict.Broken("captured is at most authorized", $"{request} was asked of {held.Left} left at the bank");
            return new ProviderResult.Refused("too_much", "That is more than is left.");
        }

        held.Captured += amount;
        return new ProviderResult.Approved(request.Reference, request.Amount);
    }

    private static ProviderResult Void(Authorization held)
    {
        held.Released = held.Amount - held.Captured;
        return new ProviderResult.Approved($"{held.Payment}/void");
    }

    private ProviderResult Refund(Authorization held, Request request, long amount)
    {
        if (amount > held.Captured - held.Refunded)
        {
            world.Verdict.Broken(
                "refunded is at most captured", $"{request} was asked of {held.Captured}, {held.Refunded} refunded already");
            return new ProviderResult.Refused("too_much", "That is more than was captured.");
        }

        held.Refunded += amount;
        return new ProviderResult.Approved(request.Reference, request.Amount);
    }

    /// <summary>A request to the bank; a void has no amount: it releases all that is left.</summary>
    public sealed record Request(ProviderOperation Kind, string Reference, string? Authorization, Money? Amount);

    /// <summary>Money held on a card: amounts are in minor units of its one currency.</summary>
    public sealed class Authorization(string payment, Money amount, DateTimeOffset at)
    {
        public string Payment => payment;

        public string Currency => amount.Currency;

        public long Amount => amount.Minor;

        public DateTimeOffset At => at;

        public long Captured { get; set; }

        public long Refunded { get; set; }

        public long Released { get; set; }

        /// <summary>What is held and was neither captured nor given back.</summary>
        public long Left => Amount - Captured - Released;
    }
}
