using System.Collections.Frozen;
using System.Globalization;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>Money in sentences.</summary>
internal static class Amounts
{
    private static readonly FrozenSet<string> Whole =
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Thousandths = "BHD IQD JOD KWD LYD OMR TND".Split(' ').ToFrozenSet();

    /// <summary>In major units, with the decimals of the currency in ISO 4217: <c>12.34 GBP</c>.</summary>
    public static string Show(Money money)
    {
        var decimals = Whole.Contains(money.Currency) ? 0 : Thousandths.Contains(money.Currency) ? 3 : 2;
        var major = money.Minor / (decimal)Math.Pow(10, decimals);
        return $"{major.ToString($"F{decimals}", CultureInfo.InvariantCulture)} {money.Currency}";
    }
}
