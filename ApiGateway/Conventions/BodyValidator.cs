using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Compares JSON with the record it is meant for, member by member, so that a problem can name the field as a JSON pointer (RFC 6901), the
/// value that was found and what was expected; the framework's serializer stops at the first fault, and has no pointer of a missing member.
/// It checks shapes only; the rules of the business are the entities'.
/// </summary>
internal static class BodyValidator
{
    private const int MaxFaults = 20;
    private const int MaxText = 2_000;
    private const int MaxDigits = 28;

    /// <summary>Adds what is wrong with the element, at most <see cref="MaxFaults"/>.</summary>
    public static void Check(JsonElement element, JsonTypeInfo type, List<Fault> faults) => Value(element, type, "", faults);

    private static void Value(JsonElement element, JsonTypeInfo type, string at, List<Fault> faults, string? expected = null)
    {
        if (faults.Count >= MaxFaults) return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object: Members(element, type, at, faults); break;
            case JsonTypeInfoKind.Object: Wrong(element, at, "an object", faults); break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object: Entries(element, type, at, faults); break;
            case JsonTypeInfoKind.Dictionary: Wrong(element, at, "an object", faults); break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array: Elements(element, type, at, faults); break;
            case JsonTypeInfoKind.Enumerable: Wrong(element, at, "an array", faults); break;
            default: Leaf(element, Nullable.GetUnderlyingType(type.Type) ?? type.Type, at, faults, expected); break;
        }
    }

    private static void Members(JsonElement element, JsonTypeInfo type, string at, List<Fault> faults)
    {
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject().TakeWhile(_ => faults.Count < MaxFaults))
        {
            var (name, place) = Named(member, at);
            var known = type.Properties.FirstOrDefault(p => p.Name == name && IsRead(p));
            if (!seen.Add(name)) faults.Add(Twice(name, place));
            else if (known is null) faults.Add(Unknown(name, place, type));
            else if (member.Value.ValueKind != JsonValueKind.Null) Value(member.Value, Shape(known), place, faults, Bounds.Words(known));
            else if (!MayBeNull(known)) Wrong(member.Value, place, Expected(known), faults);
        }

        foreach (var missing in type.Properties.Where(p => MustBeThere(p, type) && !seen.Contains(p.Name)).Take(MaxFaults - faults.Count))
            faults.Add(new Fault(
                $"{at}/{missing.Name}", "missing_member", $"'{missing.Name}' is missing.",
                $"Give {Expected(missing)}."));
    }

    private static void Entries(JsonElement element, JsonTypeInfo type, string at, List<Fault> faults)
    {
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject().TakeWhile(_ => faults.Count < MaxFaults))
        {
            var (name, place) = Named(member, at);
            if (!seen.Add(name)) faults.Add(Twice(name, place));
            else Item(member.Value, type, place, faults);
        }
    }

    private static void Elements(JsonElement element, JsonTypeInfo type, string at, List<Fault> faults)
    {
        var index = 0;
        foreach (var item in element.EnumerateArray().TakeWhile(_ => faults.Count < MaxFaults))
            Item(item, type, $"{at}/{index++}", faults);
    }

    private static void Item(JsonElement item, JsonTypeInfo list, string at, List<Fault> faults)
    {
        if (item.ValueKind == JsonValueKind.Null && Nullable.GetUnderlyingType(list.ElementType!) is not null) return;
        Value(item, Shape(list.Options, list.ElementType!), at, faults);
    }

    private static void Leaf(JsonElement element, Type type, string at, List<Fault> faults, string? expected)
    {
        if (type == typeof(string) && element.ValueKind == JsonValueKind.String)
        {
            var text = Words(element);
            if (text is null) Wrong(element, at, "text of whole Unicode characters without U+0000", faults, "invalid_text");
            else if (text.Length > MaxText) Wrong(element, at, $"at most {MaxText} characters", faults, "too_long");
        }
        else if (!Fits(element, type))
        {
            var number = element.ValueKind == JsonValueKind.Number
                && (type == typeof(long) || type == typeof(int) || type == typeof(decimal));
            var word = element.ValueKind == JsonValueKind.String
                && (type.IsEnum || type == typeof(DateTimeOffset) || type == typeof(DateOnly));
            Wrong(element, at, expected ?? Expected(type), faults, number ? "out_of_range" : word ? "invalid_value" : "wrong_type");
        }
    }

    private static bool Fits(JsonElement element, Type type) => (Type.GetTypeCode(type), element.ValueKind) switch
    {
        (_, JsonValueKind.String) when type.IsEnum => Words(element) is { } word && EnumWords.Of(type).Contains(word),
        _ when type.IsEnum => false, // an enum's type code is that of its number, and numbers are refused
        (_, JsonValueKind.String) when type == typeof(DateTimeOffset) => Words(element) is { } time && Instants.TryParse(time, out _),
        (_, JsonValueKind.String) when type == typeof(DateOnly) => Words(element) is { } day && Instants.TryParseDay(day, out _),
        (TypeCode.Boolean, JsonValueKind.True or JsonValueKind.False) => true,
        (TypeCode.Int64, JsonValueKind.Number) => WholeNumbers.Of(element.GetRawText()) is not null,
        (TypeCode.Int32, JsonValueKind.Number) => WholeNumbers.Of(element.GetRawText()) is >= int.MinValue and <= int.MaxValue,
        (TypeCode.Decimal, JsonValueKind.Number) =>
            element.TryGetDecimal(out var value) && element.GetRawText() is var text && text.Count(char.IsAsciiDigit) <= MaxDigits
            && (value != 0 || !text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9')), // 1e-300 is not nothing
        _ => false,
    };

    private static string? Words(JsonElement element)
    {
        try
        {
            return element.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException) // half of a surrogate pair, escaped
        {
            return null;
        }
    }

    private static (string Name, string Place) Named(JsonProperty member, string at)
    {
        string name;
        try
        {
            name = member.Name;
        }
        catch (InvalidOperationException)
        {
            name = "\uFFFD";
        }

        return (name, $"{at}/{Text.Shorten(name).Replace("~", "~0").Replace("/", "~1")}");
    }

    private static bool MayBeNull(JsonPropertyInfo property) => property.IsGetNullable;

    /// <summary>True for a member that is read from a body; others are computed, and only ever in answers.</summary>
    public static bool IsRead(JsonPropertyInfo property) => property.AssociatedParameter is not null || property.Set is not null;

    /// <summary>True for a member that cannot be left out.</summary>
    public static bool MustBeThere(JsonPropertyInfo property, JsonTypeInfo type) =>
        IsRead(property) && !MayBeNull(property) && (property.IsRequired || HasDefault(property, type) is false);

    /// <summary>
    /// Whether the constructor's parameter for a member has a default; null where it has no parameter. The serializer ties members to
    /// parameters for classes only: it makes a struct without its constructor, so there they belong together by name.
    /// </summary>
    private static bool? HasDefault(JsonPropertyInfo property, JsonTypeInfo type) => property.AssociatedParameter is { } parameter
        ? parameter.HasDefaultValue
        : !type.Type.IsValueType
            ? null
            : type.Type.GetConstructors().SelectMany(c => c.GetParameters())
                .FirstOrDefault(p => p.ParameterType == property.PropertyType
                    && string.Equals(p.Name, (property.AttributeProvider as MemberInfo)?.Name, StringComparison.OrdinalIgnoreCase))
                ?.HasDefaultValue;

    private static JsonTypeInfo Shape(JsonPropertyInfo property) => Shape(property.Options, property.PropertyType);

    private static JsonTypeInfo Shape(JsonSerializerOptions options, Type type) =>
        options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    private static Fault Twice(string name, string place) =>
        new(place, "duplicate_member", $"'{Text.Shorten(name)}' is there twice.", "Give each member once.");

    private static Fault Unknown(string name, string place, JsonTypeInfo type) => new(
        place, "unknown_member", $"'{Text.Shorten(name)}' is not known here.",
        $"Known are: {string.Join(", ", type.Properties.Where(IsRead).Select(p => p.Name))}.");

    private static void Wrong(JsonElement element, string at, string expected, List<Fault> faults, string code = "wrong_type") =>
        faults.Add(new Fault(at, code, $"{Where(at)} is {Text.Shorten(element.GetRawText())}.", $"Give {expected}."));

    private static string Where(string at) => at.Length == 0 ? "The body" : $"'{at}'";

    private static string Expected(JsonPropertyInfo property) => Bounds.Words(property) ?? Expected(Shape(property));

    private static string Expected(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
        JsonTypeInfoKind.Enumerable => "an array",
        _ => Expected(Nullable.GetUnderlyingType(type.Type) ?? type.Type),
    };

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", EnumWords.Of(type))}",
        _ when type == typeof(long) => $"a whole number from {long.MinValue} to {long.MaxValue}",
        _ when type == typeof(int) => $"a whole number from {int.MinValue} to {int.MaxValue}",
        _ when type == typeof(decimal) => string.Create(CultureInfo.InvariantCulture, $"a number of at most {MaxDigits} digits"),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(DateTimeOffset) => Instants.Expected,
        _ when type == typeof(DateOnly) => "a day such as 2010-12-01",
        _ => "text",
    };
}
