using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Commerce.Identity.Tests;

/// <summary>What the server answered.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Json)
{
    public string? this[string member] => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    /// <summary>The claims of its access token.</summary>
    public JsonElement Claims => Part(1);

    public JsonElement Header => Part(0);

    private JsonElement Part(int n) => JsonSerializer.Deserialize<JsonElement>(
        System.Buffers.Text.Base64Url.DecodeFromChars(this["access_token"]!.Split('.')[n]));
}

/// <summary>The authorization server, listening on a free port of 127.0.0.1.</summary>
public sealed class Server : IAsyncLifetime
{
    public const string Secret = "a-secret-of-these-tests-that-is-long-enough";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private WebApplication _app = null!;

    public string Url { get; } = $"http://127.0.0.1:{ServingProgram.FreePorts(1)[0]}";

    public async ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _app = IdentityHost.Build([
            $"--Commerce:Identity:Url={Url}", $"--Commerce:Identity:Secret={Secret}",
            $"--Commerce:Identity:SigningKey={key.ExportPkcs8PrivateKeyPem()}", "--Logging:LogLevel:Default=Error"]);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal async Task<Answer> Get(string path) => await Read(await _http.GetAsync(Url + path));

    internal async Task<Answer> Post(string path, params (string Name, string Value)[] form) => await Read(await Send(path, form));

    internal Task<HttpResponseMessage> Send(string path, params (string Name, string Value)[] form) => _http.PostAsync(
        Url + path, new FormUrlEncodedContent(form.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))));

    internal Task<HttpResponseMessage> Open(string path) => _http.GetAsync(Url + path);

    /// <summary>A token for a program.</summary>
    internal Task<Answer> Token(string role, params (string Name, string Value)[] more) => Post("/token",
    [
        ("grant_type", "client_credentials"), ("client_id", "tests"), ("client_secret", Secret), ("role", role), .. more,
    ]);

    private static async Task<Answer> Read(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode == HttpStatusCode.InternalServerError) throw new InvalidOperationException(text);
            return new Answer(response.StatusCode, text.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(text) : default);
        }
    }
}
