using Commerce.Hosting;
using Commerce.Testing;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Names below <c>Commerce:</c> that are no settings, and what was likely meant.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Commerce:ApiKey:shop:Key", "Commerce:ApiKeys:shop:Key")]
    [InlineData("Commerce:ApiKeys:shop:Keys", "Commerce:ApiKeys:shop:Key")]
    [InlineData("Commerce:ApiKeys:shop:Role:0", "Commerce:ApiKeys:shop:Roles:0")]
    [InlineData("Commerce:Postgress", "Commerce:Postgres")]
    [InlineData("Commerce:ClusterId", "Commerce:Cluster:Id")]
    [InlineData("Commerce:Silo:Prot", "Commerce:Silo:Port")]
    [InlineData("Commerce:ProbeSeconds", "Commerce:Silo:ProbeSeconds")]
    [InlineData("Commerce:Public:Catalogue", "Commerce:PublicCatalogue")]
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
    public void A_misspelt_role_or_scope_is_refused_with_the_nearest_known_one()
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(
            ("Commerce:Postgres", "Host=127.0.0.1"), ("Commerce:ApiKeys:shop:Key", "0123456789abcdef"),
            ("Commerce:ApiKeys:shop:Roles:0", "warehose"))));
        Assert.Contains("'Commerce:ApiKeys:shop:Roles'", refused.Message);
        Assert.Contains("'warehose' is not a role that a key can have; did you mean warehouse?", refused.Message);
        Assert.DoesNotContain("0123456789abcdef", refused.Message);
        refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(
            ("Commerce:Postgres", "Host=127.0.0.1"), ("Commerce:ApiKeys:shop:Key", "0123456789abcdef"),
            ("Commerce:ApiKeys:shop:Roles:0", "warehouse"), ("Commerce:ApiKeys:shop:Scopes:0", "order:ship"))));
        Assert.Contains("'order:ship' is not a scope of its roles; did you mean orders:ship?", refused.Message);
    }

    [Theory]
    [InlineData("System")]
    [InlineData("guest")]
    [InlineData("key")]
    [InlineData("dev/ada")]
    [InlineData("with space")]
    public void A_name_that_a_caller_cannot_have_is_refused(string name)
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(
            ("Commerce:Postgres", "Host=127.0.0.1"), ($"Commerce:ApiKeys:{name}:Key", "0123456789abcdef"))));
        Assert.Contains($"'{name}' cannot be a caller's name", refused.Message);
    }

    [Theory]
    [InlineData("Commerce:ApiKeys:shop:Roles:1", "partner", "stand alone")]
    [InlineData("Commerce:ApiKeys:shop:Roles:1", "shopper", "is not a role that a key can have")]
    [InlineData("Commerce:ApiKeys:shop:Hash", "abc", "64 hexadecimal digits")]
    [InlineData("Commerce:SigningKeys:0", "c2hvcnQ=", "random bytes in base64")]
    [InlineData("Commerce:Issuers:dev:Issuer", "http://login.example", "give an https URL")]
    [InlineData("Commerce:Issuers:dev:Algorithms:0", "HS256", "'HS256' is not accepted")]
    [InlineData("Commerce:Issuers:system:Issuer", "https://login.example", "cannot name an issuer")]
    public void What_would_let_too_much_in_is_refused(string key, string value, string said)
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(
            (key, value), ("Commerce:Postgres", "Host=127.0.0.1"), ("Commerce:ApiKeys:shop:Key", "0123456789abcdef"),
            ("Commerce:ApiKeys:shop:Roles:0", "operator"), ("Commerce:Issuers:dev:Issuer", "https://login.example"),
            ("Commerce:Issuers:dev:Audience", "commerce"))));
        Assert.Contains(said, refused.Message);
    }

    [Fact]
    public void What_only_development_may_have_is_refused_all_at_once_each_with_what_to_do()
    {
        (string, string)[] careless =
        [
            ("Commerce:Postgres", "Host=db.example;Username=x;Password=y"), ("Commerce:ApiKeys:shop:Key", "0123456789abcdef"),
            ("Commerce:ApiKeys:shop:Roles:0", "operator"), ("Commerce:Issuers:dev:Issuer", "http://127.0.0.1:9"),
            ("Commerce:Issuers:dev:Audience", "commerce"),
        ];
        var refused = Assert.Throws<InvalidConfigurationException>(() => GatewaySettings.Read(Of(careless))).Message;
        string[] said = ["one account", "VerifyFull", "within the cluster are plain", "Give its Hash", "an https URL", "links of guests"];
        Assert.All(said.Zip(refused.Split('\n')[1..^1]), line => Assert.Contains(line.First, line.Second));
        Assert.EndsWith("To try things out, set Commerce__Environment=development.", refused);
        Assert.DoesNotContain("0123456789abcdef", refused);

        using var keys = new KeyFile();
        var tried = GatewaySettings.Read(Of([.. careless, ("Commerce:Environment", "development"), ("Commerce:Keys:File", keys.Path)]));
        Assert.Equal(EnvironmentKind.Development, tried.Mode);
        Assert.Contains("sandbox, which moves no money", Assert.Throws<InvalidConfigurationException>(
            () => GatewaySettings.Read(Of([.. careless, ("Commerce:Engine", "single")]))).Message);
    }

    [Fact]
    public void A_gateway_that_has_all_that_it_needs_starts_in_production()
    {
        using var keys = new KeyFile();
        var gateway = GatewaySettings.Read(Of(
        [
            ("Commerce:Keys:File", keys.Path),
            ("Commerce:Postgres", "Host=db.example;SSL Mode=VerifyFull;Root Certificate=roots.pem"),
            .. Capabilities.All.Select(c => c.Name).Concat(["Cluster", "Audit"])
                .Select(n => ($"Commerce:Postgres:{n}", "Username=x;Password=y")),
            ("Commerce:ApiKeys:shop:Hash", new string('a', 64)), ("Commerce:ApiKeys:shop:Roles:0", "operator"),
            ("Commerce:Issuers:sso:Issuer", "https://login.example"), ("Commerce:Issuers:sso:Audience", "commerce"),
            ("Commerce:SigningKeys:0", Convert.ToBase64String(new byte[32])),
            .. new TestAuthority().Settings("gateway").Select(s => (s.Name.Replace("__", ":"), s.Value)),
        ]));
        Assert.Equal(EnvironmentKind.Production, gateway.Mode);
    }

    private static IConfigurationRoot Of(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.DistinctBy(v => v.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(v => v.Key, v => (string?)v.Value)).Build();

    /// <summary>A key ring of its own.</summary>
    private sealed class KeyFile : IDisposable
    {
        public KeyFile() => KeyRingFile.Of(Path, KeyRingSafe.Of(new ConfigurationBuilder().Build()), create: true);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"keys-{Guid.NewGuid():n}.json");

        public void Dispose() => File.Delete(Path);
    }
}
