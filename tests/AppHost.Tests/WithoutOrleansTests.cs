using System.Net;
using System.Net.Sockets;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class WithoutOrleansTests
{
    private const string Loud = "WITHOUT ORLEANS: ";
    private const string Orleans = "Microsoft.Orleans.Server";

    [Fact]
    public async Task Where_the_package_source_has_no_Orleans_the_rest_is_tested_and_it_is_said_first_and_last_what_is_left_out()
    {
        using var fresh = await Make();
        fresh.LoseOrleans();
        var (exit, output) = await fresh.Run("test");
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(("2 passed, 1 failed, 1 skipped", 1), (lines[^1], exit));
        Assert.Equal(2, lines.Count(l => l == $"{Loud}the configured NuGet source does not carry {Orleans}."));
        Assert.Equal(2, lines.Count(l => l.Contains("Not built and not tested: Silo, tests/Silo.Tests.", StringComparison.Ordinal)));
        Assert.Equal(lines.Length - 3, Array.FindLastIndex(lines, l => l.StartsWith(Loud, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Any_other_failure_is_an_error_also_when_Orleans_is_missing_too()
    {
        using var fresh = await Make();
        fresh.LoseOrleans();
        fresh.Write("Silo/Directory.Build.targets", """
            <Project><ItemGroup><PackageReference Include="Polly.No.Such" VersionOverride="1.0.0" /></ItemGroup></Project>
            """);
        await Fails(fresh, "Polly.No.Such");

        File.Delete(Path.Combine(fresh.Root, "Silo", "Directory.Build.targets"));
        fresh.Source(Path.Combine(fresh.Root, "no-such-source"));
        await Fails(fresh, "no-such-source");
    }

    [Fact]
    public void A_source_with_another_version_of_Orleans_lacks_it_and_whatever_else_goes_wrong_is_no_reason()
    {
        const string Missing = "/a/Silo.csproj : error NU1102: Unable to find package Microsoft.Orleans.Server with version (= 10.2.2)";
        const string Others = "/a/Silo.csproj : error NU1102:   - Found 6 version(s) in some.source [ Nearest version: 10.3.0 ]";
        Assert.Equal(
            "the configured NuGet source does not carry Microsoft.Orleans.Server", AppHost.Orleans.After([Missing, Others])?.Absence);
        Assert.Null(AppHost.Orleans.After([Missing, Others, "/a/Silo.csproj : error NU1605: Detected package downgrade: X"]));
        Assert.Null(AppHost.Orleans.After([Others]));
        Assert.Null(AppHost.Orleans.After([]));
    }

    [Fact]
    public async Task Changing_over_on_one_checkout_never_runs_what_the_other_left()
    {
        using var fresh = await Make(needed: null);
        using var database = new TcpListener(IPAddress.Loopback, 0); // the stand-ins do not use it
        database.Start();
        Assert.Equal("with Orleans", await BuiltAs(fresh, database));
        fresh.Environment["Cluster"] = "false";
        Assert.Equal("without Orleans", await BuiltAs(fresh, database));
        fresh.Environment["Cluster"] = null;
        Assert.Equal("with Orleans", await BuiltAs(fresh, database));
    }

    [Fact]
    public async Task Where_the_package_source_has_no_Orleans_one_process_serves_and_it_says_so_beside_ready()
    {
        using var fresh = await Make();
        fresh.LoseOrleans();
        using var database = new TcpListener(IPAddress.Loopback, 0);
        database.Start();
        Assert.Equal("without Orleans", await BuiltAs(fresh, database, up =>
        {
            var before = up.Output[..up.Output.IndexOf("ready: ", StringComparison.Ordinal)];
            Assert.Equal(3, before.Split(Loud).Length);
            Assert.Contains("One process serves everything, as with --single.", before);
            Assert.DoesNotContain("silo-1", up.Output);
        }));
    }

    private static async Task<SmallCheckout> Make(string? needed = Orleans)
    {
        var fresh = await SmallCheckout.Make();
        await StandIns.AddTo(fresh, silo: needed, gateway: needed);
        fresh.Write("tests/Silo.Tests/Silo.Tests.csproj", await File.ReadAllTextAsync(Path.Combine(fresh.Root, "Silo", "Silo.csproj")));
        fresh.Write("tests/Silo.Tests/Program.cs", "return 0;");
        await fresh.AddToSolution("tests/Silo.Tests/Silo.Tests.csproj");
        fresh.WithoutOrleans("ApiGateway/ApiGateway.csproj", "tests/Sample.Tests/Sample.Tests.csproj");
        return fresh;
    }

    private static async Task Fails(SmallCheckout fresh, string said)
    {
        var (exit, output) = await fresh.Run("test");
        Assert.Equal(1, exit);
        Assert.Contains("does not build", output);
        Assert.Contains(said, output);
        Assert.DoesNotContain(Loud, output);
    }

    /// <summary>What the gateway that <c>up</c> starts says of how it was built.</summary>
    private static async Task<string> BuiltAs(SmallCheckout fresh, TcpListener database, Action<RunningProgram>? also = null)
    {
        var connection = $"Host=127.0.0.1;Port={((IPEndPoint)database.LocalEndpoint).Port}";
        var data = Directory.CreateDirectory(Path.Combine(fresh.Root, ".data", Guid.NewGuid().ToString("N"))).FullName;
        await using var up = fresh.Start(
            ["up", "--silos", "1", "--port", "0", "--data", data, "--postgres", connection], new Dictionary<string, string?>());
        await up.Line("ready: ");
        also?.Invoke(up);
        var said = await File.ReadAllLinesAsync(Path.Combine(data, "logs", "gateway.log"));
        return said.First(l => l.Contains(", built ", StringComparison.Ordinal)).Split(", built ")[1];
    }
}
