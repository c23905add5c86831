namespace Commerce.ApiGateway;

internal static partial class RefusalCodes
{
    /// <summary>What the codes mean that endpoints of every kind can refuse with.</summary>
    public static readonly IReadOnlyDictionary<string, string> Shared = new Dictionary<string, string>
    {
        ["malformed_json"] = "The body is not JSON, not UTF-8, or it ends too early.",
        ["body_too_deep"] = "The body is nested deeper than any that is read here.",
        ["wrong_type"] = "A member of the body is of another JSON type than the document says.",
        ["missing_member"] = "The body lacks a member that it must have.",
        ["unknown_member"] = "The body has a member that the operation does not know; nothing is silently passed over.",
        ["duplicate_member"] = "The body has a member twice.",
        ["invalid_value"] = "A member's text is none of the words, times or days that are expected there.",
        ["invalid_text"] = "A text has characters that cannot be kept, such as U+0000 or half of a surrogate pair.",
        ["too_long"] = "A text is longer than any that is kept here.",
        ["out_of_range"] = "A number is not whole where it must be, or does not fit.",
        ["malformed_request"] = "The request is not proper HTTP.",
        ["unknown_parameter"] = "The URL has a query parameter that the operation does not take; a misspelt filter would be no filter.",
        ["invalid_parameter"] = "A query parameter has a value that it cannot have.",
        ["duplicate_parameter"] = "A query parameter is there more than once.",
        ["reversed_range"] = "A range ends before it begins.",
        ["invalid_cursor"] = "The cursor is not one of this list with these filters.",
        ["invalid_idempotency_key"] = "The header Idempotency-Key cannot be a key.",
        ["idempotency_key_required"] = "A POST that changes something has no Idempotency-Key, so that repeating it would not be safe.",
        ["idempotency_key_reused"] = "The key was sent before with another request: a key names one intent.",
        ["invalid_if_match"] = "The header If-Match has something that is no strong ETag of this API.",
        ["stale_version"] = "The thing has changed since the version in If-Match: somebody else was quicker.",
        ["invalid_last_event_id"] = "The header Last-Event-ID is not the id of an event of this stream.",
        ["unauthorized"] = "API keys are configured, and the request has none, or one that is not known.",
        ["forbidden"] = "The caller of this API key lacks the permission that the operation needs.",
        ["body_too_large"] = "The body is larger than any that is read.",
        ["unsupported_media_type"] = "The body is not said to be JSON in UTF-8, or it is compressed.",
        ["request_timeout"] = "The request came so slowly that it was given up. Nothing was done.",
        ["temporarily_unavailable"] = "The database, the silos or a free place for a stream is away at the moment. Nothing was done.",
        ["deadline_exceeded"] = "There was no answer in the time that a request may take.",
        ["outcome_unknown"] = "It is not known whether it was done. Repeated with the same key, it is done once.",
        ["invalid_id"] = "A client's own id does not have the prefix of its kind, or other characters than ids may have.",
        ["invalid_time"] = "A business time lies in the future, or before what it follows.",
        ["period_closed"] = "A business time lies on a day up to which the books are closed.",
        ["invalid_currency"] = "The currency is not an ISO 4217 code in upper case that is known here.",
        ["move_not_allowed"] = "The state of the order or payment does not allow this now; `allowed` lists what it does.",
        ["wrong_host"] = "There are no API keys, so only this machine is served, and the request names another host than this machine.",
        ["not_found"] = "There is nothing at this URL.",
        ["method_not_allowed"] = "The URL exists, but not with this method; the header Allow lists those that it has.",
        ["internal_error"] = "Something broke that should not have. The log has the cause, under the requestId.",
    };
}
