using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Providers;

/// <summary>
/// A payment provider for laptops, tests and demonstrations: no money moves outside it. How it behaves depends on the payment method,
/// see <see cref="SandboxMethods"/> and <c>docs/sandbox.md</c>. It keeps nothing on disk: the ids that it gives out say all that later
/// requests need, so it survives a restart; while it runs it also remembers references, so that none has a second effect.
/// </summary>
public sealed class SandboxProvider(TimeProvider clock) : IPaymentProvider
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SandboxLedger _books = new(clock);
    private volatile bool _outage;

    public string Name => "sandbox";

    /// <summary>While it is on, every request fails at once and nothing is carried out.</summary>
    public bool Outage
    {
        get => _outage;
        set => _outage = value;
    }

    /// <summary>What really moved since this sandbox was started, in order, also when the answer was lost.</summary>
    public IReadOnlyList<SandboxMovement> Movements => _books.Movements;

    public Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel)
    {
        var token = new SandboxToken(reference, method, amount.Minor, amount.Currency);
        return Handle(new SandboxRequest(ProviderOperation.Authorize, reference, token.Write(), amount), token, cancel);
    }

    public Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
        Handle(new SandboxRequest(ProviderOperation.Capture, reference, authorization, amount), SandboxToken.Read(authorization), cancel);

    public Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) =>
        Handle(new SandboxRequest(ProviderOperation.Void, reference, authorization, null), SandboxToken.Read(authorization), cancel);

    public Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
        Handle(new SandboxRequest(ProviderOperation.Refund, reference, authorization, amount), SandboxToken.Read(authorization), cancel);

    public Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Outage ? Task.FromException<ProviderResult?>(Away("is switched off")) : Task.FromResult(_books.Find(reference));
    }

    private async Task<ProviderResult> Handle(SandboxRequest request, SandboxToken? token, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Outage) throw Away("is switched off");
        if (token is null) return new ProviderResult.Refused("unknown_authorization", "The sandbox gave out no such authorization.");
        if (SandboxMethods.Find(token.Method) is not { } method)
            return new ProviderResult.Refused("unknown_payment_method", $"'{token.Method}' is no payment method of the sandbox.");
        if (_books.Find(request) is { } before) return before;

        if (request.Kind == ProviderOperation.Authorize && method.Failures > 0 && _books.FailsNow(request.Reference, method.Failures))
            throw Away("fails, as this method does");
        if (method.SilentBefore && _books.FailsNow(request.Reference, 1)) await Silence(cancel);
        if (method.Delay > TimeSpan.Zero) await Task.Delay(method.Delay, clock, cancel);
        var result = _books.CarryOut(request, token.Amount, method.Refuses == request.Kind ? method.Refusal : null);
        if (method.SilentAfter) await Silence(cancel);
        return result;
    }

    private Task Silence(CancellationToken cancel) => Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);

    private static ProviderUnavailableException Away(string why) => new($"The sandbox {why}; nothing was carried out.", RetryAfter);
}
