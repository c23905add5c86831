using Commerce.Testing;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>
/// Two silos that share the capabilities between them, and gateways that were started before there was any silo: all processes of
/// their own, on databases of their own, each with the accounts that it needs and no other (decision 21), and all
/// with certificates (decision 22).
/// </summary>
public sealed class ClusterRun : IAsyncLifetime
{
    private readonly List<OurProcess> _all = [];

    public string Prefix { get; } = TestPostgres.NewPrefix();

    internal Accounts Accounts { get; private set; } = null!;

    public OurProcess Gateway { get; private set; } = null!;

    public OurProcess OtherGateway { get; private set; } = null!;

    /// <summary>Hosts Orders and Payments.</summary>
    public OurProcess Sales { get; private set; } = null!;

    public OurProcess Goods { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (accounts, authority) = (Accounts = await Accounts.Make(Prefix), new TestAuthority());
        (string Name, string Value)[] settings = [.. accounts.Of("gateway"), .. authority.Settings("gateway")];
        Gateway = Keep(await OurProcess.Gateway(Prefix, "run", settings));
        OtherGateway = Keep(await OurProcess.Gateway(Prefix, "run", settings));
        Sales = Keep(await OurProcess.Silo(
            Prefix, "run", ["--capabilities", "Orders,payments,Ledger"],
            [("Commerce__Silo__Name", "sales"), .. accounts.OfSilo("Orders", "Payments", "Ledger"), .. authority.Settings("silo")]));
        Goods = Keep(await OurProcess.Silo(
            Prefix, "run", [],
            [
                ("Commerce__Silo__Name", "goods"), ("Commerce__Silo__Capabilities", "Customers, Catalogue, Inventory, Access"),
                .. accounts.OfSilo("Customers", "Catalogue", "Inventory", "Access"), .. authority.Settings("silo"),
            ]));
        foreach (var process in _all) await process.Ready();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _all) await process.DisposeAsync();
    }

    private OurProcess Keep(OurProcess process)
    {
        _all.Add(process);
        return process;
    }
}
