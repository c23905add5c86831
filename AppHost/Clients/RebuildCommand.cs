using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Commerce.AppHost;

/// <summary><c>./commerce rebuild</c>: has the running gateway drop read models and make them again from the journal.</summary>
internal sealed class RebuildCommand(HttpClient http, string url, Terminal screen)
{
    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "the read model; all of them when left out", Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new CliCommand(
            "rebuild", "Drops read models and makes them again from the journal. What the API decides on is not touched.")
        {
            Remarks = ["Lists and reports go on being served meanwhile: the new tables take the place of the old when they are complete."],
            Examples =
            [
                ("./commerce rebuild", "all read models of the running ./commerce up"), ("./commerce rebuild orders", "one of them"),
                ("./commerce rebuild --gateway http://127.0.0.1:9000", "those of another gateway"),
            ],
        };
        verb.Add(name);
        var gateway = GatewayOptions.AddTo(verb, workspace);
        verb.SetAction(async (parsed, cancel) =>
        {
            var url = await gateway.Url(parsed, cancel);
            using var http = Client(await gateway.Bearer(parsed, "operator", cancel));
            await new RebuildCommand(http, url, screen).Run(parsed.GetValue(name), cancel);
            return 0;
        });
        return verb;
    }

    /// <summary>Without a timeout: an answer comes when the whole journal was read.</summary>
    private static HttpClient Client(string? key)
    {
        var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// <summary>One after the other, so that what is done is seen while the rest goes on.</summary>
    private async Task Run(string? name, CancellationToken cancel)
    {
        var names = name is null
            ? (await Ask(HttpMethod.Get, "", cancel)).EnumerateArray().Select(m => m.GetProperty("name").GetString()!).ToList()
            : [name];
        var (all, facts) = (Stopwatch.StartNew(), 0L);
        foreach (var one in names)
        {
            var clock = Stopwatch.StartNew();
            var path = $"/{Uri.EscapeDataString(one)}/rebuild";
            var answer = await screen.During($"rebuilding {one}", _ => Ask(HttpMethod.Post, path, cancel));
            foreach (var model in answer.EnumerateArray())
            {
                var looked = model.GetProperty("facts").GetInt64();
                facts += looked;
                screen.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"rebuilt {model.GetProperty("name").GetString()} ({model.GetProperty("capability").GetString()}) of {looked:N0} "
                    + $"facts in {clock.Elapsed.TotalSeconds:0.0} s"));
            }
        }

        screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{names.Count} read model{(names.Count == 1 ? "" : "s")} rebuilt, {facts:N0} facts looked at, "
            + $"{all.Elapsed.TotalSeconds:0.0} s"));
    }

    private async Task<JsonElement> Ask(HttpMethod method, string path, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, $"{url}/operations/read-models{path}");
            if (method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", $"rebuild-{Guid.NewGuid():N}");
            using var response = await http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (!response.IsSuccessStatusCode) throw new CommandFailedException(Problem(response, text));
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (HttpRequestException problem)
        {
            throw new CommandFailedException(
                $"No gateway answers at {url}: {problem.Message}\nStart it with ./commerce up, or name another one: --gateway URL");
        }
        catch (JsonException)
        {
            throw new CommandFailedException($"{url} answers, but not as a gateway of Commerce on Orleans does. Name one: --gateway URL");
        }
    }

    private string Problem(HttpResponseMessage response, string text)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return $"The gateway at {url} asks for an API key. Give one with --api-key or in {GatewayOptions.KeyVariable}.";
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{url} answers {(int)response.StatusCode}, and not as a gateway of Commerce on Orleans does. Name one: --gateway URL";
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        var words = new[] { "detail", "remedy" }.Select(p => problem.TryGetProperty(p, out var value) ? value.GetString() : null);
        return string.Join('\n', words.Where(w => w is not null));
    }
}
