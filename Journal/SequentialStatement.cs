using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>One call of <c>journal.append_in_turn</c>: each append is checked and recorded before the next one is checked.</summary>
internal static class SequentialStatement
{
    private static readonly string Sql =
        $"select * from journal.append_in_turn({string.Join(", ", Enumerable.Range(1, 30).Select(n => $"${n}"))})";

    /// <summary>Commits; returns what became of those (by index) that were not committed.</summary>
    public static async Task<Dictionary<int, AppendResult>> Execute(
        NpgsqlConnection connection, IReadOnlyList<Pending<AppendRequest, AppendResult>> batch, Partitioning partitioning)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        AddTo(command.Parameters, [.. batch.Select(p => p.Request)], partitioning);
        var outcomes = new Dictionary<int, AppendResult>();
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) outcomes.Add(reader.GetInt32(0) - 1, Outcome(reader));
        return outcomes;
    }

    private static AppendResult Outcome(NpgsqlDataReader row) =>
        !row.IsDBNull(1) ? new AppendResult.Conflict(row.GetInt64(1))
        : row.Text(6) is { } owner ? new AppendResult.Taken(new UniqueValue(row.GetString(4), row.GetString(5)), EntityId.Parse(owner))
        : new AppendResult.Duplicate(row.Text(2), row.Text(3), row.Text(7));

    private static void AddTo(NpgsqlParameterCollection parameters, List<AppendRequest> appends, Partitioning partitioning)
    {
        var claims = appends.Select(a => (List<(bool Take, UniqueValue Claim)>)
            [.. (a.Release ?? []).Select(c => (false, c)), .. (a.Take ?? []).Select(c => (true, c))]).ToList();
        var homes = appends.Select(a => (short)partitioning.Of(a.Entity)).ToList();
        var facts = appends.Select(a => FactColumns.Of(a.Facts)).ToList();
        parameters.AddSmalls(homes.Distinct().Order())
            .AddSmalls(homes)
            .AddTexts(appends.Select(a => a.Entity.ToString()))
            .AddLongs(appends.Select(a => a.ExpectedVersion))
            .AddTexts(appends.Select(a => a.After?.OperationId))
            .AddTimes(appends.Select(a => a.After?.At.UtcDateTime))
            .AddInts(appends.Select(a => a.Facts.Count))
            .AddTexts(facts.Select(f => f.Types))
            .AddTexts(facts.Select(f => f.Data))
            .AddTimes(appends.Select(a => a.At.UtcDateTime))
            .AddTexts(appends.Select(a => a.OperationId))
            .AddBooleans(appends.Select(a => a.Own))
            .AddBooleans(appends.Select(a => a.Unfinished))
            .AddTexts(appends.Select(a => a.Caller))
            .AddTexts(appends.Select(a => a.Cause))
            .AddTexts(appends.Select(a => a.TraceParent))
            .AddTexts(appends.Select(a => a.Fingerprint))
            .AddTexts(appends.Select(a => a.Answer))
            .AddTexts(appends.Select(a => a.Keys))
            .AddTexts(appends.Select(a => a.Erases.Count == 0 ? null : string.Join(' ', a.Erases.Select(EnumWords.Of))))
            .AddTexts(appends.Select(a => a.Snapshot?.Shape))
            .AddLongs(appends.Select(a => a.Snapshot?.Version))
            .AddTexts(appends.Select(a => a.Snapshot?.Json))
            .AddTexts(appends.Select(a => a.Snapshot?.Keys))
            .AddTimes(appends.Select(a => ArrayParameters.WakeTime(a.WakeAt)))
            .AddBooleans(appends.Select(a => a.AlarmOver))
            .AddInts(claims.Select(c => c.Count))
            .AddBooleans(claims.SelectMany(c => c).Select(c => c.Take))
            .AddTexts(claims.SelectMany(c => c).Select(c => c.Claim.Scope))
            .AddTexts(claims.SelectMany(c => c).Select(c => c.Claim.Value));
    }
}
