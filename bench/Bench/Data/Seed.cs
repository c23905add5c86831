using System.Diagnostics;
using System.Globalization;
using Commerce.Journal;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Bench.Data;

/// <summary>Fills the journals with orders that are done, each as a real one leaves it, through the journals' own appends.</summary>
/// <remarks>Left out: stock and its movements (holds are transient), and the customers' own entities.</remarks>
internal static class Seed
{
    /// <summary>How many customers the orders are spread over.</summary>
    public const int Customers = 10_000;

    /// <summary>How many days.</summary>
    public const int Days = 400;

    private const int Portion = 4_000;

    /// <summary>Whose facts an order leaves for good.</summary>
    public static readonly IReadOnlyList<string> Places = ["Orders", "Payments", "Ledger"];

    /// <summary>The id of the order of that number; as random as those of clients whose keys are no UUIDv7.</summary>
    public static string Order(int n) => Ids.For("ord", "seed", n.ToString(CultureInfo.InvariantCulture));

    /// <summary>The id of the customer of that number.</summary>
    public static string Customer(int n) => Ids.For("cus", "seed", (n % Customers).ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Appends so many copies of the patterns, in turns. What was reacted to in the patterns is not reacted to again in the copies, whose
    /// outcome is there already: the checkpoints are moved on.
    /// </summary>
    public static async Task Fill(
        CommerceDatabases databases, IReadOnlyList<OrderPattern> patterns, int orders, Action<string> tell, CancellationToken cancel)
    {
        var (since, told) = (Stopwatch.StartNew(), TimeSpan.Zero);
        var before = Task.CompletedTask;
        for (var n = 0; n < orders; n += Portion)
        {
            cancel.ThrowIfCancellationRequested();
            var numbers = Enumerable.Range(n, Math.Min(Portion, orders - n));
            var portion = Task.WhenAll(numbers.SelectMany(i => Append(databases, patterns, i, orders)));
            await before; // one portion is on its way while the next is made
            before = portion;
            if (since.Elapsed - told < TimeSpan.FromSeconds(10)) continue;
            told = since.Elapsed;
            tell($"{n:#,0} of {orders:#,0} orders are in the journals, {n / told.TotalSeconds:#,0} a second");
        }

        await before;
        foreach (var store in databases.Stores)
            foreach (var reaction in store.Capability.Reactions.Where(r => Places.Contains(r.Source)))
                await Skip(reaction, databases.Journal(reaction.Source), store.Checkpoints, cancel);
    }

    /// <summary>Does at once what autovacuum would do sooner or later, so that it does not do it while something is measured.</summary>
    public static async Task Settle(CommerceDatabases databases, CancellationToken cancel)
    {
        foreach (var name in databases.Stores.Select(s => s.Capability.Name))
            foreach (var sql in (string[])["vacuum analyze", "checkpoint"])
            {
                await using var connection = await databases.DataSource(name).OpenConnectionAsync(cancel);
                await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(cancel);
            }
    }

    private static async Task Skip(Reaction reaction, IFactLog source, ICheckpoints keeper, CancellationToken cancel)
    {
        var heads = await source.Heads(cancel);
        for (var partition = 0; partition < heads.Count; partition++) await keeper.Save(reaction.Name, partition, heads[partition], cancel);
    }

    private static IEnumerable<Task> Append(CommerceDatabases databases, IReadOnlyList<OrderPattern> patterns, int n, int orders)
    {
        var later = -TimeSpan.FromDays(Days) * ((double)(orders - n) / orders);
        var micros = TimeSpan.FromMicroseconds(Math.Round(later.TotalMicroseconds));
        return patterns[n % patterns.Count].Copy(Order(n), Customer(n / patterns.Count), micros).Select(e => Append(databases, e));
    }

    private static async Task Append(CommerceDatabases databases, Kept copy)
    {
        var append = new AppendRequest(
            copy.Entity, 0, copy.Facts, "copied", Fingerprint: null, "{}", DateTimeOffset.UtcNow, Caller.System.Name);
        var outcome = await databases.Journal(copy.Capability).Append(append);
        if (outcome is not AppendResult.Committed) throw new BenchException($"{copy.Entity} should be new, and is not: {outcome}");
    }
}
