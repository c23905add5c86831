using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Commerce.ApiGateway;

/// <summary>
/// Keeps one idempotency key to one intent. The entities do the lasting part: each keeps every operation's fingerprint and answer in the
/// journal, so that the same key to the same entity is compared, also after a restart, for the 30 days that answers are kept
/// (<c>JournalOptions.KeepOperations</c>). Two things an entity cannot see are kept here, in memory: that the first request of a key still
/// runs, and that a key succeeded lately on another entity. The latter is forgotten with the process, or after <see cref="Remembered"/>
/// further keys.
/// </summary>
internal sealed class IdempotencyGuard
{
    /// <summary>How many keys are remembered.</summary>
    public const int Remembered = 100_000;

    private readonly ConcurrentDictionary<string, byte> _running = [];
    private readonly ConcurrentDictionary<string, string> _done = [];
    private readonly ConcurrentQueue<string> _order = [];

    /// <summary>The digest of the request: method, path and the command as this program serializes it.</summary>
    public static string Fingerprint(HttpRequest request, object command)
    {
        var text = $"{request.Method}\n{request.Path}\n{JsonSerializer.Serialize(command, command.GetType(), RequestBody.Json)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Runs an intent, unless it runs already or its key has been used for another.</summary>
    public async Task<T> Run<T>(string operation, string fingerprint, Func<Task<T>> run)
    {
        if (!_running.TryAdd(operation, 0)) throw new ProblemException(InProgress);
        try
        {
            if (_done.TryGetValue(operation, out var before) && before != fingerprint) throw new ProblemException(Reused(operation));
            var result = await run();
            Remember(operation, fingerprint);
            return result;
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

    private static Problem InProgress => new(
        StatusCodes.Status409Conflict, "request_in_progress", "The first request with this Idempotency-Key is still being worked on.",
        "Wait, then repeat it with the same key to get its answer.", "Idempotency-Key", RetryAfter: TimeSpan.FromSeconds(1));

    private static Problem Reused(string operation) => new(
        StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
        $"The operation '{Text.Shorten(operation)}' was asked for before, with other content.",
        "Send a new idempotency key for a new request; repeat a request with the body it first had.", "Idempotency-Key");
}
