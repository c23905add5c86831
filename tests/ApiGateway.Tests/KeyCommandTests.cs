using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Commerce.Hosting;
using Commerce.Testing;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>What the program does with key rings, as an operator calls it (docs/security.md).</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-").FullName;

    private string Ring => Path.Combine(_folder, "ring.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_key_ring_is_made_once_rotated_and_retired()
    {
        Assert.Equal((0, $"'{Ring}' has a key for each capability."), await Run("make", Ring));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Ring));
        var made = await File.ReadAllTextAsync(Ring);
        var (code, said) = await Run("make", Ring);
        Assert.Equal(4, code);
        Assert.Contains($"there is a key ring '{Ring}' already", said);
        Assert.Equal(made, await File.ReadAllTextAsync(Ring));

        Assert.Equal((0, $"'{Ring}' has another key for each capability."), await Run("rotate", Ring));
        var rotated = await File.ReadAllTextAsync(Ring);
        Assert.True(KeysIn(rotated) > KeysIn(made));
        Assert.Equal((0, $"'{Ring}' has a key for each capability."), await Run("retire", Ring));
        Assert.Equal(KeysIn(made), KeysIn(await File.ReadAllTextAsync(Ring)));
    }

    [Fact]
    public async Task What_is_no_key_ring_is_refused_and_left_as_it_is()
    {
        var (none, said) = await Run("rotate", Ring);
        Assert.Equal(4, none);
        Assert.Contains("cannot be used", said);
        await File.WriteAllTextAsync(Ring, "{}");
        File.SetUnixFileMode(Ring, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(4, (await Run("retire", Ring)).Code);
        Assert.Equal("{}", await File.ReadAllTextAsync(Ring));
        var (unknown, usage) = await Run("forget", Ring);
        Assert.Equal(4, unknown);
        Assert.StartsWith("keys make FILE", usage);
    }

    private static async Task<(int Code, string Said)> Run(params string[] arguments)
    {
        await using var program = RunningProgram.Start(
            typeof(GatewayHost).Assembly.Location, new Dictionary<string, string>(), ["keys", .. arguments]);
        var code = await program.Exit();
        return (code, program.Output.Trim());
    }

    [Fact]
    public async Task A_capability_that_is_new_gets_keys_and_the_others_keep_theirs()
    {
        await Run("make", Ring);
        var made = await File.ReadAllTextAsync(Ring);
        foreach (var byCommand in (bool[])[true, false])
        {
            var old = JsonNode.Parse(made)!.AsObject();
            old.Remove("Orders");
            await File.WriteAllTextAsync(Ring, old.ToJsonString());
            if (byCommand) Assert.Equal((0, $"'{Ring}' has a key for each capability."), await Run("add", Ring));
            else KeyRingFile.Of(Ring, KeyRingSafe.Of(new ConfigurationBuilder().Build()), create: true);
            var now = JsonNode.Parse(await File.ReadAllTextAsync(Ring))!.AsObject();
            Assert.NotEqual($"{JsonNode.Parse(made)!["Orders"]}", $"{now["Orders"]!}");
            now.Remove("Orders");
            Assert.Equal(old.ToJsonString(), now.ToJsonString());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Ring));
        }
    }

    // 32 bytes in base64 each, and no other text of the file is that long.
    private static int KeysIn(string ring) => Regex.Count(ring, "\"[^\"]{40,}\"");
}
