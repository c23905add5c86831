using System.Reflection;
using Commerce.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>A client that a generator made of the document, and a program that uses it: compiled in memory, and run.</summary>
internal static class MadeClient
{
    private static readonly IReadOnlyList<PortableExecutableReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("Commerce.", StringComparison.Ordinal)) // it has only what an integrator has
            .Select(file => MetadataReference.CreateFromFile(file)),
    ];

    /// <summary>What the program <paramref name="user"/> says after an order to cash.</summary>
    public static async Task<string> OrderToCash(IEnumerable<string> client, string user, Shop shop)
    {
        var program = await File.ReadAllTextAsync(Repository.File("tests", "Client.Tests", "Generators", $"{user}.cs"));
        var sources = client.Append(program).Select(text => CSharpSyntaxTree.ParseText(text));
        var compilation = CSharpCompilation.Create(
            user, sources, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var made = new MemoryStream();
        var result = compilation.Emit(made);
        var wrong = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        var run = Assembly.Load(made.ToArray()).GetType($"Commerce.Client.Tests.{user}")!.GetMethod("ToCash")!;
        return await run.CreateDelegate<Func<Uri, string, Task<string>>>()(shop.Address, TestCredentials.Secret);
    }
}
