using System.Security.Cryptography;
using Commerce.Engine;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>How personal data is sealed in a row (decision 23).</summary>
public sealed class SealingTests
{
    private static readonly EntityId Ada = new("person", "ada");

    private readonly CapabilityKeys _keys = CapabilityKeys.New();

    private PersonalData Personal => new(_keys);

    [Fact]
    public void What_was_sealed_is_read_again_and_nothing_of_it_shows()
    {
        var (json, keys) = Personal.Write(Ada, new Note("Ada Lovelace", "pm_1", 3));
        Assert.DoesNotContain("Lovelace", json + keys);
        Assert.Contains("\"count\":3", json);
        Assert.Equal(new Note("Ada Lovelace", "pm_1", 3), Personal.Read<Note>(Ada, json, keys));
    }

    [Fact]
    public void Each_row_has_keys_of_its_own()
    {
        var (first, second) = (Personal.Write(Ada, new Note("Ada", null, 1)), Personal.Write(Ada, new Note("Ada", null, 1)));
        Assert.NotEqual(first.Json, second.Json);
        Assert.ThrowsAny<CryptographicException>(() => Personal.Read<Note>(Ada, first.Json, second.Keys));
    }

    [Fact]
    public void A_sealed_part_cannot_be_moved_to_another_entity_or_purpose()
    {
        var (json, keys) = Personal.Write(Ada, new Note("Ada", "pm_1", 1));
        Assert.ThrowsAny<CryptographicException>(() => Personal.Read<Note>(new("person", "bob"), json, keys));
        var swapped = json.Replace("[\"contact\"", "[\"x\"").Replace("[\"payment\"", "[\"contact\"").Replace("[\"x\"", "[\"payment\"");
        Assert.ThrowsAny<CryptographicException>(() => Personal.Read<Note>(Ada, swapped, keys));
        var renamed = keys!.Replace("contact", "x").Replace("payment", "contact").Replace("\"x\"", "\"payment\"");
        Assert.ThrowsAny<CryptographicException>(() => Personal.Read<Note>(Ada, json, renamed));
    }

    [Fact]
    public void A_changed_ciphertext_is_refused()
    {
        var (json, keys) = Personal.Write(Ada, new Note("Ada", null, 1));
        var at = json.IndexOf("AAAA", StringComparison.Ordinal) + 10;
        var changed = json[..at] + (json[at] == 'A' ? 'B' : 'A') + json[(at + 1)..];
        Assert.ThrowsAny<CryptographicException>(() => Personal.Read<Note>(Ada, changed, keys));
    }

    [Fact]
    public void Each_purpose_is_erased_by_itself_and_reads_as_a_mark()
    {
        var (json, keys) = Personal.Write(Ada, new Note("Ada", "pm_1", 1));
        Assert.Equal(new Note(Marks.Erased, "pm_1", 1), Personal.Read<Note>(Ada, json, RowKeys.Without(keys, [Purpose.Contact])));
        Assert.Equal(new Note(Marks.Erased, Marks.Erased, 1), Personal.Read<Note>(Ada, json, null));
    }

    [Fact]
    public void Whoever_has_no_key_or_needs_none_reads_another_mark()
    {
        var (json, keys) = Personal.Write(Ada, new Note("Ada", "pm_1", 1));
        Assert.Equal(new Note(Marks.Sealed, Marks.Sealed, 1), PersonalData.Withheld.Read<Note>(Ada, json, keys));
        Assert.Equal(new Note("Ada", Marks.Sealed, 1), Personal.Only(Purpose.Contact).Read<Note>(Ada, json, keys));
        Assert.Throws<InvalidOperationException>(() => PersonalData.Withheld.Write(Ada, new Note("Ada", null, 1)));
    }

    [Fact]
    public void Rewrapped_keys_open_the_same_under_the_new_key_alone()
    {
        var ring = KeyRing.New(["Trial"]);
        var (json, keys) = new PersonalData(ring.Of("Trial")).Write(Ada, new Note("Ada", "pm_1", 1));
        var rotated = ring.Rotated();
        var rewrapped = RowKeys.Rewrapped(keys!, Ada, rotated.Of("Trial")!)!;
        Assert.Null(RowKeys.Rewrapped(rewrapped, Ada, rotated.Of("Trial")!));
        var retired = new PersonalData(KeyRing.Parse(rotated.Retired().Text()).Of("Trial"));
        Assert.Equal(new Note("Ada", "pm_1", 1), retired.Read<Note>(Ada, json, rewrapped));
        Assert.Throws<InvalidOperationException>(() => retired.Read<Note>(Ada, json, keys));
    }

    [Fact]
    public void A_token_is_the_same_for_the_same_text_and_ring_only()
    {
        Assert.Equal(Personal.Token("email", "a@example.com"), Personal.Token("email", "a@example.com"));
        Assert.NotEqual(Personal.Token("email", "a@example.com"), Personal.Token("guest", "a@example.com"));
        Assert.NotEqual(Personal.Token("email", "a@example.com"), new PersonalData(CapabilityKeys.New()).Token("email", "a@example.com"));
    }

    private sealed record Note(
        [Personal(Purpose.Contact)] string Name, [Personal(Purpose.Payment)] string? Method, int Count);
}
