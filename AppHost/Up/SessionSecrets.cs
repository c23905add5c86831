using System.Security.Cryptography;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>The secrets of a data folder: made at its first start, in files that only their owner may read.</summary>
/// <param name="OfClients">What programs on this machine get tokens for.</param>
/// <param name="OfTokens">The private key that tokens are signed with, as PEM.</param>
/// <param name="OfCodes">What the gateway signs cursors and guests' links with.</param>
/// <param name="SealsFile">The file with the private key that seals of facts are signed with, as PEM.</param>
internal sealed record SessionSecrets(string OfClients, string OfTokens, string OfCodes, string SealsFile)
{
    /// <summary>The name of the file with the key of seals.</summary>
    public const string SealsName = "seals.key";

    /// <summary>The names of its files in the folder.</summary>
    public static readonly string[] Names = ["identity.secret", "identity.key", "signing.key", SealsName];

    /// <summary>Reads them; makes those that are not there.</summary>
    public static SessionSecrets Of(string folder) => new(
        Known(Path.Combine(folder, Names[0]), () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))),
        Known(Path.Combine(folder, Names[1]), NewKey),
        Known(Path.Combine(folder, Names[2]), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        Made(Path.Combine(folder, Names[3]), NewKey));

    /// <summary>Without the secrets.</summary>
    public override string ToString() => string.Join(", ", Names);

    private static string Known(string file, Func<string> make) => File.ReadAllText(Made(file, make)).Trim();

    private static string Made(string file, Func<string> make)
    {
        if (!File.Exists(file)) PrivateFolder.Write(file, make());
        return file;
    }

    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
