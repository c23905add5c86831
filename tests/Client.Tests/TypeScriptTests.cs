using System.Text.Json;
using Commerce.Testing;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>The client for TypeScript: generated of the document, compiled strictly, and run against a real gateway.</summary>
public sealed class TypeScriptTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Folder = Repository.File("Client", "typescript");

    private static readonly Tool Npm = new(Folder);

    [Fact]
    public async Task The_client_for_TypeScript_compiles_strictly_and_takes_an_order_to_cash()
    {
        Assert.SkipUnless(await Tool.HasNode(), Tool.NoNode);
        await Npm.InstallPackages();
        await Npm.Run("npm", "run", "generate");
        await Npm.Run("npm", "run", "build");
        var address = shop.Address.ToString().TrimEnd('/');
        var said = JsonDocument.Parse(await Npm.Run("node", "dist/example.js", address, TestCredentials.Secret)).RootElement;
        Assert.Equal(("shipped", 3, 8), (
            said.GetProperty("status").GetString(), said.GetProperty("shipped").GetInt32(), said.GetProperty("total").GetInt32()));
        Assert.Equal("[422,\"no_lines\"]", said.GetProperty("refused").GetRawText());
    }

    [Fact]
    public async Task A_member_that_the_document_does_not_have_does_not_compile()
    {
        Assert.SkipUnless(await Tool.HasNode(), Tool.NoNode);
        await Npm.InstallPackages();
        await Npm.Run("npm", "run", "generate");
        var wrong = Path.Combine(Folder, "src", "wrong.ts");
        await File.WriteAllTextAsync(wrong, """
            import type { Schemas } from "./client.js";
            export const status = (order: Schemas["OrderView"]): "lost" => order.status;
            """);
        try
        {
            var (code, output, _) = await Npm.Ask("npm", "run", "build", "--", "--noEmit");
            Assert.NotEqual(0, code);
            Assert.Contains("partly_shipped", output);
        }
        finally
        {
            File.Delete(wrong);
        }
    }
}
