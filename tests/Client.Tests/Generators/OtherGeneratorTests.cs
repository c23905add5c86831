using Commerce.Testing;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>An integrator may prefer another generator: the common ones make a good client of the document.</summary>
public sealed class OtherGeneratorTests(Shop shop) : IClassFixture<Shop>
{
    private const string Told =
        "2 Confirmed Partly_shipped Shipped 3 x 2.5 = 8 GBP, Captured 8; 422 invalid_quantity /lines/0/quantity: 0 is not a quantity.";

    [Fact]
    public async Task Kiota_makes_a_client_without_a_warning_and_it_takes_an_order_to_cash()
    {
        var made = Directory.CreateTempSubdirectory("commerce-kiota-");
        try
        {
            var dotnet = new Tool(Repository.File("tests", "Client.Tests"), ("KIOTA_OFFLINE_ENABLED", "true"));
            await dotnet.Run("dotnet", "tool", "restore");
            // It misses a server where the document names '/', and uses the one that it has the document from all the same.
            var said = await dotnet.Run(
                "dotnet", "kiota", "generate", "--language", "CSharp", "--openapi", $"{shop.Address}openapi/v1.json", "--clear-cache",
                "--disable-validation-rules", "NoServerEntry", "--class-name", "CommerceApi", "--namespace-name", "Made",
                "--output", made.FullName,
                "--serializer", "Microsoft.Kiota.Serialization.Json.JsonSerializationWriterFactory",
                "--deserializer", "Microsoft.Kiota.Serialization.Json.JsonParseNodeFactory");
            Assert.True(!said.Contains("warn"), said);
            var sources = made.EnumerateFiles("*.cs", SearchOption.AllDirectories).Select(f => File.ReadAllText(f.FullName));
            Assert.Equal(Told, await MadeClient.OrderToCash(sources, "KiotaOrder", shop));
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(CSharpJsonLibrary.NewtonsoftJson)]
    [InlineData(CSharpJsonLibrary.SystemTextJson)]
    public async Task NSwag_makes_a_client_as_it_is_and_it_takes_an_order_to_cash(CSharpJsonLibrary json)
    {
        var document = await OpenApiDocument.FromUrlAsync($"{shop.Address}openapi/v1.json");
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "CommerceApi",
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings = { Namespace = "Made", JsonLibrary = json, JsonLibraryVersion = 10 },
        };
        var source = new CSharpClientGenerator(document, settings).GenerateFile();
        Assert.Equal(Told, await MadeClient.OrderToCash([source], "NSwagOrder", shop));
    }
}
