using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Kernel;

public sealed class KeysTests
{
    [Theory]
    [InlineData("85123A")]
    [InlineData("BANK CHARGES")]
    [InlineData("gift_0001_40")]
    [InlineData("m")]
    [InlineData("a+b#c:d(e)[f]{g},~")]
    public void These_are_skus(string sku) => Assert.True(Ids.IsSku(sku));

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a  b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a%b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("<b>")]
    [InlineData("é")]
    [InlineData("a\nb")]
    [InlineData("a\n")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void These_are_not(string sku) => Assert.False(Ids.IsSku(sku));

    [Theory]
    [InlineData("ord_1", true)]
    [InlineData("ord_2010-12.A_b", true)]
    [InlineData("ord_", false)]
    [InlineData("ord", false)]
    [InlineData("cus_1", false)]
    [InlineData("ord_a b", false)]
    [InlineData("ord_a/b", false)]
    [InlineData("ord_a\n", false)]
    [InlineData(null, false)]
    public void An_id_tells_its_kind(string? id, bool fits) => Assert.Equal(fits, Ids.Has("ord", id));

    [Fact]
    public void The_same_intent_always_names_the_same_entity()
    {
        Assert.Equal(Ids.For("ord", "shop", "k1"), Ids.For("ord", "shop", "k1"));
        Assert.NotEqual(Ids.For("ord", "shop", "k1"), Ids.For("ord", "shop", "k2"));
        Assert.NotEqual(Ids.For("ord", "shop", "k1"), Ids.For("ord", "other", "k1"));
        Assert.NotEqual(Ids.For("ord", "shop", "k1")[4..], Ids.For("crn", "shop", "k1")[4..]);
        Assert.True(Ids.Has("ord", Ids.For("ord", "shop", "k1")));
    }

    [Fact]
    public void A_key_that_is_a_sortable_uuid_stays_sortable()
    {
        var key = Guid.CreateVersion7(Given.Now);
        var id = Ids.For("ord", "shop", key.ToString());
        Assert.Equal($"{key:n}"[..12], id[4..16]);
        Assert.NotEqual(id, Ids.For("ord", "other", key.ToString())); // the same key of another caller is another intent
        Assert.Equal(8, Guid.Parse(Ids.For("ord", "shop", "k1")[4..]).Version);
    }
}
