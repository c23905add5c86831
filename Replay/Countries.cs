using System.Collections.Frozen;

namespace Commerce.Replay;

/// <summary>The data's names of countries as ISO 3166-1 alpha-2; <c>ZZ</c> (user-assigned) for what is not one country.</summary>
internal static class Countries
{
    private static readonly FrozenDictionary<string, string> Codes = new Dictionary<string, string>
    {
        ["Australia"] = "AU", ["Austria"] = "AT", ["Bahrain"] = "BH", ["Belgium"] = "BE", ["Bermuda"] = "BM", ["Brazil"] = "BR",
        ["Canada"] = "CA", ["Channel Islands"] = "JE", ["Cyprus"] = "CY", ["Czech Republic"] = "CZ", ["Denmark"] = "DK", ["EIRE"] = "IE",
        ["Finland"] = "FI", ["France"] = "FR", ["Germany"] = "DE", ["Greece"] = "GR", ["Hong Kong"] = "HK", ["Iceland"] = "IS",
        ["Israel"] = "IL", ["Italy"] = "IT", ["Japan"] = "JP", ["Korea"] = "KR", ["Lebanon"] = "LB", ["Lithuania"] = "LT",
        ["Malta"] = "MT", ["Netherlands"] = "NL", ["Nigeria"] = "NG", ["Norway"] = "NO", ["Poland"] = "PL", ["Portugal"] = "PT",
        ["RSA"] = "ZA", ["Saudi Arabia"] = "SA", ["Singapore"] = "SG", ["Spain"] = "ES", ["Sweden"] = "SE", ["Switzerland"] = "CH",
        ["Thailand"] = "TH", ["USA"] = "US", ["United Arab Emirates"] = "AE", ["United Kingdom"] = "GB",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The code; <c>ZZ</c> for <c>Unspecified</c>, <c>European Community</c> and all else that is no country's name.</summary>
    public static string Code(string name) => Codes.GetValueOrDefault(name, "ZZ");
}
