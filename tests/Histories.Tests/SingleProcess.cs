using Commerce.ApiGateway;
using Commerce.Testing;

namespace Commerce.Histories.Tests;

/// <summary>The gateway with the single process in it, as a process of its own on databases of its own.</summary>
internal sealed class SingleProcess : IAsyncDisposable
{
    private readonly ServingProgram _program;

    private SingleProcess(ServingProgram program, Uri address) => (_program, Address) = (program, address);

    /// <summary>Where it serves, also after it was killed.</summary>
    public Uri Address { get; }

    /// <summary>Starts it; ready when this completes.</summary>
    public static async Task<SingleProcess> Start()
    {
        var port = ServingProgram.FreePorts(1)[0];
        var address = new Uri($"http://127.0.0.1:{port}");
        var settings = TestCredentials.Variables.ToDictionary(v => v.Name, v => v.Value);
        settings["Commerce__Postgres"] = await TestPostgres.ConnectionString();
        settings["Commerce__Prefix"] = TestPostgres.NewPrefix();
        (settings["Commerce__Engine"], settings["Commerce__Port"]) = ("single", $"{port}");
        var program = new ServingProgram("gateway", typeof(GatewayHost).Assembly.Location, address, settings);
        var process = new SingleProcess(program, address);
        program.Launch();
        await program.Ready();
        return process;
    }

    /// <summary>Ends it with <c>kill -9</c> and starts it again on the same databases.</summary>
    public async Task KillAndStartAgain()
    {
        await _program.Kill();
        _program.Launch();
        await _program.Ready();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
