using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Commerce.Bench;

/// <summary>Reactions and read models, which follow the facts behind the answers: what they cost belongs to who caused it.</summary>
internal static class Followers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until all have looked at everything.</summary>
    /// <exception cref="BenchException">They do not come to an end.</exception>
    public static async Task CatchUp(Uri address, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(Pause, cancel))
        {
            var models = await Ask(http, "/operations/read-models", cancel);
            var reactions = await Ask(http, "/operations/subscriptions", cancel);
            var left = models.EnumerateArray().Sum(m => m.GetProperty("lag").GetInt64())
                + reactions.GetProperty("lag").EnumerateArray().Sum(s => s.GetProperty("facts").GetInt64());
            if (left == 0) return;
            if (since.Elapsed > Patience)
                throw new BenchException(
                    $"{Patience.TotalMinutes} minutes after the load there are still {left} facts to look at: {models} {reactions}");
        }
    }

    private static Task<JsonElement> Ask(HttpClient http, string path, CancellationToken cancel) =>
        http.GetFromJsonAsync<JsonElement>(path, cancel);
}
