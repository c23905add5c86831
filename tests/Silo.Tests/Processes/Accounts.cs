using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Testing;
using Microsoft.Extensions.Configuration;

namespace Commerce.Silo.Tests;

/// <summary>The accounts of PostgreSQL that a migration has made and written, by the kind of process.</summary>
internal sealed class Accounts
{
    private readonly Dictionary<string, (string Name, string Value)[]> _ofKind;

    private Accounts(Dictionary<string, (string Name, string Value)[]> ofKind) => _ofKind = ofKind;

    /// <summary>All of a kind: silo, gateway or single.</summary>
    public (string Name, string Value)[] Of(string kind) => _ofKind[kind];

    /// <summary>Those that a silo needs for some capabilities, for the cluster and for the audit.</summary>
    public (string Name, string Value)[] OfSilo(params string[] capabilities) =>
        [.. Of("silo").Where(a => capabilities.Append("Cluster").Append("Audit").Contains(a.Name.Split("__")[2]))];

    /// <summary>Opens the databases of these capabilities as a silo does.</summary>
    public async Task<CommerceDatabases> Open(string prefix, params Capability[] capabilities)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(Of("silo").Select(a => KeyValuePair.Create(a.Name.Replace("__", ":"), (string?)a.Value)))
            .AddInMemoryCollection([KeyValuePair.Create(CommonSettings.Postgres.Key, (string?)await TestPostgres.ConnectionString())]);
        return await CommerceDatabases.Open(
            CommonSettings.Accounts(settings.Build(), capabilities), prefix, capabilities, JournalOptions.OneOfSeveral,
            CancellationToken.None);
    }

    /// <summary>Migrates, as an operator does.</summary>
    public static async Task<Accounts> Make(string prefix) => new(await AccountFiles.Make(async folder => await Migration.Run(
    [
        $"--Commerce:Postgres={await TestPostgres.ConnectionString()}", $"--Commerce:Prefix={prefix}", "--accounts", folder,
    ])));
}
