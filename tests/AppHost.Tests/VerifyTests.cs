using System.Runtime.Versioning;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.AppHost.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class VerifyTests : IDisposable
{
    private readonly Checkout _checkout = new();

    private string Data => Path.Combine(_checkout.Temporary, "data");

    [Fact]
    public async Task A_fact_that_is_changed_behind_the_product_is_found_with_its_place()
    {
        await using var up = _checkout.Start("up", "--single", "--port", "0", "--data", Data);
        await up.Line("ready: ");
        await RunningProgram.Eventually(() => up.Output.Contains("curl ", StringComparison.Ordinal));
        var curl = up.Output.Split('\n').First(l => l.StartsWith("curl ", StringComparison.Ordinal));
        var (made, answer) = await RunningProgram.ToEnd("bash", ["-c", curl], _checkout.Temporary);
        Assert.True(made == 0, answer);
        Assert.Contains("\"onHand\":100", answer);

        await RunningProgram.Eventually(() => Run("select count(*) from journal.seals").Result is long and > 0);
        var (exit, output) = await _checkout.Run("verify", "--data", Data);
        Assert.True(exit == 0, output);
        Assert.Matches(@"Catalogue: [1-9]\d* facts, 0 of them after the last seals; the last seal is \d+, [0-9a-f]{64}", output);
        Assert.Contains("Every fact is as it was sealed.", output);

        await Run("update journal.appends set caller = 'another caller' where based_on = 0");
        (exit, output) = await _checkout.Run("verify", "--data", Data);
        Assert.Equal(1, exit);
        Assert.Contains("CHANGED partition ", output);
        Assert.Contains("product/TEA-CADDY, version 1", output);
        Assert.Contains("1 fault was found.", output);
        Assert.Equal(0, await up.Stop());
    }

    [Fact]
    public async Task Without_a_running_system_it_says_what_to_do()
    {
        var (exit, output) = await _checkout.Run("verify", "--data", Data);
        Assert.Equal(1, exit);
        Assert.Contains("No ./commerce up is running", output);
        Assert.Contains("--postgres CONNECTION", output);
        Directory.CreateDirectory(Data);
        (exit, output) = await _checkout.Run("verify", "--data", Data, "--postgres", "Host=127.0.0.1;Port=1;Username=u");
        Assert.Equal(4, exit);
        Assert.Contains($"the key of seals '{Path.Combine(Data, "seals.key")}' cannot be used", output);
    }

    public void Dispose() => _checkout.Dispose();

    private async Task<object?> Run(string sql)
    {
        var password = (await File.ReadAllTextAsync(Path.Combine(Data, "postgres", "password"))).Trim();
        var port = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postgres", "cluster", "postmaster.pid")))[3]);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = port, Username = "commerce", Password = password, Database = "commerce_catalogue", Pooling = false,
        });
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
