using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Commerce.Identity;

/// <summary>What follows from the keys of the configuration.</summary>
internal static class KeyIds
{
    /// <summary>The name of a key: a digest of its public part, so that another key has another name.</summary>
    public static string Of(ECDsa key) => Base64UrlEncoder.Encode(SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..16]);

    /// <summary>A key made of the secret, for what only this server reads.</summary>
    public static byte[] Derived(string secret) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), outputLength: 32, info: "codes and refresh tokens"u8.ToArray());
}
