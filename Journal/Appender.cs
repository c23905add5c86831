using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>Commits batches of appends, and completes each append with its own result.</summary>
/// <param name="source">Connections to the database.</param>
/// <param name="database">Its name, for messages.</param>
/// <param name="partitioning">Which partition an entity's facts go to.</param>
/// <param name="tail">Receives the committed facts.</param>
/// <param name="committed">Called after a commit of facts, with their partitions.</param>
internal sealed class Appender(
    NpgsqlDataSource source, string database, Partitioning partitioning, TailCache tail, Action<IReadOnlyCollection<int>> committed)
{
    private const int Attempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>About how many bytes it is.</summary>
    public static int Weight(AppendRequest append) =>
        200 + (append.Answer?.Length ?? 0) + (append.Snapshot?.Json.Length ?? 0) + append.Facts.Sum(f => f.Json.Length + 100);

    public async Task Serve(IReadOnlyList<Pending<AppendRequest, AppendResult>> batch)
    {
        var (plain, inTurn) = SortedBatch.Of(batch);
        // When the database does not hold the state that one of them expects, nothing was done, and all of them are appended one after the
        // other.
        if (plain.Count > 0) inTurn = [.. inTurn, .. await Commit(plain, ServePlain)];
        if (inTurn.Count > 0) await Commit(inTurn, ServeInTurn);
    }

    /// <summary>
    /// Commits. An append that PostgreSQL refuses must fail alone (J3), so a refused batch is halved until that append is found.
    /// </summary>
    private async Task<IReadOnlyList<Pending<AppendRequest, AppendResult>>> Commit(
        IReadOnlyList<Pending<AppendRequest, AppendResult>> batch, ServeBatch serve)
    {
        for (var attempt = 1; ; attempt++)
        {
            NpgsqlConnection connection;
            try
            {
                connection = await source.OpenConnectionAsync();
            }
            catch (Exception problem) when (problem is NpgsqlException or TimeoutException or ObjectDisposedException)
            {
                foreach (var pending in batch) pending.Fail(PostgresFailures.Unavailable(database, problem));
                return [];
            }

            await using var held = connection;
            try
            {
                return await serve(connection, batch);
            }
            catch (Exception problem) when (PostgresFailures.IsPassing(problem) && attempt < Attempts)
            {
                await Task.Delay(Pause * attempt);
            }
            catch (Exception problem) when (PostgresFailures.IsPassing(problem))
            {
                // A new connection may reach the server that has taken over.
                if (problem is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }) source.Clear();
                foreach (var pending in batch) pending.Fail(PostgresFailures.Unavailable(database, problem));
                return [];
            }
            catch (Exception problem) when (PostgresFailures.IsRefusal(problem))
            {
                if (batch.Count > 1)
                {
                    await connection.DisposeAsync(); // before the halves, each of which needs a connection: there are few
                    return await CommitHalves(batch, serve);
                }

                batch[0].Fail(new InvalidOperationException(
                    $"The journal refused an append of {batch[0].Request.Entity}, nothing was changed: {problem.Message}", problem));
                return [];
            }
            catch (Exception problem)
            {
                source.Clear(); // this connection is not used again, and the others are most likely broken as well
                foreach (var pending in batch) pending.Fail(PostgresFailures.Unknown(database, problem));
                return [];
            }
        }
    }

    private async Task<IReadOnlyList<Pending<AppendRequest, AppendResult>>> CommitHalves(
        IReadOnlyList<Pending<AppendRequest, AppendResult>> batch, ServeBatch serve)
    {
        var half = batch.Count / 2;
        var first = await Commit([.. batch.Take(half)], serve);
        return [.. first, .. await Commit([.. batch.Skip(half)], serve)];
    }

    private async Task<IReadOnlyList<Pending<AppendRequest, AppendResult>>> ServePlain(
        NpgsqlConnection connection, IReadOnlyList<Pending<AppendRequest, AppendResult>> batch)
    {
        var statement = new CommitStatement(batch, partitioning);
        var marks = statement.Partitions.ToDictionary(p => p, tail.Growth);
        if (await statement.Execute(connection) is not { } placed) return batch;
        var grown = placed.Where(p => p.Facts.Count > 0).ToList(); // an append of an answer alone brings no facts to follow
        foreach (var (partition, facts) in grown) tail.Committed(partition, marks[partition], facts);
        if (grown.Count > 0) committed([.. grown.Select(g => g.Partition)]);
        foreach (var pending in batch) Succeed(pending);
        return [];
    }

    private async Task<IReadOnlyList<Pending<AppendRequest, AppendResult>>> ServeInTurn(
        NpgsqlConnection connection, IReadOnlyList<Pending<AppendRequest, AppendResult>> batch)
    {
        var outcomes = await SequentialStatement.Execute(connection, batch, partitioning);
        var grown = batch.Where((p, i) => p.Request.Facts.Count > 0 && !outcomes.ContainsKey(i))
            .Select(p => partitioning.Of(p.Request.Entity)).Distinct().ToList();
        foreach (var (append, i) in batch.Select((p, i) => (p.Request, i)))
            if (append.Erases.Count > 0 && !outcomes.ContainsKey(i))
                tail.Erase(partitioning.Of(append.Entity), append.Entity, append.Erases);
        if (grown.Count > 0)
        {
            tail.MayHaveGrown(grown);
            committed(grown);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (outcomes.TryGetValue(i, out var other)) batch[i].Complete(other);
            else Succeed(batch[i]);
        }

        return [];
    }

    private static void Succeed(Pending<AppendRequest, AppendResult> pending) =>
        pending.Complete(new AppendResult.Committed(pending.Request.ExpectedVersion + pending.Request.Facts.Count));

    /// <summary>Executes one statement for the batch and completes the settled appends; returns the others.</summary>
    private delegate Task<IReadOnlyList<Pending<AppendRequest, AppendResult>>> ServeBatch(
        NpgsqlConnection connection, IReadOnlyList<Pending<AppendRequest, AppendResult>> batch);
}
