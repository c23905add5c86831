using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Grains;

/// <summary>The sandbox of the cluster as a silo's payments see it: a provider on the network, whose answers can be lost.</summary>
public sealed class RemoteSandboxProvider(IGrainFactory grains) : IPaymentProvider
{
    private ISandboxGrain Sandbox => grains.GetGrain<ISandboxGrain>(ISandboxGrain.Key);

    public string Name => "sandbox";

    public async Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel) =>
        (await Read(Sandbox.Authorize(reference, amount.Minor, amount.Currency, method, cancel)!, cancel))!;

    public async Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
        (await Read(Sandbox.Capture(reference, authorization, amount.Minor, amount.Currency, cancel)!, cancel))!;

    public async Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) =>
        (await Read(Sandbox.Void(reference, authorization, cancel)!, cancel))!;

    public async Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
        (await Read(Sandbox.Refund(reference, authorization, amount.Minor, amount.Currency, cancel)!, cancel))!;

    public Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel) =>
        Read(Sandbox.Lookup(reference, authorization, cancel), cancel);

    /// <summary>After any failure on the way there or back, the request may have been carried out.</summary>
    private static async Task<ProviderResult?> Read(Task<SandboxAnswer?> asked, CancellationToken cancel)
    {
        SandboxAnswer? answer;
        try
        {
            answer = await asked.WaitAsync(cancel);
        }
        catch (Exception lost) when (lost is OrleansException or TimeoutException)
        {
            throw new ProviderTimeoutException($"The sandbox's answer was lost: {lost.Message}", lost);
        }

        return answer switch
        {
            null => null,
            { AwayFor: { } wait } => throw new ProviderUnavailableException(answer.Reason!, wait),
            { ProviderId: { } id } => new ProviderResult.Approved(
                id, answer.Minor is { } minor ? new Money(minor, answer.Currency!) : null),
            _ => new ProviderResult.Refused(answer.Code!, answer.Reason!),
        };
    }
}
