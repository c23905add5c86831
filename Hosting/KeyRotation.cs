using Commerce.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Hosting;

/// <summary>Wraps anew, by the newest key, what older keys wrap: while everything runs, and soon after a key was added.</summary>
public sealed class KeyRotation(CommerceDatabases databases, ILogger<KeyRotation> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var done = new Dictionary<string, int>(); // up to which version
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var capability in databases.Stores.Select(s => s.Capability.Name))
                if (databases.Personal(capability).Keys is { Newest: > 1 } keys && done.GetValueOrDefault(capability) < keys.Newest)
                    await Rewrap(capability, keys.Newest, done, stoppingToken);
            await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Rewrap(string capability, int version, Dictionary<string, int> done, CancellationToken cancel)
    {
        try
        {
            var rows = 0L; // those that an erasure has at that moment are left out, and come with the next round
            for (long round; (round = await databases.Rewrap(capability, cancel)) > 0;) rows += round;
            done[capability] = version;
            log.LogInformation(
                "All keys in the database of {Capability} are wrapped by version {Version} now; {Rows} rows were not",
                capability, version, rows);
        }
        catch (Exception problem) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(problem, "Wrapping the keys of {Capability} anew will try again", capability);
        }
    }
}
