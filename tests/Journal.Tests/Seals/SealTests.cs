using System.Security.Cryptography;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>Seals themselves may be forged or taken away: that is found, too (decision 29).</summary>
public sealed class SealTests
{
    [Fact]
    public async Task Facts_that_were_changed_and_sealed_anew_with_another_key_are_found()
    {
        await using var journal = await SealedJournal.Open();
        await journal.Fill();
        await journal.AsSuperuser("update journal.appends set caller = 'another caller'");
        await journal.AsSuperuser("delete from journal.seals");
        var forger = SealedJournal.NewKeys();
        await journal.Another(forger).Advance(TestContext.Current.CancellationToken);
        Assert.Empty(await journal.Faults(forger));
        Assert.StartsWith("SealForged seal 1 of ", Assert.Single(await journal.Faults()));
    }

    [Theory]
    [InlineData("leaves = set_byte(leaves, 20, 255 - get_byte(leaves, 20))")]
    [InlineData("head = set_byte(head, 20, 255 - get_byte(head, 20))")]
    [InlineData("before = set_byte(before, 20, 255 - get_byte(before, 20))")]
    [InlineData("signature = set_byte(signature, 20, 255 - get_byte(signature, 20))")]
    [InlineData("at = at - interval '1 day'")]
    [InlineData("upto = upto - 1")]
    [InlineData("key = 'another key'")]
    [InlineData("leaves = ''")]
    public async Task A_seal_of_which_anything_was_changed_is_found(string change)
    {
        await using var journal = await SealedJournal.Open();
        await journal.Fill();
        Assert.Equal(1, await journal.AsSuperuser($"update journal.seals set {change} where number = 2"));
        var found = await journal.Verify();
        Assert.StartsWith("seal 2 of ", Assert.Single(found.Faults, f => f.Kind == FaultKind.SealForged).Where);
    }

    [Fact]
    public async Task A_seal_that_was_taken_away_is_found()
    {
        await using var journal = await SealedJournal.Open();
        await journal.Fill();
        await journal.AsSuperuser("delete from journal.seals where number = 2");
        Assert.Equal(["SealMissing seal 2"], await journal.Faults());
        await journal.AsSuperuser("update journal.seals set number = 2 where number = 3");
        Assert.StartsWith("SealForged seal 2 of ", Assert.Single(await journal.Faults()));
    }

    [Fact]
    public async Task The_last_seals_that_were_taken_away_are_not_made_anew_by_their_process()
    {
        await using var journal = await SealedJournal.Open();
        await journal.Fill();
        await journal.AsSuperuser("delete from journal.seals where number = 3");
        await journal.AsSuperuser("update journal.appends set caller = 'another caller' where facts = 3");
        var changed = await Assert.ThrowsAsync<SealsChangedException>(
            () => journal.Sealer.Advance(TestContext.Current.CancellationToken));
        Assert.StartsWith("seal 3 of ", changed.Message);
        Assert.Empty(await journal.Faults());
        var late = Assert.Single(await journal.Faults(now: Noon.AddHours(2)));
        Assert.StartsWith("NotSealed 9 facts, the first in partition 1, position 12: ", late);
    }

    [Fact]
    public async Task Seals_of_before_a_change_of_keys_are_checked_with_the_public_key_of_before()
    {
        var (old, next) = (new Pem(), new Pem());
        await using var journal = await SealedJournal.Open();
        await journal.Journal.Append(To(NewEntity(), 0, "one"));
        await journal.Another(SealKeys.Parse(old.Private)).Advance(TestContext.Current.CancellationToken);
        await journal.Journal.Append(To(NewEntity(), 0, "two"));
        await journal.Another(SealKeys.Parse(next.Private + "\n" + old.Public)).Advance(TestContext.Current.CancellationToken);
        Assert.Empty(await journal.Faults(SealKeys.Parse(next.Public + "\n" + old.Public)));
        Assert.StartsWith("SealForged seal 1 of ", Assert.Single(await journal.Faults(SealKeys.Parse(next.Private))));
        Assert.False(SealKeys.Parse(next.Public).CanSign);
    }

    [Fact]
    public void What_is_no_key_for_seals_is_said()
    {
        using var rsa = RSA.Create(2048);
        using var weak = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp224r1"));
        Assert.Contains("holds no key", Assert.Throws<FormatException>(() => SealKeys.Parse("a key")).Message);
        Assert.Contains("no key of an elliptic curve: PRIVATE KEY", Assert.Throws<FormatException>(
            () => SealKeys.Parse(rsa.ExportPkcs8PrivateKeyPem())).Message);
        Assert.Contains("224 bits; 256 are needed", Assert.Throws<FormatException>(
            () => SealKeys.Parse(weak.ExportPkcs8PrivateKeyPem())).Message);
    }

    private sealed class Pem
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Private => _key.ExportPkcs8PrivateKeyPem();

        public string Public => _key.ExportSubjectPublicKeyInfoPem();
    }
}
