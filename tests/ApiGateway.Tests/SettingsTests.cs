using Commerce.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Names below <c>Commerce:</c> that are no settings, and what was likely meant.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Commerce:ApiKey:shop:Key", "Commerce:ApiKeys:shop:Key")]
    [InlineData("Commerce:ApiKeys:shop:Keys", "Commerce:ApiKeys:shop:Key")]
    [InlineData("Commerce:ApiKeys:shop:Permission:0", "Commerce:ApiKeys:shop:Permissions:0")]
    [InlineData("Commerce:Postgress", "Commerce:Postgres")]
    [InlineData("Commerce:ClusterId", "Commerce:Cluster:Id")]
    [InlineData("Commerce:Silo:Prot", "Commerce:Silo:Port")]
    [InlineData("Commerce:ProbeSeconds", "Commerce:Silo:ProbeSeconds")]
    [InlineData("Commerce:Allow:Anonymous", "Commerce:AllowAnonymous")]
    [InlineData("Commerce:Port:Number", "Commerce:Port")]
    [InlineData("commerce:prefx", "Commerce:Prefix")]
    public void A_misspelt_setting_is_refused_with_the_nearest_known_one_and_without_its_value(string key, string meant)
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => KnownSettings.Check(Of((key, "a secret"))));
        Assert.Contains($"'{key}'", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"did you mean {meant}?", refused.Message);
        Assert.DoesNotContain("a secret", refused.Message);
    }

    [Fact]
    public void A_misspelt_setting_in_a_file_is_refused_as_one_in_the_environment_is()
    {
        var json = """{ "Commerce": { "Prefix": "shop", "Dashbord": false }, "Other": { "Dashbord": false } }"""u8.ToArray();
        using var file = new MemoryStream(json);
        var configuration = new ConfigurationBuilder().AddJsonStream(file).Build();
        var refused = Assert.Throws<InvalidConfigurationException>(() => KnownSettings.Check(configuration));
        Assert.Contains("did you mean Commerce:Dashboard?", refused.Message);
    }

    [Theory]
    [InlineData("Commerce:ApiKeys", "it is a section; give Commerce:ApiKeys:{name}:Key")]
    [InlineData("Commerce:ApiKeys:shop", "it is a section; give Commerce:ApiKeys:shop:Key")]
    [InlineData("Commerce:Silo", "it is a section; give Commerce:Silo:Name")]
    public void A_value_where_a_section_belongs_is_refused(string key, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidConfigurationException>(() => KnownSettings.Check(Of((key, "x")))).Message);

    [Fact]
    public void Every_declared_setting_is_known_whatever_its_case()
    {
        var names = KnownSettings.All.SelectMany(a => a.Settings).Select(s => s.Key).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        KnownSettings.Check(Of([.. names.Select(n => (n, "x")), .. names.Select(n => (n.ToUpperInvariant(), "x"))]));
        KnownSettings.Check(Of(("Logging:LogLevel:Default", "Error"), ("CommerceApiKey", "x"), ("Commerce:Cluster", "")));
    }

    [Fact]
    public void A_misspelt_permission_is_refused_with_the_nearest_known_one()
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(
            ("Commerce:Postgres", "Host=127.0.0.1"), ("Commerce:ApiKeys:shop:Key", "0123456789abcdef"),
            ("Commerce:ApiKeys:shop:Permissions:0", "order:read"))));
        Assert.Contains("'Commerce:ApiKeys:shop:Permissions'", refused.Message);
        Assert.Contains("'order:read' is not a permission; did you mean orders:read?", refused.Message);
        Assert.DoesNotContain("0123456789abcdef", refused.Message);
    }

    [Theory]
    [InlineData("System")]
    [InlineData("local")]
    [InlineData("with space")]
    public void A_name_that_a_caller_cannot_have_is_refused(string name)
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(
            ("Commerce:Postgres", "Host=127.0.0.1"), ($"Commerce:ApiKeys:{name}:Key", "0123456789abcdef"))));
        Assert.Contains($"'{name}' cannot be a caller's name", refused.Message);
    }

    private static IConfigurationRoot Of(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.DistinctBy(v => v.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(v => v.Key, v => (string?)v.Value)).Build();
}
