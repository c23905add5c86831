using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Commerce.Hosting;

/// <summary>
/// The log: one JSON object a line, with the request's id and the trace that it belongs to, and without the framework's own scopes, which
/// make a line four times as long and add no information.
/// </summary>
public sealed class JsonConsoleFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>As the console logger knows it.</summary>
    public const string FormatterName = "json-lines";

    private const int MaxKept = 16 * 1024;

    // One for each thread that logs, kept: there is a line for each request.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Line, Utf8JsonWriter Json)? _kept;

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var (line, json) = _kept ?? New();
        _kept = null; // not for a line within this one, which what is logged may write when it is made text
        json.WriteStartObject();
        Span<char> now = stackalloc char[32];
        DateTime.UtcNow.TryFormat(now, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString("Timestamp", now[..length]);
        json.WriteString("Level", entry.LogLevel.ToString());
        json.WriteString("Category", entry.Category);
        json.WriteString("Message", entry.Formatter(entry.State, entry.Exception));
        scopes?.ForEachScope(WriteRequest, json);
        if (Activity.Current is { } activity) json.WriteString("TraceId", activity.TraceId.ToString());
        if (entry.State is IEnumerable<KeyValuePair<string, object?>> values) WriteState(values, json);
        if (entry.Exception is { } problem) json.WriteString("Exception", problem.ToString());
        json.WriteEndObject();
        json.Flush();
        writer.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
        if (line.Capacity > MaxKept) return;
        line.ResetWrittenCount();
        json.Reset();
        _kept = (line, json);
    }

    private static (ArrayBufferWriter<byte> Line, Utf8JsonWriter Json) New()
    {
        var line = new ArrayBufferWriter<byte>(1024);
        return (line, new Utf8JsonWriter(line));
    }

    private static void WriteRequest(object? scope, Utf8JsonWriter json)
    {
        if (scope is RequestScope request) json.WriteString("RequestId", request.RequestId);
    }

    private static void WriteState(IEnumerable<KeyValuePair<string, object?>> values, Utf8JsonWriter json)
    {
        json.WriteStartObject("State");
        foreach (var (name, value) in values)
        {
            if (name == "{OriginalFormat}") continue;
            json.WritePropertyName(name);
            switch (value)
            {
                case int number: json.WriteNumberValue(number); break;
                case long number: json.WriteNumberValue(number); break;
                case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
                case bool truth: json.WriteBooleanValue(truth); break;
                default: json.WriteStringValue(value?.ToString()); break;
            }
        }

        json.WriteEndObject();
    }
}

/// <summary>The scope that the gateway opens for each request; every line within it has the request's id.</summary>
public sealed record RequestScope(string RequestId);
