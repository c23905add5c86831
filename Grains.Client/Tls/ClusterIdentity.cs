using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Commerce.Grains.Client;

/// <summary>
/// The certificate with which a process shows the cluster what it is, and the roots of the others' certificates (decision 22). What a
/// process is stands in its certificate as the single URI, <c>spiffe://DOMAIN/silo</c> or <c>spiffe://DOMAIN/gateway</c>, perhaps with a
/// name behind it.
/// </summary>
/// <remarks>
/// Each of the three is a PEM text, or a file with one. Files are looked at again when a connection is made: what has been written anew is
/// used from then on, and connections that stand go on. Two roots at once let a cluster change from one to the other.
/// </remarks>
public sealed class ClusterIdentity
{
    /// <summary>What a silo is, behind the domain.</summary>
    public const string Silo = "silo";

    /// <summary>What a gateway is, behind the domain.</summary>
    public const string Gateway = "gateway";

    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private const string AlternativeNames = "2.5.29.17";
    private const int UriTag = 6; // of GeneralName, RFC 5280

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _role, _certificate, _key, _roots, _domain;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private Loaded _loaded;
    private long _looked;

    /// <param name="role">What the process is, which its certificate has to say.</param>
    /// <param name="certificate">The process's certificate.</param>
    /// <param name="key">Its key.</param>
    /// <param name="roots">The roots of all certificates of the cluster.</param>
    /// <param name="domain">The trust domain: the host of the URIs.</param>
    /// <param name="clock">When files were looked at.</param>
    /// <exception cref="ArgumentException">They cannot be used; the message says why, without a secret.</exception>
    public ClusterIdentity(
        string role, string certificate, string key, string roots, string domain, TimeProvider? clock = null)
    {
        (_certificate, _key, _roots, _domain) = (certificate, key, roots, domain);
        (_role, _clock) = (role, clock ?? TimeProvider.System);
        _loaded = Load();
        _looked = _clock.GetTimestamp();
    }

    /// <summary>Receives what is wrong with files that were written anew; those of before stay in use.</summary>
    public Action<Exception> Report { get; set; } = _ => { };

    /// <summary>What the process is.</summary>
    public string Role => _role;

    /// <summary>The certificate to show, with its key.</summary>
    public X509Certificate2 Certificate => Latest().Certificate;

    /// <summary>Whether a certificate is one of this cluster's, for one of these roles, and valid now.</summary>
    /// <param name="peer">The certificate of the other end.</param>
    /// <param name="others">Those that it has sent besides, of authorities between it and a root.</param>
    /// <param name="serves">Whether the other end is the server of the connection.</param>
    /// <param name="roles">What the other end may be.</param>
    public bool Trusts(X509Certificate2 peer, X509Certificate2Collection others, bool serves, params string[] roles)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Latest().Roots);
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // of certificates that live for days
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(serves ? ServerUsage : ClientUsage));
        return chain.Build(peer) && RoleOf(peer) is { } role && roles.Contains(role);
    }

    /// <summary>The role in a certificate's URI; null unless it has exactly one URI, of this domain.</summary>
    public string? RoleOf(X509Certificate2 certificate) =>
        Uris(certificate) is [var uri] && uri.StartsWith($"spiffe://{_domain}/", StringComparison.Ordinal)
            ? uri[$"spiffe://{_domain}/".Length..].Split('/')[0] : null;

    private Loaded Latest()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_looked) < LookEvery) return _loaded;
            _looked = _clock.GetTimestamp();
            if (Written() == _loaded.Written) return _loaded;
            try
            {
                _loaded = Load(); // the one before stays with the connections that have it
            }
            catch (ArgumentException problem)
            {
                Report(problem);
            }

            return _loaded;
        }
    }

    private Loaded Load()
    {
        var written = Written(); // before they are read: what is written meanwhile is seen the next time
        try
        {
            var certificate = X509Certificate2.CreateFromPem(Text(_certificate), Text(_key));
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(Text(_roots));
            if (roots.Count == 0) throw new ArgumentException("There is no certificate among the roots of the cluster.");
            return RoleOf(certificate) == _role ? new Loaded(certificate, roots, written) : throw new ArgumentException(
                $"The certificate is not that of a {_role}: its one URI has to be spiffe://{_domain}/{_role}.");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The cluster's certificate, key or roots cannot be read: {problem.Message}", problem);
        }
    }

    private string Written() => string.Join('|', new[] { _certificate, _key, _roots }.Where(IsFile).Select(
        f => File.Exists(f) ? $"{File.GetLastWriteTimeUtc(f).Ticks} {new FileInfo(f).Length}" : "none"));

    private static bool IsFile(string given) => !given.Contains("-----BEGIN", StringComparison.Ordinal);

    private static string Text(string given) => IsFile(given) ? File.ReadAllText(given) : given;

    private static List<string> Uris(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var names in certificate.Extensions.Where(e => e.Oid?.Value == AlternativeNames))
        {
            var sequence = new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                var tag = sequence.PeekTag();
                var name = sequence.PeekContentBytes();
                if ((tag.TagClass, tag.TagValue) == (TagClass.ContextSpecific, UriTag))
                    uris.Add(Encoding.ASCII.GetString(name.Span));
                sequence.ReadEncodedValue();
            }
        }

        return uris;
    }

    private sealed record Loaded(X509Certificate2 Certificate, X509Certificate2Collection Roots, string Written);
}
