using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>Waits between attempts: a second at first, twice as long each time, half a minute at most.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = TimeSpan.FromSeconds(1);

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait * 2 > Longest ? Longest : wait * 2;
        return wait;
    }

    /// <summary>All went well for a while: the next wait is short again.</summary>
    public void Reset() => _next = TimeSpan.FromSeconds(1);

    /// <summary>Tries until PostgreSQL starts, telling each time why it did not.</summary>
    public static async Task<PostgresServer> Until(Func<Task<PostgresServer>> start, Screen screen, CancellationToken cancel)
    {
        var backoff = new Backoff();
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
