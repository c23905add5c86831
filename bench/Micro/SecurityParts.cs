using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Commerce.Engine;
using Commerce.Grains;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Commerce.Orders;
using static Commerce.Micro.BenchmarkData;

namespace Commerce.Micro;

/// <summary>What sealing costs: personal data in an order's facts, as beside the plain ones, and callers in a cluster.</summary>
public class SecurityParts
{
    private static readonly EntityId Order = new("order", OrderId);

    private readonly PersonalData _personal = new(CapabilityKeys.New());
    private readonly CallContext _call = new("op", Shop, DateTimeOffset.MaxValue);
    private readonly CallerCheck _check;
    private readonly ClusterIdentity _identity;
    private readonly byte[] _sealing;
    private readonly EncodedFact[] _encoded;

    public SecurityParts()
    {
        _identity = Identity();
        _check = new CallerCheck(_identity, TimeProvider.System);
        _sealing = Made();
        _encoded = [.. Life.Select(fact => _personal.Encode(OrdersCapability.Facts, Order, fact)[0])];
        if (_check.Forgery(_call, _sealing) is { } forgery)
            throw new InvalidOperationException($"The seal of the benchmarks is refused: {forgery}.");
    }

    [Benchmark(Description = "encode: an order's 6 facts, sealed")]
    public int Encode()
    {
        var written = 0;
        foreach (var fact in Life) written += _personal.Encode(OrdersCapability.Facts, Order, fact)[0].Json.Length;
        return written;
    }

    [Benchmark(Description = "decode: an order's 6 facts, sealed")]
    public int Decode()
    {
        var read = 0;
        foreach (var fact in _encoded) read += _personal.Decode(OrdersCapability.Facts, Order, fact) is OrderFact ? 1 : 0;
        return read;
    }

    [Benchmark(Description = "caller's seal: make, once in minutes")]
    public int MakeSeal() => Made().Length;

    [Benchmark(Description = "caller's seal: check, once a silo")]
    public bool CheckNew() => CallerSeal.Read(_sealing) is not null;

    [Benchmark(Description = "caller's seal: check, seen before")]
    public bool CheckKnown() => _check.Forgery(_call, _sealing) is null;

    private byte[] Made() => CallerSeal.Make(Shop, DateTimeOffset.UtcNow + CallerSeal.Lifetime, _identity.Certificate);

    private static ClusterIdentity Identity()
    {
        var now = DateTimeOffset.UtcNow;
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=benchmarks", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gateway", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"spiffe://commerce/{ClusterIdentity.Gateway}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var leaf = request.Create(root, now.AddHours(-1), now.AddHours(23), RandomNumberGenerator.GetBytes(16));
        return new ClusterIdentity(
            ClusterIdentity.Gateway, leaf.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), root.ExportCertificatePem(), "commerce");
    }
}
