using Commerce.Testing;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>The generated part of the client is the one that the API's document makes.</summary>
public sealed class GeneratedTests
{
    [Fact, Trait("writes", "files")]
    public async Task The_checked_in_client_is_the_one_that_the_document_makes()
    {
        var generated = await Generator.Generate(await File.ReadAllTextAsync(Repository.File("docs", "openapi.json")));
        await WrittenFile.Is(generated, "what docs/openapi.json makes", "Client", "Generated", "CommerceClient.g.cs");
    }
}
