using Commerce.Hosting;
using Commerce.Testing;

namespace Commerce.Silo.Tests;

/// <summary>The accounts of PostgreSQL that a migration has made and written, by the kind of process.</summary>
internal sealed class Accounts
{
    private readonly Dictionary<string, (string Name, string Value)[]> _ofKind;

    private Accounts(Dictionary<string, (string Name, string Value)[]> ofKind) => _ofKind = ofKind;

    /// <summary>All of a kind: silo, gateway or single.</summary>
    public (string Name, string Value)[] Of(string kind) => _ofKind[kind];

    /// <summary>Those that a silo needs for some capabilities, and for the cluster.</summary>
    public (string Name, string Value)[] OfSilo(params string[] capabilities) =>
        [.. Of("silo").Where(a => capabilities.Append("Cluster").Contains(a.Name.Split("__")[2]))];

    /// <summary>Migrates, as an operator does.</summary>
    public static async Task<Accounts> Make(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory("commerce-accounts-");
        try
        {
            await Migration.Run(
            [
                $"--Commerce:Postgres={await TestPostgres.ConnectionString()}", $"--Commerce:Prefix={prefix}",
                "--accounts", folder.FullName,
            ]);
            return new Accounts(folder.GetFiles().ToDictionary(
                file => Path.GetFileNameWithoutExtension(file.Name),
                file => File.ReadAllLines(file.FullName).Select(l => l.Split('=', 2)).Select(l => (l[0], l[1])).ToArray()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
