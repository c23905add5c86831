using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class WordsTests : IDisposable
{
    private readonly Checkout _checkout = new();

    [Fact]
    [Trait("readme", "./commerce help")]
    public async Task Help_explains_every_command_with_its_options_and_examples()
    {
        var (exit, all) = await _checkout.Run("help");
        Assert.Equal(0, exit);
        Assert.Equal((0, all), await _checkout.Run());
        var options = "";
        string[] commands =
            ["up", "status", "token", "migrate", "verify", "roll", "test", "replay", "rebuild", "simulate", "mutants", "bench", "help"];
        foreach (var command in commands)
        {
            Assert.Contains($"\n  {command}", all);
            var (_, one) = await _checkout.Run("help", command);
            Assert.Contains("Examples:", one);
            Assert.Equal((0, one), await _checkout.Run(command, "--help"));
            options += one;
        }

        string[] known =
        [
            "--silos", "--single", "--postgres", "--port", "--data", "--gateway", "--json", "--minutes", "--seed", "--without", "--compare",
        ];
        Assert.All(known, option => Assert.Contains(option, options));
    }

    [Theory]
    [InlineData("pu", "up")]
    [InlineData("tset", "test")]
    [InlineData("replya", "replay")]
    [InlineData("rebiuld", "rebuild")]
    [InlineData("tokne", "token")]
    [InlineData("hepl", "help")]
    [InlineData("simluate", "simulate")]
    [InlineData("stauts", "status")]
    [InlineData("rol", "roll")]
    [InlineData("bnech", "bench")]
    public async Task An_unknown_command_is_answered_with_the_nearest_known_one(string typed, string meant)
    {
        var (exit, output) = await _checkout.Run(typed);
        Assert.Equal(2, exit);
        Assert.Contains($"'{typed}' was not matched. Did you mean one of the following?\n{meant}\n", output);
        Assert.Equal(2, (await _checkout.Run("help", typed)).Exit);
    }

    [Theory]
    [InlineData("up --prot 9000", "--prot", "--port")]
    [InlineData("up --signle", "--signle", "--single")]
    [InlineData("up --date /tmp/x", "--date", "--data")]
    [InlineData("replay file --jsno", "--jsno", "--json")]
    [InlineData("simulate --sed 3", "--sed", "--seed")]
    [InlineData("up --prot 1", "--prot", "--port")]
    [InlineData("simulate --minuts 3", "--minuts", "--minutes")]
    public async Task An_unknown_option_is_answered_with_the_nearest_known_one(string typed, string word, string meant)
    {
        var (exit, output) = await _checkout.Run(typed.Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains($"'{word}' was not matched. Did you mean one of the following?\n{meant}\n", output);
        Assert.Single(output.Split('\n'), l => l.Contains("Did you mean", StringComparison.Ordinal)); // -h for '1' is no help
    }

    [Theory]
    [InlineData("up --port eighty", "'eighty' is not a port")]
    [InlineData("up --port 65536", "'65536' is not a port")]
    [InlineData("up --silos 0", "'0' silos cannot be started. Give a number from 1 to 16")]
    [InlineData("up --silos 17", "'17' silos cannot be started")]
    [InlineData("up --silos many", "'many' silos cannot be started")]
    [InlineData("up --single --silos 2", "--single and --silos exclude each other")]
    [InlineData("up now", "argument 'now'")]
    [InlineData("replay one two", "argument 'two'")]
    [InlineData("replay --concurrency 257", "--concurrency is not '257'. Give a number from 1 to 256.")]
    [InlineData("mutants --seeds many", "--seeds is not 'many'")]
    [InlineData("bench --quikc", "'--quikc' is not an option of bench")]
    [InlineData("rebuild --getaway http://x", "'--getaway' is not an option of rebuild")]
    [InlineData("test --halp", "'--halp' is not an option of test")]
    [InlineData("simulate 17", "argument '17'")]
    [InlineData("simulate --seed 1 --without crsh", "'crsh' is no kind of fault. There are: crash, ")]
    [InlineData("simulate --seeds 9-3", "not '9-3'")]
    public async Task What_cannot_be_meant_is_said_and_nothing_is_started(string typed, string said)
    {
        var (exit, output) = await _checkout.Run(typed.Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains(said, output);
        Assert.Contains("--help", output);
    }

    public void Dispose() => _checkout.Dispose();
}
