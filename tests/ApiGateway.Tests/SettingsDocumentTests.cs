using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

public sealed class SettingsDocumentTests
{
    [Fact, Trait("writes", "files")]
    public Task The_document_of_settings_is_what_the_code_says() =>
        WrittenFile.Is(SettingsDocument.Write(), "what the declared settings say", "docs", "settings.md");
}
