using Commerce.Simulation;
using Npgsql;
using Xunit;

namespace Commerce.ReadModels.Tests;

/// <summary>The real read models follow what simulated businesses have left in their journals while everything went wrong.</summary>
public sealed class SimulatedRunTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)] // this one and the next end a month later, with everything lapsed
    [InlineData(5)]
    public async Task However_followed_the_read_models_equal_a_rebuild_and_agree_with_the_books(int seed)
    {
        var outcome = Run.Of(new RunPlan((ulong)seed), keepTrace: false, out var world);
        Assert.Null(outcome.Violation);
        await Follow(world, seed);
        var followed = await Dumps();

        await using var rebuilding = new ReadModelService(
            ReadModelService.All, c => (Log(world, c, 0).GrowToEnd(), _shop.Database(c), world.PersonalOf(c)), Fails);
        await rebuilding.Rebuild();
        foreach (var (model, rebuilt) in await Dumps()) Assert.Equal((model, rebuilt), (model, followed[model]));
        await new SimulatedBooks(world, _shop).AssertAgree();
    }

    private async Task Follow(SimulationContext world, int seed)
    {
        foreach (var model in ReadModelService.All)
        {
            var capability = model.Capability.Name;
            await new Processes(
                model, Log(world, capability, seed), _shop.Database(capability), world.PersonalOf(capability), seed).Follow();
        }
    }

    private async Task<Dictionary<string, string>> Dumps()
    {
        var dumps = new Dictionary<string, string>();
        foreach (var model in ReadModelService.All) dumps[model.Name] = await _shop.Dump(model);
        return dumps;
    }

    private static GrowingLog Log(SimulationContext world, string capability, int seed) =>
        new(world.Databases.Single(d => d.Capability.Name == capability).Journal, new Random(seed));

    private static void Fails(ReadModel model, Exception problem) => Assert.Fail($"{model.Name}: {problem}");
}
