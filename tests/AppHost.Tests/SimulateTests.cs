using System.Text.Json;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class SimulateTests : IDisposable
{
    private readonly Checkout _checkout = new();

    [Fact]
    [Trait("readme", "./commerce simulate --seeds 1-20")]
    public async Task A_simulation_runs_from_anywhere_and_tells_what_it_did()
    {
        var (exit, output) = await _checkout.Run("simulate", "--seeds", "1-20", "--json");
        Assert.True(exit == 0, output);
        Assert.Contains("No promise was broken.", output);
        var result = JsonSerializer.Deserialize<JsonElement>(output.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(20, result.GetProperty("runs").GetInt32());
        Assert.True(result.GetProperty("faults").GetInt64() > 0, output);
    }

    [Fact]
    public async Task The_simulation_gets_its_arguments_and_gives_its_exit_code()
    {
        var (exit, output) = await _checkout.Run("simulate", "--seed", "1", "--only", "300");
        Assert.Equal(2, exit);
        Assert.Contains("--only 300: the shoppers are 1 to 200; for more, give --shoppers.", output);
    }

    public void Dispose() => _checkout.Dispose();
}
