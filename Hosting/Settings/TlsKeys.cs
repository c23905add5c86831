using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>The settings of the certificate with which a process shows the cluster what it is (decision 22).</summary>
public static class TlsKeys
{
    private const string Form = "a file of PEM, or the text itself";

    public static readonly Setting<string> Certificate = Pem(
        "Tls:Certificate", $"The process's certificate: {Form}. Its one URI says what it is: `spiffe://DOMAIN/silo` or `…/gateway`.");

    public static readonly Setting<string> Key = Pem(
        "Tls:Key", $"The certificate's key: {Form}. Files that are written anew are used from the next connection on.");

    public static readonly Setting<string> Roots = Pem(
        "Tls:Roots", $"The roots of all certificates of the cluster: {Form}. Two at once let a cluster change from one to the other.");

    public static readonly Setting<string> Domain = SettingOf.Word("Tls:Domain", "commerce", 100, "The host of the certificates' URIs.");

    /// <summary>Makes of them what they are for; null where there are none, and connections within the cluster are plain.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="make">Gets the certificate, the key, the roots and the domain.</param>
    /// <exception cref="InvalidConfigurationException">Some are missing, or cannot be used.</exception>
    public static T? Read<T>(IConfiguration configuration, Func<string, string, string, string, T> make) where T : class
    {
        Setting<string>[] all = [Certificate, Key, Roots];
        var given = all.Where(s => s.Read(configuration).Length > 0).ToList();
        if (given.Count == 0) return null;
        if (all.Except(given).FirstOrDefault() is { } missing)
            throw new InvalidConfigurationException(missing.Key, $"it is missing, and {given[0].Key} is given; they belong together.");
        try
        {
            return make(
                Certificate.Read(configuration), Key.Read(configuration), Roots.Read(configuration), Domain.Read(configuration));
        }
        catch (ArgumentException unusable)
        {
            throw new InvalidConfigurationException(Certificate.Key, unusable.Message);
        }
    }

    private static Setting<string> Pem(string name, string meaning) => new(
        name, "", "none: connections within the cluster are plain", meaning, (string text, out string value) =>
        {
            value = text;
            return null; // it is read when all of it is known
        });
}
