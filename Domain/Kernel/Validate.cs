using System.Globalization;
using System.Text;

namespace Commerce.Kernel;

/// <summary>Checks of plain values that every capability makes; each gives a refusal, or null when the value is fine.</summary>
public static class Validate
{
    private const char Joiner = '\u200D';
    private const char NonJoiner = '\u200C';

    /// <summary>
    /// A text that must be there: 1 to <paramref name="max"/> characters, some of them visible, without those that control or turn around
    /// what a person sees.
    /// </summary>
    public static Refusal? Text(string field, string? value, int max)
    {
        var name = field[(field.LastIndexOf('/') + 1)..];
        if (string.IsNullOrWhiteSpace(value) || value.All(c => c is Joiner or NonJoiner || char.IsWhiteSpace(c)))
            return Refusals.Invalid($"invalid_{Snake(name)}", field, $"{name} is missing or blank.", $"Give 1 to {max} characters.");
        if (value.Length > max)
            return Refusals.Invalid($"invalid_{Snake(name)}", field, $"{name} has {value.Length} characters.", $"Give at most {max}.");
        return value.EnumerateRunes().Where(IsHidden).Take(1).ToArray() is [var hidden]
            ? Refusals.Invalid(
                $"invalid_{Snake(name)}", field, $"{name} contains the invisible character U+{hidden.Value:X4}.",
                "Leave control characters, and those of no width or that change the direction of writing, out.")
            : null;
    }

    /// <summary>A text that may be left out; when given, as <see cref="Text"/>.</summary>
    public static Refusal? Optional(string field, string? value, int max) => value is null ? null : Text(field, value, max);

    /// <summary>An ISO 4217 code.</summary>
    public static Refusal? Currency(string field, string? code) => Currencies.Known(code)
        ? null
        : Refusals.Invalid("invalid_currency", field, $"'{code}' is not a currency.", "Give an ISO 4217 code in upper case, such as GBP.");

    /// <summary>A unit price in minor units: 0 to <see cref="Money.Limit"/>, at most 6 decimals.</summary>
    public static Refusal? UnitPrice(string field, decimal price)
    {
        const string remedy = "Give minor units (pence, cents) from 0 up, with at most 6 decimals: 255 is 2.55 in a currency with two.";
        if (price < 0) return Refusals.Invalid("invalid_price", field, $"{price} is below zero.", remedy);
        if (price > Money.Limit) return Refusals.Invalid("invalid_price", field, $"{price} is beyond what is booked.", remedy);
        return decimal.Round(price, 6) != price
            ? Refusals.Invalid("invalid_price", field, $"{price} has more than 6 decimals.", remedy)
            : null;
    }

    /// <summary>True for <paramref name="min"/> to <paramref name="max"/> visible ASCII characters.</summary>
    public static bool IsVisibleAscii(string value, int min, int max) =>
        value.Length >= min && value.Length <= max && value.All(c => c is > ' ' and <= '~');

    /// <summary>True for what shows nothing or moves what is shown. The joiners belong to words of some scripts, and to emoji.</summary>
    internal static bool IsHidden(Rune rune) => rune.Value is not (Joiner or NonJoiner)
        && (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);

    private static string Snake(string camel) =>
        string.Concat(camel.Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
