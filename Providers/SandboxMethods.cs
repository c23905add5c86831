using Commerce.Payments;

namespace Commerce.Providers;

/// <summary>A payment method that the sandbox knows.</summary>
/// <param name="Name">The token that stands for it in an order's <c>paymentMethod</c>.</param>
/// <param name="Does">What the sandbox does with it, for a person.</param>
public sealed record SandboxMethod(string Name, string Does)
{
    /// <summary>The request that it refuses, if any; all others are approved.</summary>
    internal ProviderOperation? Refuses { get; init; }

    internal ProviderResult.Refused? Refusal { get; init; }

    /// <summary>How long an answer takes.</summary>
    internal TimeSpan Delay { get; init; }

    /// <summary>How often a request for an authorization fails before it works.</summary>
    internal int Failures { get; init; }

    /// <summary>True: carries every request out and never answers the first time.</summary>
    internal bool SilentAfter { get; init; }

    /// <summary>True: never answers the first attempt of a request, and does not carry it out.</summary>
    internal bool SilentBefore { get; init; }
}

/// <summary>The payment methods of the sandbox; <c>docs/sandbox.md</c> lists them for users.</summary>
public static class SandboxMethods
{
    /// <summary>Everything works, at once.</summary>
    public static readonly SandboxMethod Ok = new("pm_sandbox_ok", "Everything is approved at once.");

    /// <summary>The authorization is refused.</summary>
    public static readonly SandboxMethod Declined = new("pm_sandbox_declined", "The authorization is refused with `card_declined`.")
    {
        Refuses = ProviderOperation.Authorize, Refusal = new("card_declined", "The card was declined."),
    };

    /// <summary>The authorization is refused.</summary>
    public static readonly SandboxMethod InsufficientFunds =
        new("pm_sandbox_insufficient_funds", "The authorization is refused with `insufficient_funds`.")
        {
            Refuses = ProviderOperation.Authorize, Refusal = new("insufficient_funds", "The account has not enough money."),
        };

    /// <summary>Everything works, after three seconds.</summary>
    public static readonly SandboxMethod Slow =
        new("pm_sandbox_slow", "Every answer takes 3 seconds.") { Delay = TimeSpan.FromSeconds(3) };

    /// <summary>Asking for the authorization fails three times.</summary>
    public static readonly SandboxMethod Flaky =
        new("pm_sandbox_flaky", "Asking for the authorization fails three times without effect, then works.") { Failures = 3 };

    /// <summary>The request is carried out, but no answer comes.</summary>
    public static readonly SandboxMethod TimeoutMoved =
        new("pm_sandbox_timeout_moved", "Every request is carried out but never answered; a lookup finds it.") { SilentAfter = true };

    /// <summary>The first attempt is neither carried out nor answered.</summary>
    public static readonly SandboxMethod TimeoutNotMoved = new(
        "pm_sandbox_timeout_not_moved",
        "The first attempt of every request is neither carried out nor answered; a lookup does not find it, and the next attempt works.")
    {
        SilentBefore = true,
    };

    public static readonly SandboxMethod CaptureDeclined =
        new("pm_sandbox_capture_declined", "It is authorized; every capture is refused with `capture_declined`.")
        {
            Refuses = ProviderOperation.Capture, Refusal = new("capture_declined", "The bank refused the capture."),
        };

    public static readonly SandboxMethod RefundDeclined =
        new("pm_sandbox_refund_declined", "It is authorized and captured; every refund is refused with `refund_declined`.")
        {
            Refuses = ProviderOperation.Refund, Refusal = new("refund_declined", "The card does not take refunds."),
        };

    public static readonly SandboxMethod VoidDeclined =
        new("pm_sandbox_void_declined", "It is authorized; every void is refused with `void_declined`.")
        {
            Refuses = ProviderOperation.Void, Refusal = new("void_declined", "The bank does not let go of the money."),
        };

    public static readonly IReadOnlyList<SandboxMethod> All =
        [Ok, Declined, InsufficientFunds, Slow, Flaky, TimeoutMoved, TimeoutNotMoved, CaptureDeclined, RefundDeclined, VoidDeclined];

    /// <summary>The method of that name, or null.</summary>
    public static SandboxMethod? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
