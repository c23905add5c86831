using System.Text.Json.Nodes;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

/// <summary>Known vulnerabilities of the packages that are used, by <c>dotnet package list</c>.</summary>
public sealed class PackageAuditTests
{
    /// <summary>
    /// A package with a public advisory of high severity (GHSA-5crp-9r3c-p9vr). An audit that does not report it reports nothing, as where
    /// the source of packages serves no advisories.
    /// </summary>
    private const string Canary = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.3" /></ItemGroup>
        </Project>
        """;

    private static readonly string[] Grave = ["High", "Critical"];

    [Fact]
    public async Task No_package_has_a_known_grave_vulnerability_as_far_as_the_audit_can_see()
    {
        using var checkout = new Checkout();
        var canary = Path.Combine(checkout.Temporary, "Canary.csproj");
        await File.WriteAllTextAsync(canary, Canary);
        if (await Audit(checkout.Temporary, canary) is not { Count: > 0 })
            Assert.Skip("The source of packages reports no advisories here, not even that of Newtonsoft.Json 12.0.3.");
        Assert.Equal([], await Audit(Checkout.Root, Path.Combine(Checkout.Root, "Orleans.sln")));
    }

    [Fact]
    public void A_bad_package_is_seen_in_what_the_audit_prints() => Assert.Equal(
        ["Newtonsoft.Json 12.0.3: High, https://example.com/a", "Deep 1.0.0: Critical, https://example.com/b"],
        Read("""
            {
              "version": 1, "parameters": "--vulnerable --include-transitive",
              "projects": [
                { "path": "/a/Clean.csproj" },
                { "path": "/a/Bad.csproj", "frameworks": [ {
                    "framework": "net10.0",
                    "topLevelPackages": [ {
                      "id": "Newtonsoft.Json", "requestedVersion": "12.0.3", "resolvedVersion": "12.0.3",
                      "vulnerabilities": [ { "severity": "High", "advisoryurl": "https://example.com/a" } ] } ],
                    "transitivePackages": [
                      { "id": "Deep", "resolvedVersion": "1.0.0",
                        "vulnerabilities": [
                          { "severity": "Low", "advisoryurl": "https://example.com/c" },
                          { "severity": "Critical", "advisoryurl": "https://example.com/b" } ] } ] } ] } ]
            }
            """));

    private static async Task<IReadOnlyList<string>> Audit(string folder, string project)
    {
        await new Tool(folder).Run("dotnet", "restore", project, "-v", "q");
        return Read(await new Tool(folder).Run(
            "dotnet", "package", "list", "--project", project, "--vulnerable", "--include-transitive", "--no-restore", "--format", "json"));
    }

    private static IReadOnlyList<string> Read(string json) =>
    [
        .. from project in Items(JsonNode.Parse(json)!, "projects")
           from framework in Items(project, "frameworks")
           from package in Items(framework, "topLevelPackages").Concat(Items(framework, "transitivePackages"))
           from advisory in Items(package, "vulnerabilities")
           where Grave.Contains((string)advisory["severity"]!)
           select $"{package["id"]} {package["resolvedVersion"]}: {advisory["severity"]}, {advisory["advisoryurl"]}",
    ];

    private static IEnumerable<JsonNode> Items(JsonNode of, string name) => (of[name] as JsonArray ?? []).OfType<JsonNode>();
}
