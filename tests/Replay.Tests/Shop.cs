using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.ApiGateway;
using Commerce.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Commerce.Replay.Tests;

/// <summary>A real gateway over a real PostgreSQL, in databases of its own.</summary>
internal sealed class Shop(string prefix, WebApplication gateway) : IAsyncDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(gateway.Urls.Single()),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestCredentials.Secret) },
    };
    private bool _closed;

    public string Url { get; } = gateway.Urls.Single();

    public static Task<Shop> Open() => Open(TestPostgres.NewPrefix(), "http://127.0.0.1:0");

    /// <summary>The same shop again, at the same address, after it was closed.</summary>
    public Task<Shop> Reopen() => Open(prefix, Url);

    /// <summary>Runs the command against it.</summary>
    public Task<Replayed> Replay(string file, CancellationToken cancel = default, int concurrency = 16) =>
        Replayed.Run([file, "--gateway", Url, "--api-key", TestCredentials.Secret, "--json", "--concurrency", $"{concurrency}"], cancel);

    public async Task<JsonElement> Get(string path)
    {
        using var response = await _http.GetAsync(path);
        return await Body(path, response);
    }

    public async Task Post(string path, object body)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        message.Headers.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        message.Headers.Add("Prefer", "wait=30");
        using var response = await _http.SendAsync(message);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until something is so of what the gateway answers at a path.</summary>
    public async Task Until(string path, Func<JsonElement, bool> so)
    {
        while (true)
        {
            using var response = await _http.GetAsync(path);
            var building = response.StatusCode == HttpStatusCode.ServiceUnavailable; // a new shop's lists are, for a moment
            if (!building && so(await Body(path, response))) return;
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed) return;
        _closed = true;
        _http.Dispose();
        await gateway.StopAsync();
        await gateway.DisposeAsync();
    }

    private static async Task<JsonElement> Body(string path, HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<Shop> Open(string prefix, string url)
    {
        var gateway = await GatewayHost.Build(
        [
            $"--Commerce:Postgres={await TestPostgres.ConnectionString()}", $"--Commerce:Prefix={prefix}", $"--urls={url}",
            "--Commerce:Engine=single", "--Logging:LogLevel:Default=Error", .. TestCredentials.Options,
        ]);
        await gateway.StartAsync();
        return new(prefix, gateway);
    }
}

/// <summary>What the command left behind.</summary>
internal sealed record Replayed(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    public IReadOnlyList<string> Differences => [.. Json.GetProperty("differences").EnumerateArray().Select(d => d.GetString()!)];

    public static async Task<Replayed> Run(string[] args, CancellationToken cancel = default)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await Program.Invoke(args, output, errors, cancel);
        return new(code, output.ToString(), errors.ToString());
    }

    public Totals Figures(string kind)
    {
        var figures = Json.GetProperty(kind);
        return new(
            figures.GetProperty("lines").GetInt64(), figures.GetProperty("invoices").GetInt64(), figures.GetProperty("units").GetInt64(),
            figures.GetProperty("pence").GetInt64());
    }
}
