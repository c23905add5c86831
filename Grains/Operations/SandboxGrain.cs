using Commerce.Grains;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Orleans.Concurrency;

namespace Commerce.Grains;

/// <summary>
/// The one sandbox of a cluster. Requests overlap, as at any provider, because a slow one must not hold up the others. It stays in memory
/// while it is idle, because it remembers references. If its silo dies it starts anew elsewhere, like the sandbox of a single process; but
/// the switched-off state is kept, because an outage of a provider does not end with the crash of a customer.
/// </summary>
[OfCapability("Payments"), Reentrant, CollectionAgeLimit(AlwaysActive = true)]
[GrainType("sandbox")]
internal sealed class SandboxGrain(
    TimeProvider clock, [PersistentState("sandbox")] IPersistentState<SandboxSwitch> kept) : Grain, ISandboxGrain
{
    private readonly SandboxProvider _sandbox = new(clock);

    public override Task OnActivateAsync(CancellationToken token)
    {
        _sandbox.Outage = kept.State.Outage;
        return Task.CompletedTask;
    }

    public Task<SandboxAnswer> Authorize(string reference, long minor, string currency, string method, CancellationToken cancel) =>
        Answer(() => _sandbox.Authorize(reference, new Money(minor, currency), method, cancel)!)!;

    public Task<SandboxAnswer> Capture(string reference, string authorization, long minor, string currency, CancellationToken cancel) =>
        Answer(() => _sandbox.Capture(reference, authorization, new Money(minor, currency), cancel)!)!;

    public Task<SandboxAnswer> Void(string reference, string authorization, CancellationToken cancel) =>
        Answer(() => _sandbox.Void(reference, authorization, cancel)!)!;

    public Task<SandboxAnswer> Refund(string reference, string authorization, long minor, string currency, CancellationToken cancel) =>
        Answer(() => _sandbox.Refund(reference, authorization, new Money(minor, currency), cancel)!)!;

    public Task<SandboxAnswer?> Lookup(string reference, string? authorization, CancellationToken cancel) =>
        Answer(() => _sandbox.Lookup(reference, authorization, cancel));

    public Task<bool> GetOutage() => Task.FromResult(_sandbox.Outage);

    public async Task SetOutage(bool outage)
    {
        kept.State = new SandboxSwitch { Outage = outage };
        await kept.WriteStateAsync();
        _sandbox.Outage = outage;
    }

    private static async Task<SandboxAnswer?> Answer(Func<Task<ProviderResult?>> request)
    {
        try
        {
            return await request() switch
            {
                ProviderResult.Approved approved => new SandboxAnswer(
                    ProviderId: approved.ProviderId, Minor: approved.Amount?.Minor, Currency: approved.Amount?.Currency),
                ProviderResult.Refused refused => new SandboxAnswer(Code: refused.Code, Reason: refused.Reason),
                _ => null,
            };
        }
        catch (ProviderUnavailableException away)
        {
            return new SandboxAnswer(Reason: away.Message, AwayFor: away.RetryAfter);
        }
    }
}

/// <summary>Whether the sandbox is switched off, as it is kept.</summary>
[GenerateSerializer, Alias("commerce.sandbox-switch")]
internal sealed class SandboxSwitch
{
    /// <summary>True: it answers nothing.</summary>
    [Id(0)]
    public bool Outage { get; set; }
}
