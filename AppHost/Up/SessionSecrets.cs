using System.Security.Cryptography;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>The secrets of a data folder: made at its first start, in files that only their owner may read.</summary>
/// <param name="OfClients">What programs on this machine get tokens for.</param>
/// <param name="OfTokens">The private key that tokens are signed with, as PEM.</param>
/// <param name="OfCodes">What the gateway signs cursors and guests' links with.</param>
internal sealed record SessionSecrets(string OfClients, string OfTokens, string OfCodes)
{
    /// <summary>The names of its files in the folder.</summary>
    public static readonly string[] Names = ["identity.secret", "identity.key", "signing.key"];

    /// <summary>Reads them; makes those that are not there.</summary>
    public static SessionSecrets Of(string folder) => new(
        Known(Path.Combine(folder, Names[0]), () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))),
        Known(Path.Combine(folder, Names[1]), () =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        }),
        Known(Path.Combine(folder, Names[2]), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));

    /// <summary>Without the secrets.</summary>
    public override string ToString() => string.Join(", ", Names);

    private static string Known(string file, Func<string> make)
    {
        if (!File.Exists(file)) PrivateFolder.Write(file, make());
        return File.ReadAllText(file).Trim();
    }
}
