using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>
/// The limit: PostgreSQL doing nothing but writing durably the rows that one order to cash needs, as one statement and one commit an
/// order. Nobody checks, decides, answers or reads; nobody waits for anybody else's row. What serves orders cannot be faster with these
/// rows, unless several orders share a commit.
/// </summary>
/// <remarks>
/// The rows are those that an order leaves in the journals of our single process: facts, operations with their answers, and each entity's
/// row, written once instead of once an append. Read models, positions and checkpoints are not among them. An order is made to see them
/// (<see cref="Pattern"/>), in tables that are copied with their indexes, so that the limit follows whatever the product comes to write.
/// At the time of writing: 17 facts, 17 operations and 6 entities, of which 3 were there before.
/// </remarks>
internal sealed class Limit(Subject subject, Pgbench pgbench, string connection, string script)
{
    /// <summary>As it is named on the command line and in the tables.</summary>
    public const string Name = "limit";

    private long _from = 1;

    /// <summary>What its costs are charged to: no process of its own, for all that it takes is PostgreSQL's.</summary>
    public Subject Subject => subject;

    /// <summary>Makes an order, and of its rows the statement; null where there is no <c>pgbench</c>.</summary>
    /// <param name="bench">Knows the single process.</param>
    /// <param name="server">An Npgsql connection string.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="name">Of the database that is made.</param>
    public static async Task<Limit?> Prepare(Workbench bench, string server, CancellationToken cancel, string name = Name)
    {
        if (Pgbench.Beside(await PostgresBinaries.Find(cancel: cancel)) is not { } pgbench)
        {
            bench.Tell("There is no pgbench beside PostgreSQL's other programs: the limit is left out");
            return null;
        }

        bench.Tell("limit: making an order to see its rows");
        await using var postgres = NpgsqlDataSource.Create(server);
        var pattern = await Pattern.OfAnOrder(bench, server, postgres, $"{name}_pattern", cancel);
        var described = new NpgsqlConnectionStringBuilder(server) { Database = name };
        var script = await pattern.Lay(postgres, described.ConnectionString, name, cancel);
        var subject = new Subject(Name, new Uri($"tcp://{described.Host}:{described.Port}"), []);
        return new Limit(subject, pgbench, described.ConnectionString, script);
    }

    /// <summary>
    /// So many customers, each with a connection and the next order as soon as the last one is committed. To connect takes time that does
    /// not count and CPU that does: a few hundredths of what a round of six seconds takes.
    /// </summary>
    public async Task<Loaded> Load(int customers, TimeSpan time, CancellationToken cancel)
    {
        var loaded = await pgbench.Run(connection, script, customers, time, _from, cancel);
        _from += loaded.Latencies.Length + 1; // no customer can have made more than all together
        return loaded;
    }
}
