using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>Backoff between attempts: a second at first, doubled each time, half a minute at most.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = TimeSpan.FromSeconds(1);

    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait * 2 > Longest ? Longest : wait * 2;
        return wait;
    }

    /// <summary>After a success that lasted: the next pause is short again.</summary>
    public void Reset() => _next = TimeSpan.FromSeconds(1);

    /// <summary>Tries until PostgreSQL starts, and reports each time why it did not.</summary>
    public static async Task<PostgresServer> Until(Func<Task<PostgresServer>> start, Terminal screen, CancellationToken cancel)
    {
        var backoff = new RestartBackoff();
        while (true)
        {
            try
            {
                return await start();
            }
            catch (LocalPostgresException problem)
            {
                var wait = backoff.Next();
                screen.Problem($"{problem.Message}\nTrying again in {wait.TotalSeconds:0} s.");
                await Task.Delay(wait, cancel);
            }
        }
    }
}
