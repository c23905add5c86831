using System.Net;
using Commerce.Kernel;

namespace Commerce.Hosting;

/// <summary>The settings of silos alone. They are declared here, because a gateway must not take them for misspelt ones.</summary>
public static class SiloKeys
{
    public static readonly Setting<string> Name = SettingOf.Word("Silo:Name", "silo-PORT", 60, "Its name for people.");

    /// <summary>Without certificates, access to a silo's ports allows everything: then it may only be this machine's own.</summary>
    public static readonly Setting<IPAddress> Address = new(
        "Silo:Address", IPAddress.Loopback, "127.0.0.1", "The address at which the other silos and the gateways reach it.", ReadAddress);

    public static readonly Setting<int> Port = SettingOf.Number(
        "Silo:Port", 11111, 1, 65535, "For other silos. Without `Tls:Certificate`, access to it allows everything.");

    public static readonly Setting<int> GatewayPort = SettingOf.Number(
        "Silo:GatewayPort", 30000, 1, 65535, "For gateways. Without `Tls:Certificate`, access to it allows everything.");

    public static readonly Setting<int> HealthPort = SettingOf.Number(
        "Silo:HealthPort", 8081, 0, 65535, "`/health/live` and `/health/ready`, on 127.0.0.1 only.");

    public static readonly Setting<TimeSpan> Probe = SettingOf.Seconds(
        "Silo:ProbeSeconds", 1, 60, "How often neighbours are probed, alike on all silos; `docs/cluster.md` says how to choose it.");

    public static readonly Setting<IReadOnlyList<Capability>> Hosted = new(
        "Silo:Capabilities", Capabilities.All, "all",
        "Which capabilities it hosts, with commas between; `--capabilities Orders,Payments,Ledger` says the same.", ReadCapabilities);

    private static string? ReadAddress(string text, out IPAddress value)
    {
        var known = IPAddress.TryParse(text, out var address);
        value = address ?? IPAddress.None;
        return known && !value.Equals(IPAddress.Any) && !value.Equals(IPAddress.IPv6Any) ? null
            : $"'{text}' is not an address at which the other processes reach this one; give one such as 127.0.0.1.";
    }

    private static string? ReadCapabilities(string text, out IReadOnlyList<Capability> value)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.FirstOrDefault(n => Capabilities.All.All(c => !Same(c, n)));
        value = [.. Capabilities.All.Where(c => names.Any(n => Same(c, n)))];
        return names.Length > 0 && unknown is null ? null
            : $"there is no capability '{unknown}'; give some of {string.Join(", ", Capabilities.All.Select(c => c.Name))}, with commas "
                + "between, or nothing for all.";

        static bool Same(Capability capability, string name) => capability.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
