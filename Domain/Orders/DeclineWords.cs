namespace Commerce.Orders;

/// <summary>
/// What an order says of a declined payment, to shoppers too. The provider's own words stay with the payment, which staff reads: that a
/// card was reported stolen is not for the person who holds it, and a finer answer would tell a thief which cards still work.
/// </summary>
internal static class DeclineWords
{
    /// <summary>Ours for a provider's code; most codes have the same.</summary>
    public static string Of(string? code) => code switch
    {
        "insufficient_funds" => "The account has not enough money.",
        "expired_card" => "The card has expired.",
        "incorrect_number" or "incorrect_cvc" or "invalid_expiry" => "The card's details are not right.",
        _ => "Another payment method may work.",
    };
}
