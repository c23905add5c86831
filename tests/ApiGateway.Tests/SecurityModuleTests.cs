using System.Diagnostics;
using System.Net;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>
/// The key ring sealed by a security module: SoftHSM's, which Debian has as softhsm2. <c>COMMERCE_SOFTHSM</c> names the folder that its
/// package was unpacked to; without the package the test is left out.
/// </summary>
public sealed class SecurityModuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-hsm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_ring_in_a_security_module_is_of_no_use_without_it()
    {
        var root = Environment.GetEnvironmentVariable("COMMERCE_SOFTHSM") is { Length: > 0 } given ? given : "/";
        var (library, tool) = (Path.Combine(root, "usr/lib/softhsm/libsofthsm2.so"), Path.Combine(root, "usr/bin/softhsm2-util"));
        Assert.SkipUnless(File.Exists(library) && File.Exists(tool), "There is no SoftHSM: install softhsm2.");
        var (ring, pin, configuration) = (Path.Combine(_folder, "keys"), Path.Combine(_folder, "pin"), Path.Combine(_folder, "hsm.conf"));
        Directory.CreateDirectory(Path.Combine(_folder, "tokens"));
        await File.WriteAllTextAsync(configuration, $"directories.tokendir = {_folder}/tokens\nobjectstore.backend = file\n");
        await File.WriteAllTextAsync(pin, "73519\n");
        await Initialize(tool, library, configuration);
        (string, string)[] settings =
        [
            ("SOFTHSM2_CONF", configuration), ("Commerce__Keys__File", ring), ("Commerce__Keys__Pkcs11__Library", library),
            ("Commerce__Keys__Pkcs11__Token", "commerce"), ("Commerce__Keys__Pkcs11__PinFile", pin),
            ("Commerce__Prefix", TestPostgres.NewPrefix()),
        ];

        await Serve("ada", settings);
        Assert.StartsWith("pkcs11:", await File.ReadAllTextAsync(ring));
        await Serve("bob", settings); // again, with what the first one has made

        await File.WriteAllTextAsync(pin, "00000\n");
        await using var refused = await GatewayProcess.Start(settings);
        await RunningProgram.Eventually(() => refused.HasExited);
        Assert.Contains("CKR_PIN_INCORRECT", refused.Errors);
        Assert.DoesNotContain("73519", refused.Output);
        await using var without = await GatewayProcess.Start(
            [("Commerce__Keys__File", ring), ("Commerce__Keys__Create", "false"), settings[^1]]);
        await RunningProgram.Eventually(() => without.HasExited);
        Assert.Contains("cannot be used", without.Errors);
    }

    private static async Task Serve(string name, (string, string)[] settings)
    {
        await using var process = await GatewayProcess.Start(settings);
        using var api = new Api(await process.Listening()) { Credentials = TestCredentials.Secret };
        (await api.Post("/customers", $$"""{"id":"cus_{{name}}","name":"{{name}}","email":"{{name}}@example.com"}"""))
            .Expect(HttpStatusCode.Created);
        Assert.Equal("ada", (await api.Get("/customers/cus_ada"))["name"].GetString());
    }

    private static async Task Initialize(string tool, string library, string configuration)
    {
        var start = new ProcessStartInfo(
            tool, ["--init-token", "--free", "--label", "commerce", "--pin", "73519", "--so-pin", "73519", "--module", library]);
        start.Environment["SOFTHSM2_CONF"] = configuration;
        using var making = Process.Start(start)!;
        await making.WaitForExitAsync();
        Assert.Equal(0, making.ExitCode);
    }
}
