using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class ClientTests : IDisposable
{
    private const string Nobody = "http://127.0.0.1:1";

    private readonly Checkout _checkout = new();

    [Fact]
    [Trait("readme", "./commerce rebuild")]
    public async Task Read_models_are_rebuilt_by_the_running_gateway_and_an_unknown_one_is_said()
    {
        await using var up = _checkout.Start("up", "--single", "--port", "0", "--data", Path.Combine(_checkout.Temporary, "data"));
        var url = await up.Line("ready: ");
        var (all, output) = await _checkout.Run("rebuild", "--gateway", url);
        Assert.Equal(0, all);
        var models = output.Split('\n').Where(l => l.Contains("name ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(models);

        var one = models[0].Split("name ")[1].Split(' ')[0];
        var (exit, rebuilt) = await _checkout.Run("rebuild", one, "--gateway", url);
        Assert.Equal(0, exit);
        Assert.Single(rebuilt.Split('\n'), l => l.Contains("name ", StringComparison.Ordinal));

        var (unknown, problem) = await _checkout.Run("rebuild", "no_such_model", "--gateway", url);
        Assert.Equal(1, unknown);
        Assert.Contains("no_such_model", problem);
        up.Signal(Running.Sigterm);
        Assert.Equal(0, await up.Exit());
    }

    [Theory]
    [InlineData(Nobody, "No gateway answers at")]
    [InlineData("not a url", "is not the address of a gateway")]
    public async Task A_gateway_that_does_not_answer_is_said_with_what_to_do(string url, string said)
    {
        var (exit, output) = await _checkout.Run("rebuild", "--gateway", url);
        Assert.Equal(1, exit);
        Assert.Contains(said, output);
        Assert.Contains("--gateway", output);
    }

    [Fact]
    public async Task The_replay_gets_its_arguments_and_gives_its_exit_code()
    {
        var missing = Path.Combine(_checkout.Temporary, "missing.csv");
        var (exit, output) = await _checkout.Run("replay", missing, "--json", "--gateway", Nobody);
        Assert.Equal(2, exit);
        Assert.Contains(missing, output);
    }

    public void Dispose() => _checkout.Dispose();
}
