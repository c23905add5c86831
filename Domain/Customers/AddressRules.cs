using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>What makes a postal address one that something can be sent to.</summary>
public static class AddressRules
{
    /// <summary>The first thing wrong with an address, or null; <paramref name="field"/> is the JSON pointer to it.</summary>
    public static Refusal? Check(string field, Address? address)
    {
        if (address is null)
            return Refusals.Invalid("invalid_address", field, "The address is missing.", "Give line1, city and country at least.");
        return Validate.Optional($"{field}/name", address.Name, 200)
            ?? Validate.Text($"{field}/line1", address.Line1, 200)
            ?? Validate.Optional($"{field}/line2", address.Line2, 200)
            ?? Validate.Text($"{field}/city", address.City, 100)
            ?? Validate.Optional($"{field}/region", address.Region, 100)
            ?? Validate.Optional($"{field}/postalCode", address.PostalCode, 20)
            ?? Country($"{field}/country", address.Country);
    }

    private static Refusal? Country(string field, string? country) => country is { Length: 2 } && country.All(char.IsAsciiLetterUpper)
        ? null
        : Refusals.Invalid(
            "invalid_country", field, $"'{country}' is not a country code.",
            "Give an ISO 3166-1 alpha-2 code in upper case, such as GB; ZZ where it is unknown.");
}
