using Commerce.Grains;
using Commerce.ReadModels;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Commerce.Silo;

/// <summary>Makes this silo's read models again, when this is the silo that was meant.</summary>
[GrainType("read-models"), PreferLocalPlacement, Reentrant]
internal sealed class ReadModelsGrain(ILocalSiloDetails silo, SiloSettings settings, ReadModelService models)
    : SiloGrain(silo), IReadModelsGrain
{
    public async Task<RebuiltModel?> Rebuild(string capability, string model, CancellationToken cancel)
    {
        if (!IsMeant() || settings.Hosted.All(c => c.Name != capability)) return null;
        var rebuilt = (await models.Rebuild($"{capability}/{model}", null, cancel))[0];
        return new RebuiltModel(rebuilt.Name, rebuilt.Version, rebuilt.Facts);
    }
}
