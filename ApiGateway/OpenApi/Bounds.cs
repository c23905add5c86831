using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Commerce.Access;
using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>Between what a value of a body must be.</summary>
internal sealed record Bound(decimal? Min = null, decimal? Max = null, string? Pattern = null)
{
    /// <summary>Says so in a schema, in the words for its type.</summary>
    public void Apply(OpenApiSchema schema)
    {
        schema.Pattern = Pattern;
        if (schema.Type?.HasFlag(JsonSchemaType.String) is true) (schema.MinLength, schema.MaxLength) = ((int?)Min, (int?)Max);
        else if (schema.Type?.HasFlag(JsonSchemaType.Array) is true) (schema.MinItems, schema.MaxItems) = ((int?)Min, (int?)Max);
        else if (schema.Type?.HasFlag(JsonSchemaType.Object) is true) schema.MaxProperties = (int?)Max;
        else (schema.Minimum, schema.Maximum) = (Text(Min), Text(Max));
    }

    private static string? Text(decimal? value) => value?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// The bounds of values in bodies, for the document. The entities enforce them. A test sends a value at each documented bound and one
/// beyond it, so that the two cannot drift apart.
/// </summary>
internal static class Bounds
{
    private static readonly Bound Name = Characters(200);
    private static readonly Bound Phone = Characters(40);
    private static readonly Bound TaxCategory = Characters(40);
    private static readonly Bound Reason = Characters(500);
    private static readonly Bound Reference = Characters(100);
    private static readonly Bound Email = new(Max: 254);
    private static readonly Bound Currency = new(Pattern: "^[A-Z]{3}$");
    private static readonly Bound Sku = Characters(64);
    private static readonly Bound Lines = new(1, PlaceOrder.MaxLines);
    private static readonly Bound Units = new(1, PlaceOrder.MaxQuantity);
    private static readonly Bound UnitPrice = new(0, Money.Limit);

    private static readonly IReadOnlyDictionary<(Type, string), Bound> Known = new Dictionary<(Type, string), Bound>
    {
        [(typeof(NewCustomer), nameof(NewCustomer.Id))] = Id("cus"),
        [(typeof(NewCustomer), nameof(NewCustomer.Name))] = Name,
        [(typeof(NewCustomer), nameof(NewCustomer.Email))] = Email,
        [(typeof(NewCustomer), nameof(NewCustomer.Phone))] = Phone,
        [(typeof(NewCustomer), nameof(NewCustomer.Addresses))] = new(Max: CustomerRules.MaxAddresses),
        [(typeof(ContactPatch), nameof(ContactPatch.Name))] = Name,
        [(typeof(ContactPatch), nameof(ContactPatch.Email))] = Email,
        [(typeof(ContactPatch), nameof(ContactPatch.Phone))] = Phone,
        [(typeof(Address), nameof(Address.Name))] = Name,
        [(typeof(Address), nameof(Address.Line1))] = Characters(200),
        [(typeof(Address), nameof(Address.Line2))] = Characters(200),
        [(typeof(Address), nameof(Address.City))] = Characters(100),
        [(typeof(Address), nameof(Address.Region))] = Characters(100),
        [(typeof(Address), nameof(Address.PostalCode))] = Characters(20),
        [(typeof(Address), nameof(Address.Country))] = new(Pattern: "^[A-Z]{2}$"),
        [(typeof(NewProduct), nameof(NewProduct.Sku))] = Sku,
        [(typeof(NewProduct), nameof(NewProduct.Name))] = Name,
        [(typeof(NewProduct), nameof(NewProduct.TaxCategory))] = TaxCategory,
        [(typeof(NewProduct), nameof(NewProduct.Prices))] = new(Max: ProductRules.MaxPrices),
        [(typeof(ProductPatch), nameof(ProductPatch.Name))] = Name,
        [(typeof(ProductPatch), nameof(ProductPatch.TaxCategory))] = TaxCategory,
        [(typeof(Price), nameof(Price.Currency))] = Currency,
        [(typeof(Price), nameof(Price.UnitPrice))] = UnitPrice,
        [(typeof(ReceiveStock), nameof(ReceiveStock.Quantity))] = new(1, StockRules.MaxQuantity),
        [(typeof(AdjustStock), nameof(AdjustStock.Change))] = new(-StockRules.MaxQuantity, StockRules.MaxQuantity),
        [(typeof(AdjustStock), nameof(AdjustStock.Reason))] = new(1),
        [(typeof(NewOrder), nameof(NewOrder.Id))] = Id("ord"),
        [(typeof(NewOrder), nameof(NewOrder.Currency))] = Currency,
        [(typeof(NewOrder), nameof(NewOrder.Lines))] = Lines,
        [(typeof(NewOrder), nameof(NewOrder.PaymentMethod))] = Characters(200),
        [(typeof(NewOrder), nameof(NewOrder.Reference))] = Reference,
        [(typeof(GuestContact), nameof(GuestContact.Name))] = Name,
        [(typeof(GuestContact), nameof(GuestContact.Email))] = Email,
        [(typeof(PlaceLine), nameof(PlaceLine.Sku))] = Sku,
        [(typeof(PlaceLine), nameof(PlaceLine.Quantity))] = Units,
        [(typeof(PlaceLine), nameof(PlaceLine.UnitPrice))] = UnitPrice,
        [(typeof(LineQuantity), nameof(LineQuantity.Line))] = new(1),
        [(typeof(LineQuantity), nameof(LineQuantity.Quantity))] = Units,
        [(typeof(CancelOrder), nameof(CancelOrder.Reason))] = Reason,
        [(typeof(NewShipment), nameof(NewShipment.Id))] = Id("shp"),
        [(typeof(NewShipment), nameof(NewShipment.Carrier))] = Characters(100),
        [(typeof(NewShipment), nameof(NewShipment.TrackingNumber))] = Characters(100),
        [(typeof(NewShipment), nameof(NewShipment.Lines))] = new(1),
        [(typeof(NewPayment), nameof(NewPayment.Id))] = Id("pay"),
        [(typeof(NewPayment), nameof(NewPayment.PaymentMethod))] = Characters(200),
        [(typeof(NewReturn), nameof(NewReturn.Id))] = Id("ret"),
        [(typeof(NewReturn), nameof(NewReturn.Lines))] = new(1),
        [(typeof(NewReturn), nameof(NewReturn.Reason))] = Reason,
        [(typeof(NewReturn), nameof(NewReturn.Reference))] = Reference,
        [(typeof(ReturnRejection), nameof(ReturnRejection.Reason))] = Reason,
        [(typeof(NewCreditNote), nameof(NewCreditNote.Id))] = Id("crn"),
        [(typeof(NewCreditNote), nameof(NewCreditNote.Currency))] = Currency,
        [(typeof(NewCreditNote), nameof(NewCreditNote.Lines))] = Lines,
        [(typeof(NewCreditNote), nameof(NewCreditNote.Reason))] = Reason,
        [(typeof(NewCreditNote), nameof(NewCreditNote.Reference))] = Reference,
        [(typeof(CreditLine), nameof(CreditLine.Sku))] = Sku,
        [(typeof(CreditLine), nameof(CreditLine.Quantity))] = Units,
        [(typeof(CreditLine), nameof(CreditLine.UnitPrice))] = UnitPrice,
        [(typeof(NewMovement), nameof(NewMovement.Amount))] = new(1, Money.Limit),
        [(typeof(VoidPayment), nameof(VoidPayment.Reason))] = new(1),
        [(typeof(NewApiKey), nameof(NewApiKey.Id))] = Id("key"),
        [(typeof(NewApiKey), nameof(NewApiKey.Name))] = Characters(100),
        [(typeof(NewApiKey), nameof(NewApiKey.ExpiresInDays))] = new(1, ApiKeyRules.MostDays),
        [(typeof(NewSecret), nameof(NewSecret.ExpiresInDays))] = new(1, ApiKeyRules.MostDays),
        [(typeof(NewSecret), nameof(NewSecret.OldSecretHours))] = new(0, ApiKeyRules.MostHours),
    };

    /// <summary>Those of a member; null where only its type bounds it.</summary>
    public static Bound? Of(JsonPropertyInfo property) =>
        property.AttributeProvider is MemberInfo member ? Known.GetValueOrDefault((member.DeclaringType!, member.Name)) : null;

    /// <summary>In words, where the member is a whole number: <c>a whole number from 1 to 1000000</c>. Null: it has no bounds.</summary>
    public static string? Words(JsonPropertyInfo property) => Of(property) is { } bound && (bound.Min ?? bound.Max) is not null
        && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type
        && (type == typeof(long) || type == typeof(int))
        ? $"a whole number from {Text(bound.Min ?? decimal.MinValue)}{(bound.Max is { } max ? $" to {Text(max)}" : " up")}"
        : null;

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static Bound Characters(int max) => new(1, max);

    private static Bound Id(string prefix) => new(Pattern: $"^{prefix}_[A-Za-z0-9._-]{{1,60}}$");
}
