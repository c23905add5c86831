using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Commerce.Kernel;
using Microsoft.Net.Http.Headers;

namespace Commerce.ApiGateway;

/// <summary>A body of which a member that is given as null is to be removed, and one that is not given stays (RFC 7396).</summary>
internal interface IMergePatch;

/// <summary>Reads a command from a body, strictly: unknown members and values are refused, never skipped.</summary>
internal static class RequestBody
{
    /// <summary>The most that a body may have. An order of 2,000 lines has about a tenth.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    private const int MaxDepth = 16;
    private const int PieceBytes = 16 * 1024;

    /// <summary>How long a body may take to come. Kestrel ends one earlier that comes at less than 240 bytes a second.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>How answers are written and documented: as the journal writes, with instants in UTC.</summary>
    public static readonly JsonSerializerOptions Json = Options();

    /// <summary>
    /// How bodies are read. <see cref="BodyValidator"/> has reported all faults with their places before; the framework refuses any that it
    /// overlooked.
    /// </summary>
    private static readonly JsonSerializerOptions Strict = ForBodies();

    /// <summary>The command; without a body, the command with nothing set, where that is possible.</summary>
    public static async Task<T> Read<T>(HttpContext http) where T : class
    {
        var bytes = await ReadAll(http);
        if (bytes.IsEmpty) bytes = "{}"u8.ToArray();
        else if (!IsJson(http.Request)) throw new ProblemException(Problems.WrongMediaType(http.Request.ContentType));
        using var document = Parse(bytes);
        var faults = new List<Fault>();
        BodyValidator.Check(document.RootElement, Strict.GetTypeInfo(typeof(T)), faults);
        if (faults.Count > 0) throw new ProblemException(Problem.Of(faults));
        if (typeof(T).IsAssignableTo(typeof(IMergePatch))) KeepNulls(http, document.RootElement);
        return document.RootElement.Deserialize<T>(Strict)!;
    }

    /// <summary>The members that a merge patch gives as null: they are to be removed (RFC 7396).</summary>
    public static IReadOnlySet<string> Nulls(HttpContext http) =>
        http.Items[nameof(Nulls)] as IReadOnlySet<string> ?? new HashSet<string>();

    private static void KeepNulls(HttpContext http, JsonElement body) => http.Items[nameof(Nulls)] =
        body.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Null).Select(m => m.Name).ToHashSet();

    /// <summary>Gives options of the framework this shape.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = FactCatalog.Json.DefaultIgnoreCondition;
        options.Encoder = FactCatalog.Json.Encoder;
        options.RespectNullableAnnotations = true;
        options.NumberHandling = JsonNumberHandling.Strict; // Web defaults would read "12" as 12
        options.Converters.Add(new InstantConverter());
        foreach (var converter in FactCatalog.Json.Converters) options.Converters.Add(converter);
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static JsonSerializerOptions ForBodies()
    {
        var options = new JsonSerializerOptions(Json)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
        };
        foreach (var converter in WholeNumbers.Converters) options.Converters.Add(converter);
        return options;
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    private static async Task<ReadOnlyMemory<byte>> ReadAll(HttpContext http)
    {
        var quota = http.RequestServices.GetRequiredService<BodyQuota>();
        var (caller, taken) = (RateLimits.Of(http).Key, 0L);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        late.CancelAfter(Longest);
        using var buffer = new MemoryStream(); // it grows with what has come: a length that is only announced costs nothing
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await http.Request.Body.ReadAsync(piece, late.Token) is > 0 and var count)
            {
                taken += count;
                quota.Take(caller, count);
                buffer.Write(piece, 0, count);
            }

            return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body took too long.", StatusCodes.Status408RequestTimeout);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body is not framed as HTTP asks for.", broken); // a chunk of a size beyond all numbers
        }
        finally
        {
            quota.Return(caller, taken);
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
            throw Malformed("The body is not UTF-8.", "Send JSON in UTF-8.");
        Scan(bytes.Span);
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            throw Malformed($"The JSON ends after {bytes.Length} bytes before it is complete.", "Send the whole body.");
        }
    }

    /// <summary>Looks for errors of syntax and of depth. A missing end is no error here: it is checked afterwards.</summary>
    private static void Scan(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth + 1 }));
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth >= MaxDepth)
                    throw Malformed(
                        $"The JSON is nested deeper than {MaxDepth} levels.", "No command is that deep; see /docs.", "body_too_deep");
        }
        catch (JsonException syntax)
        {
            throw Malformed(
                $"The body stops being JSON in line {syntax.LineNumber + 1} at byte {syntax.BytePositionInLine + 1}, "
                + $"near '{Near(bytes, syntax)}'.",
                "Correct the syntax (RFC 8259): double quotes, no comments, no trailing commas.");
        }
    }

    private static string Near(ReadOnlySpan<byte> bytes, JsonException syntax)
    {
        for (var line = syntax.LineNumber ?? 0; line > 0; line--) bytes = bytes[(bytes.IndexOf((byte)'\n') + 1)..];
        var at = (int)Math.Clamp((syntax.BytePositionInLine ?? 0) - 10, 0, bytes.Length);
        return Text.Shorten(System.Text.Encoding.UTF8.GetString(bytes[at..Math.Min(bytes.Length, at + 20)]));
    }

    private static ProblemException Malformed(string detail, string remedy, string code = "malformed_json") =>
        new(Problem.Of(new Fault("", code, detail, remedy)));
}
