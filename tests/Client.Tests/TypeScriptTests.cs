using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>The client for TypeScript: generated of the document, compiled strictly, and run against a real gateway.</summary>
public sealed class TypeScriptTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Folder = Repository.File("Client", "typescript");

    [Fact]
    public async Task The_client_for_TypeScript_compiles_strictly_and_takes_an_order_to_cash()
    {
        Assert.SkipUnless(await HasNode(), "Node.js is not installed: the client for TypeScript is not compiled here.");
        await Run("npm", "ci", "--no-audit", "--no-fund");
        await Run("npm", "run", "generate");
        await Run("npm", "run", "build");
        var said = JsonDocument.Parse(await Run("node", "dist/example.js", shop.Address.ToString().TrimEnd('/'), Shop.Key)).RootElement;
        Assert.Equal(("shipped", 3, 8), (
            said.GetProperty("status").GetString(), said.GetProperty("shipped").GetInt32(), said.GetProperty("total").GetInt32()));
        Assert.Equal("[422,\"no_lines\"]", said.GetProperty("refused").GetRawText());
    }

    [Fact]
    public async Task A_member_that_the_document_does_not_have_does_not_compile()
    {
        Assert.SkipUnless(await HasNode(), "Node.js is not installed: the client for TypeScript is not compiled here.");
        await Run("npm", "ci", "--no-audit", "--no-fund");
        await Run("npm", "run", "generate");
        var wrong = Path.Combine(Folder, "src", "wrong.ts");
        await File.WriteAllTextAsync(wrong, """
            import type { Schemas } from "./client.js";
            export const status = (order: Schemas["OrderView"]): "lost" => order.status;
            """);
        try
        {
            var (code, output) = await Ask("npm", "run", "build", "--", "--noEmit");
            Assert.NotEqual(0, code);
            Assert.Contains("partly_shipped", output);
        }
        finally
        {
            File.Delete(wrong);
        }
    }

    private static async Task<bool> HasNode()
    {
        try
        {
            return (await Ask("npm", "--version")).Code == 0;
        }
        catch (Win32Exception)
        {
            return false; // the answer to the question
        }
    }

    private static async Task<string> Run(params string[] command)
    {
        var (code, output) = await Ask(command);
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {output}");
        return output;
    }

    private static async Task<(int Code, string Output)> Ask(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
