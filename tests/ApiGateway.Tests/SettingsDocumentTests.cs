using Commerce.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

public sealed class SettingsDocumentTests(Gateway gateway) : IClassFixture<Gateway>
{
    private EndpointDataSource Endpoints => gateway.Service<EndpointDataSource>();

    [Fact, Trait("writes", "files")]
    public async Task The_document_of_settings_and_permissions_is_what_the_code_says()
    {
        var expected = SettingsDocument.Of(Endpoints);
        var file = Repository.File("docs", "settings.md");
        if (Environment.GetEnvironmentVariable("COMMERCE_WRITE") == "1") await File.WriteAllTextAsync(file, expected);
        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == expected,
            "docs/settings.md is not what the code says. If the change is wanted, ./commerce test --write writes it; check it in.");
    }

    [Fact]
    public void Every_permission_that_an_operation_needs_is_known_and_none_is_known_in_vain()
    {
        var operations = SettingsDocument.Operations(Endpoints);
        Assert.NotEmpty(operations);
        Assert.All(operations, o => Assert.Contains(o.Permission, ApiPermissions.Names));
        var refusals = operations.SelectMany(o => o.Refusals).Distinct().Order();
        Assert.Equal(ApiPermissions.Special.Select(p => p.Refusal).Order(), refusals);
    }
}
