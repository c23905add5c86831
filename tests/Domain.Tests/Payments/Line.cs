using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;

namespace Commerce.Domain.Tests.Payments;

/// <summary>The way to the sandbox, on which a request may meet another answer, or none; lookups always pass.</summary>
/// <param name="sandbox">Where it leads.</param>
/// <param name="instead">By the request's reference: the answer that comes in place of the sandbox's; null lets the request pass.</param>
internal sealed class Line(SandboxProvider sandbox, Func<string, ProviderResult?> instead) : IPaymentProvider
{
    public string Name => sandbox.Name;

    public async Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel) =>
        instead(reference) ?? await sandbox.Authorize(reference, amount, method, cancel);

    public async Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
        instead(reference) ?? await sandbox.Capture(reference, authorization, amount, cancel);

    public async Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) =>
        instead(reference) ?? await sandbox.Void(reference, authorization, cancel);

    public async Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
        instead(reference) ?? await sandbox.Refund(reference, authorization, amount, cancel);

    public Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel) =>
        sandbox.Lookup(reference, authorization, cancel);
}
