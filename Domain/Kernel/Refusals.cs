namespace Commerce.Kernel;

/// <summary>The refusals that every capability needs.</summary>
public static class Refusals
{
    /// <summary>A value of the command breaks a rule: <c>invalid_quantity</c> at <c>/lines/3/quantity</c>.</summary>
    public static Refusal Invalid(string code, string field, string detail, string remedy) =>
        new(code, RefusalKind.Invalid, detail, remedy, field);

    /// <summary>The remedy for a thing that is not there, or not for this caller: the words are the same.</summary>
    public const string CheckTheId = "Check the id. Ids are case-sensitive.";

    /// <summary>There is no such entity.</summary>
    public static Refusal Unknown(string kind, string key, string remedy) =>
        new($"unknown_{kind}", RefusalKind.NotFound, $"There is no {kind.Replace('_', ' ')} '{key}'.", remedy);

    /// <summary>Its personal data was erased, or is about to be. Nothing is kept of what was asked: it may be personal.</summary>
    public static Refusal Erased(string kind, string key) => new(
        "erased", RefusalKind.Gone, $"The personal data of the {kind.Replace('_', ' ')} '{key}' was erased, or is about to be.",
        "Nothing can be done with it any more.")
    {
        Retryable = true,
    };

    /// <summary>The caller has had its share, and this is no repeat of an operation that has its answer.</summary>
    public static readonly Refusal RateLimited = new(
        "rate_limited", RefusalKind.TooOften, "There were too many requests of this caller in a short time.",
        "Nothing was done. Send it again after Retry-After, with the same Idempotency-Key.")
    {
        Retryable = true,
    };

    /// <summary>There is one already, and the command would make a second.</summary>
    public static Refusal Exists(string kind, string key) => new(
        $"{kind}_exists", RefusalKind.Conflict, $"The {kind.Replace('_', ' ')} '{key}' exists already.",
        "Choose another id, or change the existing one.");

    /// <summary>The state does not allow this move; the remedy lists the moves that it does allow.</summary>
    public static Refusal MoveNotAllowed(string kind, string key, string move, string state, IReadOnlyList<string> allowed) => new(
        "move_not_allowed",
        RefusalKind.Conflict,
        $"The {kind} '{key}' is {state}; in that state it cannot {move}.",
        allowed.Count == 0 ? "No move is possible any more." : $"Possible now: {string.Join(", ", allowed)}.",
        Values: new RefusalValues(state, allowed));

    /// <summary>The caller has read an older version than there is.</summary>
    public static Refusal Stale(IReadOnlyList<long> seen, long version) => new(
        "stale_version",
        RefusalKind.Stale,
        $"The change was based on version {string.Join(" or ", seen)}, but the present version is {version}.",
        "Get it again, look at what has changed, and repeat the change on that.",
        Values: new RefusalValues(Version: version));

    /// <summary>The operation id, which is the caller's name, a colon and the caller's key, stands for another command already.</summary>
    public static Refusal Reused(string operationId) => new(
        "idempotency_key_reused",
        RefusalKind.Invalid,
        $"The idempotency key '{operationId[(operationId.IndexOf(':') + 1)..]}' was sent before, with another request.",
        "Send a new idempotency key for a new request; repeat a request with the body it first had.");

    /// <summary>
    /// A business time before that of what it follows, or null when it is fine. Five minutes of clock difference are tolerated.
    /// </summary>
    /// <param name="field">Where it is.</param>
    /// <param name="time">The time.</param>
    /// <param name="after">What it follows, in words: <c>the order was made</c>.</param>
    /// <param name="earliest">When that was.</param>
    public static Refusal? Before(string field, DateTimeOffset? time, string after, DateTimeOffset earliest) =>
        time < earliest.AddMinutes(-5)
            ? Invalid(
                "invalid_time", field, $"{time?.Text()} lies before {after}, at {earliest.Text()}.",
                "Give a later time, or leave it out for now.")
            : null;

    /// <summary>A business time that lies in the future, or null when it is fine. A minute of clock difference is tolerated.</summary>
    public static Refusal? Future(string field, DateTimeOffset? time, DateTimeOffset now) => time > now.AddMinutes(1)
        ? Invalid("invalid_time", field, $"{time?.Text()} lies in the future.", "Give a time that has passed, or leave it out for now.")
        : null;
}
