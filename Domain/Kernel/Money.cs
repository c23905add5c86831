using System.Globalization;

namespace Commerce.Kernel;

/// <summary>
/// An amount in minor units (pence, cents) of an ISO 4217 currency. Sums are checked: overflow is an error, never a wrap.
/// </summary>
/// <param name="Minor">Minor units; may be negative.</param>
/// <param name="Currency">ISO 4217 alphabetic code, upper case.</param>
public readonly record struct Money(long Minor, string Currency)
{
    /// <summary>The largest amount this system books, either sign: ten trillion major units of a two-digit currency.</summary>
    public const long Limit = 1_000_000_000_000_000;

    /// <summary>Nothing, in <paramref name="currency"/>.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>The sum of two amounts of one currency.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Minor + Same(left, right).Minor), left.Currency);

    /// <summary>The difference of two amounts of one currency.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Minor - Same(left, right).Minor), left.Currency);

    /// <summary>
    /// A line's total in minor units: the unit price, which may be finer than the minor unit, times the quantity, rounded once,
    /// half to even. Null when it is beyond <see cref="Limit"/>.
    /// </summary>
    public static long? LineTotal(decimal unitPrice, long quantity)
    {
        if (unitPrice != 0 && Math.Abs((decimal)quantity) > Limit / Math.Abs(unitPrice) + 1) return null;
        var exact = unitPrice * quantity;
        var rounded = decimal.Round(exact, 0, MidpointRounding.ToEven);
        return Math.Abs(rounded) > Limit ? null : (long)rounded;
    }

    /// <summary>In major units, for a person: <c>12.34 GBP</c>, <c>1234 JPY</c>, <c>1.234 KWD</c>.</summary>
    public override string ToString()
    {
        var decimals = Currencies.Decimals(Currency ?? "");
        var major = Minor / (decimal)Math.Pow(10, decimals);
        return $"{major.ToString($"F{decimals}", CultureInfo.InvariantCulture)} {Currency}";
    }

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left} and {right} are of different currencies and cannot be added or compared.");
}
