using System.Diagnostics;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>
/// Which of several processes follows a read model: the one that holds its advisory lock, on a connection that is kept for that. The lock
/// goes with the connection, however its process ended, and another process takes it at its next look.
/// </summary>
/// <remarks>
/// Nothing depends on it but the work: a process that has lost its lock and does not know it yet finds, with its next batch, that the
/// tables have moved on. Each version of a read model has a lock of its own, so that a new one is built while an old one is followed.
/// </remarks>
internal sealed class AdvisoryLockLeader(NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>How often those that wait look again, and the one that leads makes sure of its connection.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly HashSet<string> _held = [];
    private long _seen; // when the connection, and with it every lock, was there last
    private NpgsqlConnection? _connection;

    /// <summary>True when this process holds the lock of that name, or has just got it.</summary>
    public async Task<bool> Holds(string name, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            var held = _held.Contains(name);
            if (held && Stopwatch.GetElapsedTime(_seen) < LookEvery) return true;
            var question = held ? "select $1 is not null" : "select pg_try_advisory_lock(hashtextextended($1, 0))";
            var yes = await Ask(question, name, cancel);
            _seen = Stopwatch.GetTimestamp();
            if (yes) _held.Add(name);
            return yes;
        }
        catch
        {
            await Forget();
            throw;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Lets go of everything.</summary>
    public async ValueTask DisposeAsync() => await Forget();

    private async Task<bool> Ask(string sql, string name, CancellationToken cancel)
    {
        _connection ??= await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.AddRange([name]);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task Forget()
    {
        _held.Clear();
        if (_connection is null) return;
        // The pool would keep the connection, and the connection its locks: so its session ends, and those that are idle beside it.
        database.Clear();
        await _connection.DisposeAsync();
        _connection = null;
    }
}
