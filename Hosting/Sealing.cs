using Commerce.Journal;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Hosting;

/// <summary>
/// Seals the journals of the hosted capabilities every few seconds, beside all other work (decision 29). Of several processes that have
/// the key, one at a time does.
/// </summary>
public sealed class Sealing(
    PostgresAccounts accounts, string prefix, IReadOnlyList<Capability> hosted, SealKeys keys, TimeProvider clock, ILogger<Sealing> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sealers = hosted.ToDictionary(c => c.Name, c => Sealer.Of(accounts, prefix, c, keys, clock));
        var broken = new HashSet<string>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                foreach (var (capability, sealer) in sealers.Where(s => !broken.Contains(s.Key)))
                    if (!await Advance(capability, sealer, stoppingToken)) broken.Add(capability);
                await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            foreach (var sealer in sealers.Values) await sealer.DisposeAsync();
        }
    }

    // The marks in the log tell later whether seals that there were are still there.
    private async Task<bool> Advance(string capability, Sealer sealer, CancellationToken cancel)
    {
        try
        {
            if (await sealer.Advance(cancel) is { } mark)
                log.LogInformation("{Capability} is sealed up to seal {Number}, digest {Digest}", capability, mark.Number, mark.Digest);
        }
        catch (SealsChangedException changed)
        {
            log.LogCritical("{Problem}", changed.Message);
            return false;
        }
        catch (Exception problem) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(problem, "Sealing the facts of {Capability} will try again", capability);
        }

        return true;
    }
}

/// <summary>Registers <see cref="Sealing"/> where a process has the key.</summary>
public static class SealingServices
{
    /// <summary>Seals the capabilities from the start of the process; without a key, nothing.</summary>
    public static void AddSealing(
        this IServiceCollection services, PostgresAccounts accounts, string prefix, IReadOnlyList<Capability> hosted, SealKeys? keys)
    {
        if (keys is null) return;
        services.AddHostedService(sp => ActivatorUtilities.CreateInstance<Sealing>(sp, accounts, prefix, hosted, keys));
    }
}
