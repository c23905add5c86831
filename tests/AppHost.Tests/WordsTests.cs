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
        foreach (var command in new[] { "up", "status", "roll", "test", "replay", "rebuild", "simulate", "bench", "help" })
        {
            var (_, one) = await _checkout.Run("help", command);
            Assert.Contains(one, all);
            Assert.Contains("examples:", one);
            Assert.Equal((0, one), await _checkout.Run(command, "--help"));
        }

        string[] options =
        [
            "--silos", "--single", "--postgres", "--port", "--data", "--gateway", "--json", "--minutes", "--seed", "--without", "--compare",
        ];
        Assert.All(options, option => Assert.Contains(option, all));
        Assert.Equal((0, all), await _checkout.Run());
    }

    [Theory]
    [InlineData("pu", "up")]
    [InlineData("tset", "test")]
    [InlineData("replya", "replay")]
    [InlineData("rebiuld", "rebuild")]
    [InlineData("hepl", "help")]
    [InlineData("simluate", "simulate")]
    [InlineData("stauts", "status")]
    [InlineData("rol", "roll")]
    [InlineData("reb", "rebuild")]
    [InlineData("bnech", "bench")]
    public async Task An_unknown_command_is_answered_with_the_nearest_known_one(string typed, string meant)
    {
        var (exit, output) = await _checkout.Run(typed);
        Assert.Equal(2, exit);
        Assert.Contains($"'{typed}' is not a command. Did you mean './commerce {meant}'?", output);
        Assert.Equal(2, (await _checkout.Run("help", typed)).Exit);
    }

    [Theory]
    [InlineData("up --prot 9000", "--prot", "--port")]
    [InlineData("up --signle", "--signle", "--single")]
    [InlineData("up --date=/tmp/x", "--date", "--data")]
    [InlineData("replay file --jsno", "--jsno", "--json")]
    [InlineData("rebuild --getaway http://x", "--getaway", "--gateway")]
    [InlineData("simulate --sed 3", "--sed", "--seed")]
    [InlineData("simulate --minuts 3", "--minuts", "--minutes")]
    [InlineData("bench --quikc", "--quikc", "--quick")]
    [InlineData("test --halp", "--halp", "--help")]
    public async Task An_unknown_option_is_answered_with_the_nearest_known_one(string typed, string word, string meant)
    {
        var (exit, output) = await _checkout.Run(typed.Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains($"'{word}' is not an option of {typed.Split(' ')[0]}. Did you mean '{meant}'?", output);
    }

    [Theory]
    [InlineData("up --port eighty", "'eighty' is not a port")]
    [InlineData("up --port 65536", "'65536' is not a port")]
    [InlineData("up --silos 0", "'0' silos cannot be started. Give a number from 1 to 16")]
    [InlineData("up --silos 17", "'17' silos cannot be started")]
    [InlineData("up --silos many", "'many' silos cannot be started")]
    [InlineData("up --single --silos 2", "--single and --silos exclude each other")]
    [InlineData("up now", "'now' is one word too many")]
    [InlineData("replay", "replay")]
    [InlineData("simulate 17", "'17' is one word too many")]
    [InlineData("simulate --seed 1 --without crsh", "'crsh' is no kind of fault. There are: crash, ")]
    [InlineData("simulate --seeds 9-3", "not '9-3'")]
    public async Task What_cannot_be_meant_is_said_and_nothing_is_started(string typed, string said)
    {
        var (exit, output) = await _checkout.Run(typed.Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains(said, output);
        Assert.Contains("--help", output);
    }

    [Theory]
    [InlineData("up", "up", 0)]
    [InlineData("pu", "up", 1)]
    [InlineData("tst", "test", 1)]
    [InlineData("replay", "rebuild", 5)]
    [InlineData("", "up", 2)]
    public void The_distance_of_words_is_the_number_of_typing_errors(string a, string b, int distance)
    {
        Assert.Equal(distance, Nearest.Distance(a, b));
        Assert.Equal(distance, Nearest.Distance(b, a));
    }

    public void Dispose() => _checkout.Dispose();
}
