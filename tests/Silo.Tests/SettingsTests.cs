using System.Reflection;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Commerce.ApiGateway;
using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Orders;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Commerce.Silo.Tests;

public sealed class SettingsTests
{
    private static readonly string[] Secrets = ["swordfish-of-the-server", "swordfish-of-orders", "swordfish-of-24-characters"];

    /// <summary>Every type that is read from a configuration: a new one is covered by itself.</summary>
    [Fact]
    public void Settings_that_are_printed_tell_no_secret()
    {
        var folder = Directory.CreateTempSubdirectory("commerce-settings-tests-");
        var ring = Path.Combine(folder.FullName, "keys.json");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Commerce:Postgres"] = $"Host=db.example;Username=u;Password={Secrets[0]}",
            ["Commerce:Environment"] = "development", ["Commerce:Keys:File"] = ring, ["Commerce:Keys:Create"] = "true",
            ["Commerce:ApiKeys:tour:Key"] = Secrets[2], ["Commerce:ApiKeys:tour:Roles:0"] = "operator",
        }).AddInMemoryCollection(Capabilities.All.Select(c => c.Name).Concat(["Cluster", "Audit"]).Select(
            name => KeyValuePair.Create<string, string?>($"Commerce:Postgres:{name}", $"Username=x;Password={Secrets[1]}"))).Build();
        var readers = new[] { typeof(SiloHost).Assembly, typeof(GatewayHost).Assembly }.SelectMany(a => a.GetTypes())
            .Select(t => t.GetMethod("Read", BindingFlags.Public | BindingFlags.Static, [typeof(IConfiguration)]))
            .Where(m => m?.ReturnType == m?.DeclaringType).OfType<MethodInfo>().ToList();
        Assert.Equal(["GatewaySettings", "SiloSettings"], readers.Select(r => r.DeclaringType!.Name).Order());
        foreach (var reader in readers)
        {
            var printed = reader.Invoke(null, [configuration])!.ToString()!;
            var keys = KeyRing.Parse(File.ReadAllText(ring)).Capabilities.Values.SelectMany(k => k.Versions.Values.Append(k.Index));
            Assert.Contains("db.example", printed);
            Assert.All([.. Secrets, .. keys], secret => Assert.DoesNotContain(secret, printed));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_key_of_seals_that_cannot_be_used_is_said_with_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("commerce-seals-tests-");
        var file = Path.Combine(folder.FullName, "seals.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var accounts = new Dictionary<string, string> { ["Orders"] = "Username=x", ["Orders:Seals"] = "Username=y" };
        Assert.Contains("no key as PEM", Said("nonsense", UnixFileMode.UserRead));
        Assert.Contains("holds public keys alone", Said(key.ExportSubjectPublicKeyInfoPem(), UnixFileMode.UserRead));
        Assert.Contains($"chmod 600 '{file}'", Said(key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead | UnixFileMode.OtherRead));
        Assert.Equal("", Said(key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead));
        accounts.Remove("Orders:Seals");
        Assert.Contains("'Commerce:Postgres:Orders:Seals'", Said(key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead));
        folder.Delete(recursive: true);

        string Said(string text, UnixFileMode mode)
        {
            File.Delete(file);
            File.WriteAllText(file, text);
            File.SetUnixFileMode(file, mode);
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Commerce:Keys:Seals", file)]).Build();
            try
            {
                var keys = SealKeyFile.ToSign(configuration, new PostgresAccounts("Host=h", accounts), [OrdersCapability.Definition]);
                Assert.True(keys?.CanSign);
                return "";
            }
            catch (InvalidConfigurationException refused)
            {
                return refused.Message;
            }
        }
    }

    [Fact]
    public void A_silo_of_payments_does_not_start_in_production_with_nothing_but_the_sandbox()
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => SiloSettings.Read(Of("Orders,Payments")));
        Assert.Contains("sandbox, which moves no money", refused.Message);
        Assert.Contains("within the cluster are plain", refused.Message);
        refused = Assert.Throws<InvalidConfigurationException>(() => SiloSettings.Read(Of("Orders")));
        Assert.DoesNotContain("sandbox", refused.Message);

        static IConfigurationRoot Of(string capabilities) => new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Commerce:Postgres", "Host=127.0.0.1;Username=u"), new("Commerce:Silo:Capabilities", capabilities),
        ]).Build();
    }
}
