using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>
/// What an order says of stock that it could not have, to shoppers too. How many there are is for callers with <c>stock:read</c>: asked
/// day by day, a number would tell a competitor what is sold.
/// </summary>
internal static class StockWords
{
    /// <summary>Ours for a refusal of the stock.</summary>
    public static string Of(Refusal refusal) => refusal.Code switch
    {
        "out_of_stock" => "There is not enough of it.",
        "not_on_shelf" => "There is not enough of it on the shelf.",
        _ => refusal.Detail,
    };
}
