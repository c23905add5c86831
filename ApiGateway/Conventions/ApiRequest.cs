using System.Diagnostics;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// One request for an endpoint: its body, query, headers and caller, validated; and the call of an entity, at most once. An error ends the
/// request with a problem.
/// </summary>
internal sealed class ApiRequest
{
    /// <summary>The header of an answer that was given before, to the first request with its key.</summary>
    public const string Replayed = "Idempotent-Replayed";

    /// <summary>An entity waits in its call for a moment, which spares a second one; a longer wait goes on with reads.</summary>
    private static readonly TimeSpan LongestWaitInCall = TimeSpan.FromSeconds(4);

    private readonly Dictionary<string, string> _query = [];
    private readonly Takes? _takes;
    private readonly string? _key;
    private readonly IReadOnlyList<long>? _ifVersions;
    private readonly int? _wait;

    private ApiRequest(HttpContext http)
    {
        Http = http;
        _takes = http.GetEndpoint()?.Metadata.GetMetadata<Takes>();
        Clock = http.RequestServices.GetRequiredService<TimeProvider>();
        BeginDeadline();
        foreach (var (name, values) in http.Request.Query) Take(name, [.. values.Where(v => !string.IsNullOrEmpty(v))!]);
        if (http.GetEndpoint()?.Metadata.GetMetadata<Changes>() is null) return;
        // All headers are read before anything is done: a request with a bad header changes nothing.
        (_key, _ifVersions, _wait) =
            (RequestHeaders.IdempotencyKey(http.Request), RequestHeaders.IfMatch(http.Request), RequestHeaders.WaitSeconds(http.Request));
        if (_wait is not > 0) return;
        if (http.RequestServices.GetRequiredService<HeldRequests>().Wait(http) is { } place) http.Response.RegisterForDispose(place);
        else _wait = null; // the caller waits for enough others already, and is answered at once
    }

    /// <summary>The request and its answer.</summary>
    public HttpContext Http { get; }

    public Caller Caller => CallerIdentity.Of(Http.User);

    /// <summary>Until when an answer is of use.</summary>
    public DateTimeOffset Deadline { get; private set; }

    /// <summary>Ends when the client has gone.</summary>
    public CancellationToken Cancel => Http.RequestAborted;

    public PageRequest Page => new(
        Get(Query.Limit) ?? PageRequest.DefaultLimit, Get(Query.Cursor) is { } cursor ? PageCursors.Open(Http, cursor) : null);

    private TimeProvider Clock { get; }

    /// <summary>The operation of a caller's key, as facts keep it.</summary>
    public static string OperationOf(string caller, string key) => $"{caller}:{key}";

    /// <summary>Called by the framework for a parameter of this type.</summary>
    public static ValueTask<ApiRequest> BindAsync(HttpContext http) => ValueTask.FromResult(new ApiRequest(http));

    /// <summary>The body. The deadline starts after its upload, which may take long.</summary>
    public async Task<T> Read<T>() where T : class
    {
        Documented.Body(Http, typeof(T));
        var body = await RequestBody.Read<T>(Http);
        BeginDeadline();
        return body;
    }

    /// <summary>True when the merge patch that was read gives this member as null, so that it is to be removed (RFC 7396).</summary>
    public bool Removes(string member) => RequestBody.Nulls(Http).Contains(member);

    /// <summary>Refuses a merge patch that removes a member which cannot go; the code is that of a value that is wrong.</summary>
    public void Keeps(string member, string code)
    {
        if (Removes(member))
            throw Problems.Invalid(
                code, $"/{member}", $"'{member}' is null, and cannot be removed.", "Give another value, or leave it out.");
    }

    /// <summary>A query parameter's value, or null when it is not given.</summary>
    public T? Get<T>(QueryParameter<T> parameter)
    {
        Documented.Query(Http, _takes, parameter);
        if (!_query.TryGetValue(parameter.Name, out var text)) return default;
        return parameter.Read(text) ?? throw new ProblemException(Problem.Of(new Fault(
            parameter.Name, "invalid_parameter", $"The query parameter '{parameter.Name}' is '{Text.Shorten(text)}'.",
            $"Give {parameter.Expected}.")));
    }

    /// <summary>Whose days are meant: those of the time zone that is asked for, or the shop's.</summary>
    public ICalendar Calendar => (_takes?.Knows(Query.TimeZone.Name) is true ? Get(Query.TimeZone) : null)
        ?? Http.RequestServices.GetRequiredService<GatewaySettings>().Calendar;

    /// <summary>A range of time, without its end; one that ends before it begins is refused.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) Range(QueryParameter<Moment?> from, QueryParameter<Moment?> to)
    {
        var calendar = Calendar;
        var range = (From: Get(from)?.In(calendar, afterDay: false), To: Get(to)?.In(calendar, afterDay: true));
        InOrder(from, range.From, to, range.To);
        return range;
    }

    /// <summary>A range of days, both included; one that ends before it begins is refused.</summary>
    public (DateOnly? From, DateOnly? To) Range(QueryParameter<DateOnly?> from, QueryParameter<DateOnly?> to)
    {
        var range = (From: Get(from), To: Get(to));
        InOrder(from, range.From, to, range.To);
        return range;
    }

    private void InOrder<T>(QueryParameter from, T? first, QueryParameter to, T? last) where T : struct, IComparable<T>
    {
        if (first is not { } begin || last is not { } end || begin.CompareTo(end) <= 0) return;
        throw new ProblemException(Problem.Of(new Fault(
            to.Name, "reversed_range", $"The range begins with '{_query[from.Name]}' and ends with '{_query[to.Name]}', which is before.",
            $"Give '{from.Name}' and '{to.Name}' in order.")));
    }

    /// <summary>
    /// The id of what a POST makes: the client's, or one that belongs to the idempotency key (decision 1), so that a retry names the same
    /// thing.
    /// </summary>
    public string NewId(string prefix, string? given) =>
        given is null ? Ids.For(prefix, Caller.Name, RequiredKey)
        : !Caller.Reach.NamesThings ? throw new ProblemException(Problems.Of(new Refusal(
            "may_not_set", RefusalKind.Forbidden, $"The id '{Text.Shorten(given)}' is given, and this caller may not choose ids.",
            "Leave the id out.", "/id")))
        : Ids.Has(prefix, given) ? given
        : throw Problems.Invalid(
            "invalid_id", "/id", $"'{Text.Shorten(given)}' cannot be an id here.",
            $"Give '{prefix}_' and 1 to 60 letters, digits, dots, dashes or underscores; or leave it out.");

    /// <summary>
    /// A thing that has an owner. One that the caller does not reach is answered as if there were none.
    /// </summary>
    /// <param name="reading">Gets it; null: there is none.</param>
    /// <param name="kind">For the problem: <c>order</c>.</param>
    /// <param name="key">Its id.</param>
    public async Task<T> Find<T>(Task<T?> reading, string kind, string key) where T : class, IOwned =>
        await InTime(reading) is { } found && Caller.Reach.Includes(found.Owner) ? found : throw Problems.Unknown(kind, key);

    /// <summary>Records something that the request is about to do besides, in the audit.</summary>
    /// <param name="happened">What: a name like those of operations.</param>
    public Task Record(string happened) => Http.RequestServices.GetRequiredService<Auditing>().Begin(Http, happened);

    /// <summary>Sends a command to an entity. A refusal ends the request with its problem.</summary>
    /// <param name="command">What was sent; part of the fingerprint.</param>
    /// <param name="ask">The call.</param>
    public async Task<T> Change<T>(object command, Func<CallContext, Task<Result<T>>> ask) where T : class
    {
        var key = HttpMethods.IsPost(Http.Request.Method) ? RequiredKey : _key;
        // Without a key the request is an intent of its own; PUT, PATCH and DELETE are idempotent anyway.
        var operation = key is null ? $"{Caller.Name}:once_{Guid.CreateVersion7(Clock.GetUtcNow()):n}" : OperationOf(Caller.Name, key);
        var fingerprint = IdempotencyGuard.Fingerprint(Http.Request, command);
        var limits = Http.RequestServices.GetRequiredService<RateLimits>();
        var exceeded = limits.Change(Http);
        var call = new CallContext(
            operation, Caller, Deadline, fingerprint, _ifVersions, Trace, WaitInCall(), RepeatOnly: exceeded is not null);
        var intents = Http.RequestServices.GetRequiredService<IdempotencyGuard>();
        var answer = await InTime(intents.Run(operation, fingerprint, () => ask(call)));
        if (answer.Refusal is { Kind: RefusalKind.TooOften } && exceeded is not null) throw new ProblemException(exceeded);
        if (answer.Replayed) Http.Response.Headers[Replayed] = "true";
        if (answer.Accepted) return answer.Value;
        if (!answer.Replayed) limits.Refused(Http);
        throw new ProblemException(Problems.Of(answer.Refusal, answer.Replayed));
    }

    private DateTimeOffset? WaitInCall()
    {
        if (_wait is not { } seconds || seconds == 0) return null;
        var now = Clock.GetUtcNow();
        return new[] { now.AddSeconds(seconds), now + LongestWaitInCall, Deadline.AddSeconds(-1) }.Min();
    }

    /// <summary>Waits for an answer until the deadline.</summary>
    public async Task<T> InTime<T>(Task<T> answer)
    {
        try
        {
            var left = Deadline - Clock.GetUtcNow(); // not below zero: -1 ms would be for ever, and less an error
            return await answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, Clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            const string Late = "There was no answer in time.";
            throw Problems.IsReading(Http) ? new DeadlineExceededException(Late) : new OutcomeUnknownException(Late);
        }
    }

    /// <summary>
    /// Holds the answer while the caller's <c>Prefer: wait=N</c> lasts: <paramref name="already"/>, for which the call itself has waited,
    /// or what <paramref name="settled"/> gives by then, or null when the caller does not want to wait.
    /// </summary>
    public async Task<T?> Wait<T>(T? already, Func<DateTimeOffset, Task<T?>> settled) where T : class
    {
        if (_wait is not { } seconds || seconds == 0) return null;
        var stopping = Http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping, Cancel);
        try
        {
            var view = already ?? await settled(Clock.GetUtcNow().AddSeconds(seconds)).WaitAsync(gone.Token);
            Http.Response.Headers["Preference-Applied"] = $"wait={seconds}";
            return view;
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            return null; // this process is stopping: what was accepted goes on in the next one
        }
        catch (Exception away) when (Problems.Of(away).Status == StatusCodes.Status503ServiceUnavailable)
        {
            return null; // what was accepted is durable, and goes on when the database is back: that is what the answer must say
        }
    }

    private void BeginDeadline() =>
        Deadline = Clock.GetUtcNow() + Http.RequestServices.GetRequiredService<GatewaySettings>().RequestTimeout;

    private string RequiredKey => _key ?? throw new ProblemException(Problem.Of(new Fault(
        "Idempotency-Key", "idempotency_key_required", "The header Idempotency-Key is missing.",
        "Send a new UUID for each intent, and the same one again when you repeat a request.")));

    private static string? Trace => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    private void Take(string name, string[] values)
    {
        if (_takes?.Knows(name) is not true)
            throw new ProblemException(Problem.Of(new Fault(
                Text.Shorten(name), "unknown_parameter", $"The query parameter '{Text.Shorten(name)}' is not known here.",
                _takes is null ? "This takes none." : $"Known are: {string.Join(", ", _takes.Parameters.Select(p => p.Name))}.")));
        if (values.Length > 1)
            throw new ProblemException(Problem.Of(new Fault(
                name, "duplicate_parameter", $"The query parameter '{name}' is there {values.Length} times.", "Give it once.")));
        if (values.Length == 1) _query[name] = values[0];
    }
}
