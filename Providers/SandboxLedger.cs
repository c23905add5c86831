using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Providers;

/// <summary>Money that really moved in the sandbox: held, taken, let go or given back.</summary>
/// <param name="Kind">What moved it.</param>
/// <param name="Reference">The request that did.</param>
/// <param name="Authorization">The sandbox's id of the authorization that it belongs to.</param>
public sealed record SandboxMovement(ProviderOperation Kind, string Reference, string Authorization, Money Amount, DateTimeOffset At);

/// <summary>A request in the sandbox's books.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Reference">Its idempotency key.</param>
/// <param name="Authorization">The authorization that it is about; for an authorization the one that it would make.</param>
/// <param name="Amount">How much; a void's is null, because it is all that is left.</param>
internal sealed record SandboxRequest(ProviderOperation Kind, string Reference, string Authorization, Money? Amount);

/// <summary>
/// What the sandbox remembers while it runs: answers by reference, what of each authorization was used, and the movements. Old entries
/// are forgotten beyond <see cref="Remembered"/>; the ids carry what is needed then.
/// </summary>
internal sealed class SandboxLedger(TimeProvider clock)
{
    /// <summary>How many requests are remembered.</summary>
    public const int Remembered = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SandboxRequest Request, ProviderResult Result)> _answers = [];
    private readonly Dictionary<string, int> _failures = [];
    private readonly Dictionary<string, Account> _accounts = [];
    private readonly Queue<SandboxRequest> _order = [];
    private readonly Queue<SandboxMovement> _movements = [];

    /// <summary>What really moved, in order.</summary>
    public IReadOnlyList<SandboxMovement> Movements
    {
        get
        {
            lock (_lock) return [.. _movements];
        }
    }

    /// <summary>The answer that this reference was given, or null.</summary>
    public ProviderResult? Find(string reference)
    {
        lock (_lock) return _answers.TryGetValue(reference, out var known) ? known.Result : null;
    }

    /// <summary>The answer that this request was given; a refusal when its reference stood for another one.</summary>
    public ProviderResult? Find(SandboxRequest request)
    {
        lock (_lock)
            return !_answers.TryGetValue(request.Reference, out var known) ? null
                : known.Request == request ? known.Result
                : new ProviderResult.Refused("reference_reused", $"The reference {request.Reference} stands for another request.");
    }

    /// <summary>True for the first <paramref name="failures"/> calls with a reference.</summary>
    public bool FailsNow(string reference, int failures)
    {
        lock (_lock)
        {
            var seen = _failures.GetValueOrDefault(reference);
            if (seen < failures) _failures[reference] = seen + 1;
            else _failures.Remove(reference);
            return seen < failures;
        }
    }

    /// <summary>Carries a request out, once; a repeat gets the first answer.</summary>
    public ProviderResult CarryOut(SandboxRequest request, Money authorized, ProviderResult.Refused? refusal)
    {
        lock (_lock)
        {
            if (Find(request) is { } before) return before;
            var result = refusal ?? Book(request, authorized);
            _answers[request.Reference] = (request, result);
            _order.Enqueue(request);
            if (_order.Count > Remembered) Forget(_order.Dequeue());
            return result;
        }
    }

    private ProviderResult Book(SandboxRequest request, Money authorized)
    {
        var account = _accounts.GetValueOrDefault(request.Authorization)
            ?? new Account(authorized.Minor, 0, 0, false, FromTheStart: request.Kind == ProviderOperation.Authorize);
        var amount = request.Amount ?? authorized with { Minor = account.Voided ? 0 : account.Authorized - account.Captured };
        if (amount.Currency != authorized.Currency)
            return new ProviderResult.Refused("currency_mismatch", $"{amount} is not in {authorized.Currency}.");
        Account? after = request.Kind switch
        {
            ProviderOperation.Authorize => account,
            ProviderOperation.Capture when !account.Voided && amount.Minor <= account.Authorized - account.Captured =>
                account with { Captured = account.Captured + amount.Minor },
            ProviderOperation.Void => account with { Voided = true },
            ProviderOperation.Refund when amount.Minor <= account.Refundable => account with { Refunded = account.Refunded + amount.Minor },
            _ => null,
        };
        if (after is null) return new ProviderResult.Refused("amount_too_large", $"{amount} is more than is left of this authorization.");
        _accounts[request.Authorization] = after;
        if (amount.Minor > 0)
            _movements.Enqueue(new(request.Kind, request.Reference, request.Authorization, amount, clock.GetUtcNow()));
        if (_movements.Count > Remembered) _movements.Dequeue();
        return new ProviderResult.Approved(
            request.Kind == ProviderOperation.Authorize ? request.Authorization : $"sbx:{request.Reference}", request.Amount);
    }

    private void Forget(SandboxRequest request)
    {
        _answers.Remove(request.Reference);
        if (request.Kind == ProviderOperation.Authorize) _accounts.Remove(request.Authorization);
    }

    /// <param name="Authorized">Minor units that were held.</param>
    /// <param name="Captured">Of these, taken.</param>
    /// <param name="Refunded">Of these, given back.</param>
    /// <param name="Voided">True when the rest was let go.</param>
    /// <param name="FromTheStart">False after a restart: what was captured before is not known; the bound is what was authorized.</param>
    private sealed record Account(long Authorized, long Captured, long Refunded, bool Voided, bool FromTheStart)
    {
        public long Refundable => (FromTheStart ? Captured : Authorized) - Refunded;
    }
}
