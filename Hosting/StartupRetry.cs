using System.Net.Sockets;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>Opens databases on a server that may still be starting.</summary>
public static class StartupRetry
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Tries until it works or the time is over.</summary>
    /// <exception cref="NoDatabaseException">It did not work; the message says why and what to do.</exception>
    /// <exception cref="InvalidConfigurationException">What was given is no connection string.</exception>
    public static async Task<T> Open<T>(PostgresAccounts postgres, TimeSpan timeout, Func<Task<T>> open)
    {
        using var patience = new CancellationTokenSource(timeout);
        while (true)
        {
            try
            {
                return await open();
            }
            catch (Exception away) when (IsAway(away) && !patience.IsCancellationRequested)
            {
                await Task.Delay(BetweenTries);
            }
            catch (ArgumentException unreadable)
            {
                throw new InvalidConfigurationException(
                    CommonSettings.Postgres.Key, $"this is not a connection string: {unreadable.Message}");
            }
            catch (Exception failed) when (IsAway(failed) || failed is NpgsqlException or JournalSchemaException)
            {
                throw new NoDatabaseException(
                    $"PostgreSQL cannot be used ({postgres}): {PostgresFailures.Cause(failed)}. "
                    + "Start it, or correct Commerce:Postgres (environment variable Commerce__Postgres).", failed);
            }
        }
    }

    private static bool IsAway(Exception problem) =>
        problem is UnavailableException or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: SocketException };
}
