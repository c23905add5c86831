using System.CommandLine;
using System.Text.Json;

namespace Commerce.AppHost;

/// <summary><c>./commerce rebuild</c>: has the running gateway drop read models and make them again from the journal.</summary>
internal static class RebuildCommand
{
    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Terminal screen)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "the read model; all of them when left out", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "all",
        };
        var gateway = GatewayOption.Create();
        var verb = new CliCommand(
            "rebuild", "Drops read models and makes them again from the journal. What the API decides on is not touched.")
        {
            Examples = [("./commerce rebuild", "all read models"), ("./commerce rebuild orders", "one of them")],
        };
        verb.Add(name);
        verb.Add(gateway);
        verb.SetAction(async (parsed, cancel) =>
        {
            var (model, url) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(gateway).TrimEnd('/'));
            var answer = await screen.During($"rebuilding {model}", _ => Rebuild(url, model, cancel));
            foreach (var line in Shown(answer)) screen.Line(line);
            return 0;
        });
        return verb;
    }

    private static async Task<JsonElement> Rebuild(string url, string model, CancellationToken cancel)
    {
        // No timeout: the answer comes when the whole journal was read.
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            var address = $"{url}/operations/read-models/{Uri.EscapeDataString(model)}/rebuild";
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            request.Headers.Add("Idempotency-Key", $"rebuild-{Guid.NewGuid():N}");
            using var response = await http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (!response.IsSuccessStatusCode) throw new CommandFailedException(Problem(url, response, text));
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (HttpRequestException problem)
        {
            throw new CommandFailedException(
                $"No gateway answers at {url}: {problem.Message}\nStart it with ./commerce up, or name another one: --gateway URL");
        }
        catch (Exception problem) when (problem is UriFormatException or InvalidOperationException or NotSupportedException)
        {
            throw new CommandFailedException(
                $"'{url}' is not the address of a gateway. It looks like this: --gateway http://127.0.0.1:8080");
        }
    }

    private static string Problem(string url, HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"The gateway at {url} answered {(int)response.StatusCode}: {text}";
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        var words = new[] { "detail", "remedy" }.Select(p => problem.TryGetProperty(p, out var value) ? value.GetString() : null);
        return string.Join('\n', words.Where(w => w is not null));
    }

    /// <summary>A line for each thing of the answer, with its figures.</summary>
    private static IEnumerable<string> Shown(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Array => answer.EnumerateArray().SelectMany(Shown),
        JsonValueKind.Object when answer.EnumerateObject().Any(p => p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object) =>
            answer.EnumerateObject().SelectMany(p => Shown(p.Value)),
        JsonValueKind.Object => [string.Join("  ", answer.EnumerateObject().Select(p => $"{p.Name} {p.Value}"))],
        _ => [answer.ToString()],
    };
}
