using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Commerce.Testing;

/// <summary>A root of certificates for processes of a cluster, which also makes those that must be refused.</summary>
public sealed class TestAuthority
{
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=test {Guid.NewGuid():N}", keys, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    /// <summary>The root's certificate as PEM.</summary>
    public string Root => _root.ExportCertificatePem();

    /// <summary>A certificate with its key, as PEM.</summary>
    /// <param name="uris">What the process is.</param>
    public (string Certificate, string Key) Issue(params string[] uris) =>
        Issue(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), uris);

    /// <summary>One that was valid until an hour ago.</summary>
    public (string Certificate, string Key) IssueExpired(params string[] uris) =>
        Issue(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddHours(-1), uris);

    /// <summary>The settings of a process.</summary>
    public (string Name, string Value)[] Settings(string role)
    {
        var (certificate, key) = Issue($"spiffe://commerce/{role}");
        return [("Commerce__Tls__Certificate", certificate), ("Commerce__Tls__Key", key), ("Commerce__Tls__Roots", Root)];
    }

    private (string Certificate, string Key) Issue(DateTimeOffset from, DateTimeOffset to, string[] uris)
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a process", keys, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("commerce");
        foreach (var uri in uris) names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var leaf = request.Create(_root, from, to, RandomNumberGenerator.GetBytes(16));
        return (leaf.ExportCertificatePem(), keys.ExportPkcs8PrivateKeyPem());
    }
}
