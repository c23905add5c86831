using System.Text.Json;
using Commerce.Testing;

namespace Commerce.ApiGateway.Tests;

/// <summary>The gateway as a process of its own, on databases of its own.</summary>
internal static class GatewayProcess
{
    public static async Task<RunningProgram> Start(params (string Name, string Value)[] environment)
    {
        var all = new Dictionary<string, string>
        {
            ["Commerce__Postgres"] = await TestPostgres.ConnectionString(), ["Commerce__Prefix"] = TestPostgres.NewPrefix(),
            ["Commerce__Port"] = "0", ["Commerce__Engine"] = "single",
        };
        foreach (var (name, value) in TestCredentials.Variables) all[name] = value;
        foreach (var (name, value) in environment) all[name] = value;
        return RunningProgram.Start(typeof(GatewayHost).Assembly.Location, TestCredentials.InDevelopment(all));
    }

    /// <summary>Where it listens, as soon as it does.</summary>
    public static async Task<Uri> Listening(this RunningProgram gateway)
    {
        string? line = null;
        await RunningProgram.Eventually(() =>
        {
            line = gateway.StandardOutput.Split('\n').FirstOrDefault(l => l.Contains("Now listening on", StringComparison.Ordinal));
            return line is not null || gateway.HasExited;
        });
        if (line is null) throw new InvalidOperationException($"The gateway ended before it listened. It said:\n{gateway.Output}");
        return new Uri(JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("address").GetString()!);
    }
}
