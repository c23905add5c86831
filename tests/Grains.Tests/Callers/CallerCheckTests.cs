using System.Security.Cryptography.X509Certificates;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>Whether a call is one of the caller that it names (decision 33).</summary>
public sealed class CallerCheckTests
{
    private static readonly TestAuthority Authority = new();
    private static readonly Caller Ada = new("issuer|ada", ["orders:place", "orders:read"], new Reach(ReachKind.Customer, "cus_ada"));
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly CallerCheck _check = new(Identity(ClusterIdentity.Silo), TimeProvider.System);

    [Fact]
    public void A_call_with_the_seal_of_its_caller_is_taken()
    {
        var sealing = Sealing(Ada);
        for (var time = 1; time <= 2; time++) // the second time it is known
            Assert.Null(_check.Forgery(Call(Ada with { Scopes = [.. Ada.Scopes] }), sealing));
    }

    [Fact]
    public void Only_a_silo_is_the_system()
    {
        var now = Now.AddMinutes(5);
        Assert.Null(_check.Forgery(Call(Caller.System), CallerSeal.Make(Caller.System, now, Identity(ClusterIdentity.Silo).Certificate)));
        Assert.Equal(ForgeryKind.UntrustedMaker, _check.Forgery(Call(Caller.System), Sealing(Caller.System)));
        Assert.Equal(ForgeryKind.OtherCaller, _check.Forgery(Call(Caller.System), Sealing(Ada)));
    }

    [Fact]
    public void A_call_without_a_seal_is_refused()
    {
        foreach (var caller in new[] { Ada, Caller.System }) Assert.Equal(ForgeryKind.NoSeal, _check.Forgery(Call(caller), null));
        Assert.Equal(ForgeryKind.NoSeal, _check.Forgery(null, Sealing(Ada)));
        Assert.Equal(ForgeryKind.NoSeal, _check.Forgery(Call(null!), Sealing(Ada)));
    }

    [Fact]
    public void A_seal_is_of_one_caller_with_its_scopes_and_its_reach()
    {
        var sealing = Sealing(Ada);
        foreach (var other in new[]
        {
            Ada with { Name = "issuer|eve" }, Ada with { Scopes = [.. Ada.Scopes, "payments:refund"] },
            Ada with { Reach = Reach.Everything }, Ada with { Reach = new Reach(ReachKind.Customer, "cus_eve") },
        })
            Assert.Equal(ForgeryKind.OtherCaller, _check.Forgery(Call(other), sealing));
    }

    [Fact]
    public void Only_a_call_of_the_system_names_a_cause()
    {
        var system = CallerSeal.Make(Caller.System, Now.AddMinutes(5), Identity(ClusterIdentity.Silo).Certificate);
        Assert.Null(_check.Forgery(Call(Caller.System) with { Cause = "issuer|ada" }, system));
        Assert.Equal(ForgeryKind.ForeignCause, _check.Forgery(Call(Ada) with { Cause = "issuer|eve" }, Sealing(Ada)));
    }

    [Fact]
    public void A_seal_counts_until_its_end()
    {
        Assert.Null(_check.Forgery(Call(Ada), Sealing(Ada, Now.AddMinutes(1))));
        Assert.Equal(ForgeryKind.ExpiredSeal, _check.Forgery(Call(Ada), Sealing(Ada, Now.AddMinutes(-1))));
        Assert.Equal(ForgeryKind.BadSeal, _check.Forgery(Call(Ada), Sealing(Ada, Now.AddYears(1)))); // one to keep for later
    }

    [Theory]
    [InlineData("a silo")]
    [InlineData("other cluster")]
    [InlineData("other domain")]
    [InlineData("expired")]
    public void Only_a_gateway_of_this_cluster_makes_seals(string maker)
    {
        var shown = maker switch
        {
            "a silo" => Authority.Issue("spiffe://commerce/silo"),
            "other cluster" => new TestAuthority().Issue("spiffe://commerce/gateway"),
            "other domain" => Authority.Issue("spiffe://elsewhere/gateway"),
            _ => Authority.IssueExpired("spiffe://commerce/gateway"),
        };
        using var certificate = X509Certificate2.CreateFromPem(shown.Certificate, shown.Key);
        var sealing = CallerSeal.Make(Ada, Now.AddMinutes(1), certificate);
        Assert.Equal(ForgeryKind.UntrustedMaker, _check.Forgery(Call(Ada), sealing));
    }

    [Fact]
    public void A_certificate_is_looked_at_again_after_a_while()
    {
        var clock = new FakeClock(Now);
        var (certificate, key) = Authority.Issue("spiffe://commerce/silo");
        var roots = Path.GetTempFileName();
        File.WriteAllText(roots, Authority.Root);
        var check = new CallerCheck(new ClusterIdentity(ClusterIdentity.Silo, certificate, key, roots, "commerce", clock), clock);
        var sealing = Sealing(Ada);
        Assert.Null(check.Forgery(Call(Ada), sealing));
        File.WriteAllText(roots, new TestAuthority().Root + "\n");
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(ForgeryKind.UntrustedMaker, check.Forgery(Call(Ada), sealing));
        File.Delete(roots);
    }

    [Fact]
    public void A_changed_seal_is_none_wherever_it_was_changed()
    {
        var sealing = Sealing(Ada);
        for (var at = 0; at < sealing.Length; at += 7)
        {
            var changed = (byte[])sealing.Clone();
            changed[at] ^= 1;
            Assert.Equal(ForgeryKind.BadSeal, _check.Forgery(Call(Ada), changed));
        }

        for (var length = 0; length < sealing.Length; length += 13)
            Assert.Equal(ForgeryKind.BadSeal, _check.Forgery(Call(Ada), sealing[..length]));
    }

    private static byte[] Sealing(Caller caller, DateTimeOffset? until = null) =>
        CallerSeal.Make(caller, until ?? Now.AddMinutes(5), Identity(ClusterIdentity.Gateway).Certificate);

    private static ClusterIdentity Identity(string role)
    {
        var (certificate, key) = Authority.Issue($"spiffe://commerce/{role}");
        return new ClusterIdentity(role, certificate, key, Authority.Root, "commerce");
    }

    private static CallContext Call(Caller caller) => new("op", caller, Now.AddMinutes(1));
}
