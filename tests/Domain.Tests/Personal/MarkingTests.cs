using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Commerce.Access;
using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Domain.Tests.Facts;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Personal;

/// <summary>Which texts are personal, and how they are kept (decision 23).</summary>
public sealed class MarkingTests
{
    /// <summary>
    /// Texts that are not about a person: names of things, words of a small choice, and the numbers of documents, under which books are
    /// found for as long as they are kept.
    /// </summary>
    private static readonly HashSet<string> NotPersonal =
    [
        "Id", "CustomerId", "PaymentId", "OrderId", "ShipmentId", "ReturnId", "RefundId", "CaptureId", "HoldId", "ProviderId", "Document",
        "Documents", "Reference", "Party",
        "Channel", "Authorization", "Currency", "Sku", "Code", "DeclineCode", "Provider", "TaxCategory", "AllowedMoves", "Account",
        "ProductCreated.Name", "ProductRevised.Name", "ProductState.Name", "ProductView.Name", "OrderLine.Name",
        "CreditedLine.Name", "LedgerEntry.Description", "StockAdjusted.Reason", "WaitsFor", "Description",
        "PendingRequest.Name", "Refusal.Remedy", "Refusal.Field", "RefusalValues.State", "RefusalValues.Allowed",
        "RefusalValues.Scope", "ApiKeyMade.Name", "ApiKeyState.Name", "ApiKeyView.Name", "Roles", "Scopes", "Digest",
    ];

    private static readonly Type[] States =
    [
        typeof(CustomerState), typeof(OrderState), typeof(CreditNoteState), typeof(PaymentState), typeof(StockState), typeof(ProductState),
        typeof(LedgerEntryState), typeof(BooksState), typeof(ApiKeyState),
    ];

    public static TheoryData<Type> Kept =>
        [.. Capabilities.All.SelectMany(c => c.Facts.FactTypes).Concat(States).Concat(Answers()).Distinct()];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_personal_member_is_marked(Type kept)
    {
        var unmarked = Unmarked(kept, []).Distinct().ToList();
        Assert.True(
            unmarked.Count == 0,
            $"{string.Join(", ", unmarked)}: mark it with [Personal], or list it as not personal in {nameof(MarkingTests)}.");
    }

    [Fact]
    public void The_list_of_what_is_not_personal_holds_nothing_that_is_gone()
    {
        var there = Kept.SelectMany(k => Texts((Type)k.Data, [])).SelectMany(t => new[] { t.Name, $"{t.DeclaringType!.Name}.{t.Name}" });
        Assert.Empty(NotPersonal.Except(there));
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Nothing_personal_is_readable_where_it_is_kept(Type kept)
    {
        var entity = new EntityId("thing", "t_1");
        var personal = new PersonalData(CapabilityKeys.New());
        var value = FilledIn(kept);
        var write = typeof(PersonalData).GetMethod(nameof(PersonalData.Write))!.MakeGenericMethod(kept);

        var (json, keys) = ((string, string?))write.Invoke(personal, [entity, value])!;

        var read = typeof(PersonalData).GetMethod(nameof(PersonalData.Read))!.MakeGenericMethod(kept);
        Assert.Equal(Text(value), Text(read.Invoke(personal, [entity, json, keys])!));
        foreach (var text in Marked(kept, [])) Assert.DoesNotContain($"a {char.ToLowerInvariant(text.Name[0])}{text.Name[1..]}\"", json);
        var withheld = Text(read.Invoke(PersonalData.Withheld, [entity, json, keys])!);
        Assert.Equal(keys is not null, withheld != Text(value));
    }

    private static string Text(object value) => JsonSerializer.Serialize(value, value.GetType(), FactCatalog.Json);

    private static object FilledIn(Type kept)
    {
        var sample = Sample.Of(kept);
        foreach (var property in kept.GetProperties().Where(p => p.SetMethod is not null && p.PropertyType == typeof(string)))
            property.SetValue(sample, property.GetValue(sample) ?? Sample.Of(typeof(string), property.Name));
        return sample;
    }

    // What operations answer is kept, too.
    private static IEnumerable<Type> Answers() => Capabilities.All.SelectMany(c => c.Kinds).SelectMany(k => ContractMethod.Of(k.Contract))
        .Where(m => m.Contract.IsCommand).Select(m => m.Contract.ResultType).OfType<Type>().Where(t => t.IsGenericType)
        .Select(t => t.GetGenericArguments()[0]).Append(typeof(Refusal));

    private static IEnumerable<string> Unmarked(Type type, HashSet<Type> seen) => Texts(type, seen)
        .Where(p => PersonalAttribute.Of(p) is null && !NotPersonal.Contains(p.Name)
            && !NotPersonal.Contains($"{p.DeclaringType!.Name}.{p.Name}"))
        .Select(p => $"{p.DeclaringType!.Name}.{p.Name}");

    private static IEnumerable<PropertyInfo> Marked(Type type, HashSet<Type> seen) =>
        Texts(type, seen).Where(p => PersonalAttribute.Of(p) is not null && p.PropertyType == typeof(string));

    /// <summary>The texts of a type and of all that it is made of, but for what is marked as a whole.</summary>
    private static IEnumerable<PropertyInfo> Texts(Type type, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!type.Namespace!.StartsWith("Commerce", StringComparison.Ordinal) || type.IsEnum || !seen.Add(type)) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always }) continue;
            if (IsText(property.PropertyType)) yield return property;
            else if (PersonalAttribute.Of(property) is not null) yield return property;
            else
                foreach (var part in PartsOf(property.PropertyType).SelectMany(p => Texts(p, seen)))
                    yield return part;
        }
    }

    private static bool IsText(Type type) => type == typeof(string)
        || (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var item]
            && item == typeof(string));

    private static IEnumerable<Type> PartsOf(Type type) => type.IsGenericType ? type.GetGenericArguments() : [type];
}
