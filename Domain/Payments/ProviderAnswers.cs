using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>
/// The gate through which the answers of payment providers come in, whichever adapter they have. An approval that cannot be right counts
/// as an unknown outcome: it is looked up, and not booked (decision 27).
/// </summary>
public static class ProviderAnswers
{
    private const int LongestId = 512;
    private const int LongestCode = 50;
    private const int LongestReason = 200;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>The answer, if it can be right.</summary>
    /// <param name="answer">The provider's; null: it never saw the request.</param>
    /// <param name="asked">What it was asked for; null: all that is left.</param>
    /// <exception cref="ProviderTimeoutException">It is an approval of something else, or has no id that can be kept.</exception>
    public static ProviderResult? Checked(ProviderResult? answer, Money? asked) => answer switch
    {
        ProviderResult.Approved yes when !Validate.IsVisibleAscii(yes.ProviderId ?? "", 1, LongestId) =>
            throw new ProviderTimeoutException($"its answer has no id of 1 to {LongestId} visible ASCII characters."),
        ProviderResult.Approved { Amount: { } amount } when asked is { } wanted && amount != wanted =>
            throw new ProviderTimeoutException($"it was asked for {wanted} and answers that {amount} is done."),
        ProviderResult.Refused no => new ProviderResult.Refused(IsCode(no.Code) ? no.Code : "unknown", Readable(no.Reason)),
        _ => answer,
    };

    /// <summary>When to ask a provider again that asks for time.</summary>
    public static TimeSpan Pause(TimeSpan asked) => asked < ShortestPause ? ShortestPause : asked > LongestPause ? LongestPause : asked;

    /// <summary>Its words without what no line of a log or of a page should have in it.</summary>
    public static string Readable(string? text)
    {
        var plain = string.Concat((text ?? "").EnumerateRunes().Where(r => !Validate.IsHidden(r)).Take(LongestReason));
        return plain.Length > 0 ? plain : "It gives no reason.";
    }

    private static bool IsCode(string? code) =>
        code is { Length: > 0 and <= LongestCode } && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
