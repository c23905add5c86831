using System.Text.Json.Nodes;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Kernel;

public sealed class FactCatalogTests
{
    private sealed record Painted(string Colour, int Coats);

    private static readonly FactCatalog Catalog = new FactCatalog()
        .Add<Painted>("painted", 2)
        .Upcast<Painted>("painted", 1, old => new JsonObject { ["colour"] = old["color"]!.DeepClone(), ["coats"] = 1 });

    [Fact]
    public void A_fact_is_read_as_it_was_written() =>
        Assert.Equal(new Painted("red", 3), Catalog.Decode(Catalog.Encode(new Painted("red", 3))));

    [Fact]
    public void A_fact_of_an_older_shape_is_lifted_to_the_present_one() =>
        Assert.Equal(new Painted("red", 1), Catalog.Decode(new EncodedFact("painted/1", """{"color":"red"}""")));

    [Fact]
    public void A_fact_with_members_added_later_is_read_all_the_same() =>
        Assert.Equal(new Painted("red", 3), Catalog.Decode(new EncodedFact("painted/2", """{"colour":"red","coats":3,"gloss":true}""")));

    [Fact]
    public void An_unknown_fact_is_an_error_that_names_it() =>
        Assert.Contains("'painted/9'", Assert.Throws<InvalidOperationException>(
            () => Catalog.Decode(new EncodedFact("painted/9", "{}"))).Message);

    [Fact]
    public void A_fact_without_a_name_cannot_be_written() =>
        Assert.Contains("String", Assert.Throws<InvalidOperationException>(() => Catalog.Encode("text")).Message);
}
