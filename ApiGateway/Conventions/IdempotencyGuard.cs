using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Keeps one idempotency key to one intent. The entities do the lasting part: each keeps every operation's fingerprint and answer in the
/// journal, so that the same key to the same entity is compared, also after a restart, for the 30 days that answers are kept
/// (<c>JournalOptions.KeepAnswers</c>). Two things an entity cannot see are kept here, in memory: that the first request of a key still
/// runs, and that a key succeeded lately on another entity. The latter is forgotten with the process, or after <see cref="Remembered"/>
/// further keys.
/// </summary>
internal sealed class IdempotencyGuard
{
    /// <summary>How many keys are remembered.</summary>
    public const int Remembered = 100_000;

    private readonly ConcurrentDictionary<string, Running> _running = [];
    private readonly ConcurrentDictionary<string, string> _done = [];
    private readonly ConcurrentQueue<string> _order = [];

    /// <summary>The digest of the request: method, path and the command as this program serializes it.</summary>
    public static string Fingerprint(HttpRequest request, object command)
    {
        var text = $"{request.Method}\n{request.Path}\n{JsonSerializer.Serialize(command, command.GetType(), RequestBody.Json)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>
    /// Runs an intent, unless its key has been used for another. While the first request of a key still runs, the next ones wait for its
    /// answer, which is a replay for them.
    /// </summary>
    public async Task<Result<T>> Run<T>(string operation, string fingerprint, Func<Task<Result<T>>> run) where T : class
    {
        var mine = new Running(fingerprint);
        var first = _running.GetOrAdd(operation, mine);
        if (first.Fingerprint != fingerprint) throw new ProblemException(Reused(operation));
        if (first != mine) return (Result<T>)await first.Answer.Task with { Replayed = true };
        try
        {
            if (_done.TryGetValue(operation, out var before) && before != fingerprint) throw new ProblemException(Reused(operation));
            var result = await run();
            if (result.Accepted) Remember(operation, fingerprint);
            mine.Answer.SetResult(result);
            return result;
        }
        catch (Exception problem)
        {
            mine.Answer.SetException(problem);
            _ = mine.Answer.Task.Exception; // seen: often there is only one request
            throw;
        }
        finally
        {
            _running.TryRemove(operation, out _);
        }
    }

    private void Remember(string operation, string fingerprint)
    {
        if (!_done.TryAdd(operation, fingerprint)) return;
        _order.Enqueue(operation);
        if (_order.Count > Remembered && _order.TryDequeue(out var oldest)) _done.TryRemove(oldest, out _);
    }

    private static Problem Reused(string operation) =>
        Problems.Of(Refusals.Reused(operation)) with { Field = "Idempotency-Key" };

    private sealed class Running(string fingerprint)
    {
        public string Fingerprint => fingerprint;

        public TaskCompletionSource<object> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
