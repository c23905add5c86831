namespace Commerce.Engine;

/// <summary>
/// The machinery cannot serve this call now; the same call may succeed later. Never part of the business: that is a <see cref="Refusal"/>.
/// The message is fit for the caller's eyes.
/// </summary>
public class UnavailableException(string message, TimeSpan retryAfter, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long a caller should wait before the next try.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>
/// An append was sent to the journal and its answer was lost: it may or may not have been committed (J4). The entity invalidates its memory
/// and reads the journal again.
/// </summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null)
    : UnavailableException(message, TimeSpan.FromSeconds(2), inner);

/// <summary>The deadline has passed, so the call was not started.</summary>
public sealed class DeadlineExceededException(string message) : UnavailableException(message, TimeSpan.FromSeconds(1));
