using System.Diagnostics;
using System.Globalization;
using Commerce.Client;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Bench;

/// <summary>
/// A single process with many orders in its databases. They are copies of two real ones, through the journals' own appends. Stock and its
/// movements, and the customers' own entities, are left out.
/// </summary>
internal sealed class PrefilledDatabase : IAsyncDisposable
{
    /// <summary>Customers that the orders belong to.</summary>
    public const int Customers = 10_000;

    /// <summary>Days that the orders are spread over.</summary>
    public const int Days = 400;

    private const int Portion = 4_000;

    /// <summary>The capabilities in which an order leaves facts for good.</summary>
    private static readonly string[] Kept = ["Orders", "Payments", "Ledger"];

    private readonly BenchContext _bench;
    private readonly string _postgres;
    private readonly string _prefix;
    private SystemUnderTest? _system;

    private PrefilledDatabase(BenchContext bench, string postgres, int orders, string prefix) =>
        (_bench, _postgres, Orders, _prefix) = (bench, postgres, orders, prefix);

    public int Orders { get; }

    /// <summary>The process; it runs between <see cref="Start"/> and <see cref="Stop"/>.</summary>
    public SystemUnderTest System => _system ?? throw new InvalidOperationException("The process of the database is not running.");

    /// <summary>Id of the order with this number, as random as the ids of clients whose keys do not sort by time.</summary>
    public static string OrderId(int n) => Ids.For("ord", "seed", n.ToString(CultureInfo.InvariantCulture));

    /// <summary>Id of the customer with this number.</summary>
    public static string CustomerId(int n) => Ids.For("cus", "seed", (n % Customers).ToString(CultureInfo.InvariantCulture));

    /// <summary>Fills databases and starts the process; products are in stock, read models are up to date.</summary>
    public static async Task<PrefilledDatabase> Create(
        BenchContext bench, string postgres, int orders, CancellationToken cancel, string? prefix = null)
    {
        var created = new PrefilledDatabase(bench, postgres, orders, prefix ?? $"with{orders}");
        try
        {
            var since = Stopwatch.StartNew();
            await created.Start(cancel);
            await created.Fill(cancel);
            await created.Start(cancel);
            await created.System.CatchUp(cancel, created.Tell);
            await created.Vacuum(cancel);
            created.Tell($"in place after {since.Elapsed.TotalSeconds:0} s");
            return created;
        }
        catch
        {
            await created.DisposeAsync();
            throw;
        }
    }

    public async Task Start(CancellationToken cancel) =>
        _system ??= await SystemUnderTest.Up(_bench, _postgres, silos: 0, cancel, _prefix);

    public async Task Stop()
    {
        if (_system is null) return;
        await _system.Stop();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null) await _system.DisposeAsync();
        _system = null;
    }

    private void Tell(string what) => _bench.Tell($"{Orders:#,0} orders: {what}");

    private async Task Fill(CancellationToken cancel)
    {
        Tell("sending two real orders, to copy them");
        var customer = CustomerId(0);
        using var guest = new OrderClient(System.Address, 16);
        using var registered = new OrderClient(System.Address, 1, new OrderShape(Customer: customer));
        await guest.Stock(cancel);
        using (var client = new CommerceClient(new CommerceOptions(System.Address) { ApiKey = OrderClient.Key }))
            await client.RegisterCustomerAsync(
                new NewCustomer { Id = customer, Name = "Grace Hopper", Email = "grace@example.com" }, cancellationToken: cancel);
        (string Id, string? Customer)[] real =
            [(await guest.Order(new Random(1), cancel), null), (await registered.Order(new Random(2), cancel), customer)];
        await System.CatchUp(cancel);
        await Stop();

        await using var databases = await Open(cancel, new JournalOptions { MaxBatch = 4_000, MaxBatchBytes = 16 * 1024 * 1024 });
        var templates = new List<OrderTemplate>();
        foreach (var (id, whose) in real) templates.Add(await OrderTemplate.Read(databases, Kept, id, whose, cancel));
        var last = Task.CompletedTask;
        foreach (var portion in Enumerable.Range(0, Orders).Chunk(Portion))
        {
            cancel.ThrowIfCancellationRequested();
            var appends = Task.WhenAll(portion.SelectMany(n => Copies(templates, n)).Select(c => Append(databases, c)));
            await last; // one portion is written while the next one is created
            last = appends;
            if (portion[0] % (25 * Portion) == 0) Tell($"{portion[0]:#,0} are in the journals");
        }

        await last;
        await SkipReactions(databases, cancel);
    }

    private IEnumerable<EntityFacts> Copies(IReadOnlyList<OrderTemplate> templates, int n)
    {
        var earlier = -TimeSpan.FromDays(Days) * ((double)(Orders - n) / Orders);
        var microseconds = TimeSpan.FromMicroseconds(Math.Round(earlier.TotalMicroseconds));
        return templates[n % templates.Count].Copy(OrderId(n), CustomerId(n / templates.Count), microseconds);
    }

    // What is personal is bound to its entity, so it is sealed anew.
    private static async Task Append(CommerceDatabases databases, EntityFacts copy)
    {
        var (capability, personal) = (Capabilities.All.Single(c => c.Name == copy.Capability), databases.Personal(copy.Capability));
        var opened = copy.Facts.Select(f => personal.Decode(capability.Facts, copy.Original ?? copy.Entity, f)).ToList();
        var (facts, _, keys) = personal.Encode<object>(capability.Facts, copy.Entity, opened, null);
        var append = new AppendRequest(
            copy.Entity, 0, facts, "copied", Fingerprint: null, "{}", DateTimeOffset.UtcNow, Caller.System.Name) { Keys = keys };
        var result = await databases.Journal(copy.Capability).Append(append);
        if (result is not AppendResult.Committed) throw new BenchException($"{copy.Entity} should be new, and is not: {result}");
    }

    /// <summary>The outcome of the reactions is copied already, so their checkpoints are moved behind the copies.</summary>
    private static async Task SkipReactions(CommerceDatabases databases, CancellationToken cancel)
    {
        foreach (var store in databases.Stores)
            foreach (var reaction in store.Capability.Reactions.Where(r => Kept.Contains(r.Source)))
            {
                var heads = await databases.Journal(reaction.Source).Heads(cancel);
                for (var partition = 0; partition < heads.Count; partition++)
                    await store.Checkpoints.Save(reaction.Name, partition, heads[partition], cancel);
            }
    }

    /// <summary>Now, so that autovacuum does not do it while something is measured.</summary>
    private async Task Vacuum(CancellationToken cancel)
    {
        await using var databases = await Open(cancel);
        foreach (var name in databases.Stores.Select(s => s.Capability.Name))
            foreach (var sql in (string[])["vacuum analyze", "checkpoint"])
            {
                await using var connection = await databases.DataSource(name).OpenConnectionAsync(cancel);
                await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(cancel);
            }
    }

    private async Task<CommerceDatabases> Open(CancellationToken cancel, JournalOptions? options = null)
    {
        var ring = KeyRing.Parse(await File.ReadAllTextAsync(SystemUnderTest.KeyRingOf(_bench, _prefix), cancel));
        return await CommerceDatabases.Open(
            _postgres, _prefix, Capabilities.All, (options ?? new JournalOptions()) with { Keys = ring.Of }, cancel);
    }
}
