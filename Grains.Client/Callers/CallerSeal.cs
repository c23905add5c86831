using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>
/// The word of a process that calls are of a caller: the caller, until when this counts, the process's certificate, and a signature with
/// the certificate's key (decision 33). It travels beside calls. A gateway gives it for the callers that it has let in, a silo for the
/// system alone.
/// </summary>
/// <remarks>
/// It is of a caller and not of a call, so that it is made and checked once in minutes. A silo in foreign hands can use those that have
/// come to it until they end, and no other.
/// </remarks>
/// <param name="Caller">Whose calls.</param>
/// <param name="Until">The last moment that it counts.</param>
/// <param name="Certificate">That of the process, DER.</param>
internal sealed record CallerSeal(Caller Caller, DateTimeOffset Until, byte[] Certificate)
{
    /// <summary>Its place among what travels beside a call.</summary>
    public const string Place = "commerce.caller";

    private const int LengthBytes = 4;

    /// <summary>What travels: the length of the content, the content as JSON, and the signature.</summary>
    /// <param name="certificate">With its key, of an elliptic curve or RSA.</param>
    public static byte[] Make(Caller caller, DateTimeOffset until, X509Certificate2 certificate)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new CallerSeal(caller, until, certificate.RawData), FactCatalog.Json);
        var length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. content, .. Sign(certificate, content)];
    }

    /// <summary>
    /// Reads one that a process has signed which <paramref name="identity"/> trusts, and which may for this caller; null for other bytes.
    /// </summary>
    public static CallerSeal? Open(byte[] sealing, ClusterIdentity identity)
    {
        if (sealing.Length < LengthBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(sealing);
        if (length < 0 || length > sealing.Length - LengthBytes) return null;
        var content = sealing.AsSpan(LengthBytes, length);
        var signature = sealing.AsSpan(LengthBytes + length);
        try
        {
            if (JsonSerializer.Deserialize<CallerSeal>(content, FactCatalog.Json) is not { Caller: not null, Certificate: not null } read)
                return null;
            using var certificate = X509CertificateLoader.LoadCertificate(read.Certificate);
            var maker = read.Caller.IsSystem ? ClusterIdentity.Silo : ClusterIdentity.Gateway;
            return Verifies(certificate, content, signature) && identity.Trusts(certificate, [], serves: false, maker) ? read : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>True for the caller that it is of, scopes and reach included.</summary>
    public bool IsOf(Caller caller) => Same(Caller, caller);

    /// <summary>True when both have the same name, scopes and reach.</summary>
    public static bool Same(Caller one, Caller other) =>
        one.Name == other.Name && one.Reach == other.Reach && one.Scopes.SequenceEqual(other.Scopes);

    private static byte[] Sign(X509Certificate2 certificate, byte[] content)
    {
        using var curve = certificate.GetECDsaPrivateKey();
        if (curve is not null) return curve.SignData(content, HashAlgorithmName.SHA256);
        using var rsa = certificate.GetRSAPrivateKey()
            ?? throw new InvalidOperationException("The key of the cluster's certificate is neither of an elliptic curve nor RSA.");
        return rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private static bool Verifies(X509Certificate2 certificate, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using var curve = certificate.GetECDsaPublicKey();
        if (curve is not null) return curve.VerifyData(content, signature, HashAlgorithmName.SHA256);
        using var rsa = certificate.GetRSAPublicKey();
        return rsa is not null && rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }
}
