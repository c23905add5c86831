using System.Net;

namespace Commerce.Client;

/// <summary>The API answered with a problem (RFC 9457), or what answered is not this API.</summary>
public class CommerceException : Exception
{
    /// <summary>With the answer as it came.</summary>
    public CommerceException(
        string message, int statusCode, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers,
        Exception? innerException)
        : base(message, innerException) => (StatusCode, Response, Headers) = ((HttpStatusCode)statusCode, response, headers);

    /// <summary>With the problem.</summary>
    public CommerceException(Problem problem, HttpStatusCode status, string response)
        : base($"{problem.Detail} {problem.Remedy}") => (Problem, StatusCode, Response) = (problem, status, response);

    /// <summary>The answer's status.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The problem; null where something else than this API answered.</summary>
    public Problem? Problem { get; }

    /// <summary>The problem's code, stable, for programs: <c>out_of_stock</c>.</summary>
    public string? Code => Problem?.Code;

    /// <summary>The body of the answer.</summary>
    public string? Response { get; }

    /// <summary>The headers of the answer, where it was no problem.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; } = new Dictionary<string, IEnumerable<string>>();
}

/// <summary>The API answered with something that is documented for this operation, and no success.</summary>
/// <typeparam name="TResult">What it answered.</typeparam>
public sealed class CommerceException<TResult>(
    string message, int statusCode, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers, TResult result,
    Exception? innerException) : CommerceException(message, statusCode, response, headers, innerException)
{
    /// <summary>What it answered.</summary>
    public TResult Result { get; } = result;
}

/// <summary>
/// There was no answer, or "not now", until the patience was used up. Whether a change was done is unknown: repeat it with its key.
/// </summary>
public sealed class NoAnswerException(string message, Exception? cause) : Exception(message, cause);
