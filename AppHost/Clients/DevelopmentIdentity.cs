using System.Text.Json;

namespace Commerce.AppHost;

/// <summary>The authorization server of a running <c>up</c>, and what it gives tokens for.</summary>
internal sealed record DevelopmentIdentity(string TokenUrl, string Secret)
{
    private const string Developer = "developer";

    /// <summary>Without the secret.</summary>
    public override string ToString() => TokenUrl;

    /// <summary>What a program needs to get tokens of a role by itself, again and again (RFC 6749, section 4.4).</summary>
    public IReadOnlyDictionary<string, string?> VariablesFor(string role) => new Dictionary<string, string?>
    {
        ["COMMERCE_TOKEN_URL"] = TokenUrl, ["COMMERCE_CLIENT_ID"] = Developer, ["COMMERCE_CLIENT_SECRET"] = Secret,
        ["COMMERCE_TOKEN_ROLE"] = role,
    };

    /// <summary>A token.</summary>
    /// <exception cref="CommandFailedException">It is not given; the message says why.</exception>
    public async Task<string> Token(string roles, string? customer, string? subject, string? client, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = client ?? Developer, ["client_secret"] = Secret, ["role"] = roles,
            ["subject"] = subject ?? Developer,
        };
        if (customer is not null) form["customer"] = customer;
        try
        {
            using var answer = await http.PostAsync(TokenUrl, new FormUrlEncodedContent(form), cancel);
            var told = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(cancel));
            return answer.IsSuccessStatusCode
                ? told.GetProperty("access_token").GetString()!
                : throw new CommandFailedException(told.GetProperty("error_description").GetString()!);
        }
        catch (Exception away) when (away is HttpRequestException or JsonException or KeyNotFoundException)
        {
            throw new CommandFailedException($"The authorization server at {TokenUrl} gives no token: {away.Message}");
        }
    }
}
