using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>
/// The root of the certificates that processes of one data folder show each other. It is made at the first start, is known nowhere else,
/// and its key never leaves the folder. Certificates of processes are made anew with each start, and last as long as the root.
/// </summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>The names of its files in the folder.</summary>
    public static readonly string[] Names = ["root.pem", "root.key"];

    private static readonly TimeSpan RootLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(730);

    /// <summary>Clocks of one machine may be set back a little.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _root;

    private CertificateAuthority(X509Certificate2 root, string file) => (_root, RootFile) = (root, file);

    /// <summary>The root's certificate, which is no secret.</summary>
    public string RootFile { get; }

    /// <summary>Reads the root of a folder; makes one where there is none, or one that ends before long.</summary>
    public static CertificateAuthority Of(string folder)
    {
        var (file, key) = (Path.Combine(folder, Names[0]), Path.Combine(folder, Names[1]));
        if (File.Exists(file) && File.Exists(key))
        {
            try
            {
                var known = X509Certificate2.CreateFromPemFile(file, key);
                if (known.NotAfter - DateTime.Now > Renewal) return new CertificateAuthority(known, file);
                known.Dispose();
            }
            catch (CryptographicException broken)
            {
                throw new CommandFailedException(
                    $"'{file}' and '{key}' are no certificate with its key: {broken.Message}\nRemove both: the next start makes others.");
            }
        }

        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=commerce up {Guid.NewGuid():N}", keys, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = DateTimeOffset.UtcNow;
        var root = request.CreateSelfSigned(now - Before, now + RootLifetime);
        PrivateFolder.Write(key, keys.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFolder.Write(file, root.ExportCertificatePem() + "\n");
        return new CertificateAuthority(root, file);
    }

    /// <summary>A certificate for a server on 127.0.0.1.</summary>
    public (string Certificate, string Key) ForServer() => Issue(names => names.AddIpAddress(IPAddress.Loopback));

    /// <summary>A certificate for a process of the cluster, which says what it is.</summary>
    /// <param name="role">silo or gateway.</param>
    /// <param name="name">Its name, for a person.</param>
    public IReadOnlyDictionary<string, string?> ForProcess(string role, string name)
    {
        var (certificate, key) = Issue(names => names.AddUri(new Uri($"spiffe://commerce/{role}/{name}")));
        return new Dictionary<string, string?>
        {
            ["Commerce__Tls__Certificate"] = certificate, ["Commerce__Tls__Key"] = key,
            ["Commerce__Tls__Roots"] = _root.ExportCertificatePem(), ["Commerce__Tls__Domain"] = "commerce",
        };
    }

    public void Dispose() => _root.Dispose();

    private (string Certificate, string Key) Issue(Action<SubjectAlternativeNameBuilder> name)
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=commerce", keys, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false)); // to serve, and to call
        lock (_root) return Sign(request, keys);
    }

    private (string Certificate, string Key) Sign(CertificateRequest request, ECDsa keys)
    {
        using var leaf = request.Create(_root, DateTimeOffset.UtcNow - Before, _root.NotAfter, RandomNumberGenerator.GetBytes(16));
        return (leaf.ExportCertificatePem(), keys.ExportPkcs8PrivateKeyPem());
    }
}
