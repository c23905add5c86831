using Commerce.Journal;
using Commerce.ReadModels;

namespace Commerce.Silo;

/// <summary>Keeps the read models of the hosted capabilities up; of several silos one works on each, and another takes over.</summary>
internal sealed class ReadModelsAtWork(ReadModelService models) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancel)
    {
        models.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancel) => await models.DisposeAsync();
}
