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

    /// <summary>How long one counts; those that count for longer are refused.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int LengthBytes = 4;

    /// <summary>What a process has to be that may make it.</summary>
    public string Maker => Caller.IsSystem ? ClusterIdentity.Silo : ClusterIdentity.Gateway;

    /// <summary>What travels: the length of the content, the content as JSON, and the signature.</summary>
    /// <param name="certificate">With its key, of an elliptic curve or RSA.</param>
    public static byte[] Make(Caller caller, DateTimeOffset until, X509Certificate2 certificate)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new Content(caller, until, certificate.RawData), FactCatalog.Json);
        var length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. content, .. Sign(certificate, content)];
    }

    /// <summary>Reads one that is signed with its own certificate, whosever that is; null for other bytes.</summary>
    public static CallerSeal? Read(byte[] sealing)
    {
        if (sealing.Length < LengthBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(sealing);
        if (length < 0 || length > sealing.Length - LengthBytes) return null;
        var content = sealing.AsSpan(LengthBytes, length);
        try
        {
            if (JsonSerializer.Deserialize<Content>(content, FactCatalog.Json) is not { Caller: not null, Certificate: not null } read)
                return null;
            using var certificate = X509CertificateLoader.LoadCertificate(read.Certificate);
            return Verifies(certificate, content, sealing.AsSpan(LengthBytes + length))
                ? new CallerSeal(read.Caller, read.Until, read.Certificate) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

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

    private sealed record Content(Caller Caller, DateTimeOffset Until, byte[] Certificate);
}

/// <summary>Callers are the same when their names, scopes and reaches are.</summary>
internal sealed class SameCaller : IEqualityComparer<Caller>
{
    public static readonly SameCaller Instance = new();

    public bool Equals(Caller? x, Caller? y) => ReferenceEquals(x, y)
        || (x is not null && y is not null && x.Name == y.Name && x.Reach == y.Reach && x.Scopes.SequenceEqual(y.Scopes));

    public int GetHashCode(Caller caller) => caller.Name.GetHashCode(StringComparison.Ordinal);
}
