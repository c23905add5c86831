using System.Text.Json;

namespace Commerce.Client;

/// <summary>What a program gets access tokens for, by itself (OAuth 2.0, RFC 6749, section 4.4).</summary>
/// <param name="TokenUrl">The token endpoint of the authorization server.</param>
/// <param name="ClientId">The program's name there.</param>
/// <param name="ClientSecret">Its secret there.</param>
public sealed record ClientCredentials(Uri TokenUrl, string ClientId, string ClientSecret)
{
    /// <summary>Further parameters of the request for a token, such as <c>scope</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{ClientId} at {TokenUrl}";
}

/// <summary>Gets tokens, and keeps each until shortly before its end.</summary>
internal sealed class TokenSource(ClientCredentials credentials, HttpMessageInvoker http)
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1, 1);
    private string? _token;
    private DateTimeOffset _end;

    /// <summary>A token that is valid now.</summary>
    public async Task<string> Get(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_token is { } token && TimeProvider.System.GetUtcNow() < _end) return token;
            var asked = TimeProvider.System.GetUtcNow();
            var form = new Dictionary<string, string>(credentials.Parameters)
            {
                ["grant_type"] = "client_credentials", ["client_id"] = credentials.ClientId, ["client_secret"] = credentials.ClientSecret,
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, credentials.TokenUrl) { Content = new FormUrlEncodedContent(form) };
            using var answer = await http.SendAsync(request, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            if (!answer.IsSuccessStatusCode)
                throw new CommerceException(
                    $"{credentials.TokenUrl} gives no token: {text}", (int)answer.StatusCode, text,
                    answer.Headers.ToDictionary(h => h.Key, h => h.Value), null);
            var told = JsonSerializer.Deserialize<JsonElement>(text);
            _end = asked + TimeSpan.FromSeconds(told.GetProperty("expires_in").GetInt64()) - Early;
            return _token = told.GetProperty("access_token").GetString()!;
        }
        finally
        {
            _one.Release();
        }
    }
}
