using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Commerce.Hosting;

/// <summary>
/// The log: one JSON object a line, with the request's id and the trace that it belongs to, and without the framework's own scopes, which
/// make a line four times as long and tell nothing more.
/// </summary>
public sealed class JsonLines() : ConsoleFormatter(FormatterName)
{
    /// <summary>As the console logger knows it.</summary>
    public const string FormatterName = "json-lines";

    /// <summary>The scope member that the gateway sets for each request.</summary>
    public const string RequestId = "requestId";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
            json.WriteString("Level", entry.LogLevel.ToString());
            json.WriteString("Category", entry.Category);
            json.WriteString("Message", entry.Formatter(entry.State, entry.Exception));
            scopes?.ForEachScope(WriteRequest, json);
            if (Activity.Current is { } activity) json.WriteString("TraceId", activity.TraceId.ToString());
            if (entry.State is IEnumerable<KeyValuePair<string, object?>> values) WriteState(values, json);
            if (entry.Exception is { } problem) json.WriteString("Exception", problem.ToString());
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(line.GetBuffer().AsSpan(0, (int)line.Length)));
    }

    private static void WriteRequest(object? scope, Utf8JsonWriter json)
    {
        if (scope is IReadOnlyDictionary<string, object> request && request.TryGetValue(RequestId, out var id))
            json.WriteString("RequestId", id.ToString());
    }

    private static void WriteState(IEnumerable<KeyValuePair<string, object?>> values, Utf8JsonWriter json)
    {
        json.WriteStartObject("State");
        foreach (var (name, value) in values)
        {
            if (name == "{OriginalFormat}") continue;
            json.WritePropertyName(name);
            if (value is int or long or double or bool) JsonSerializer.Serialize(json, value);
            else json.WriteStringValue(value?.ToString());
        }

        json.WriteEndObject();
    }
}
