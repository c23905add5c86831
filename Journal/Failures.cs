using System.Net.Sockets;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>What a failed conversation with PostgreSQL means.</summary>
public static class Failures
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The statement was not sent, or only read.</summary>
    public static UnavailableException Unavailable(string database, Exception problem) =>
        new(
            $"The database '{database}' cannot be used now ({Reason(problem)}). Nothing was changed; try again shortly.",
            RetryAfter,
            problem);

    public static OutcomeUnknownException Unknown(string database, Exception problem) =>
        new($"The answer of the database '{database}' was lost ({Reason(problem)}). Repeat with the same operation id.", problem);

    /// <summary>
    /// True when the server itself said that the statement failed, so that nothing of it was kept. A server that ends the connection
    /// (classes 57P and 08) or fails inside (58, XX) may have committed before.
    /// </summary>
    public static bool IsRefusal(Exception problem) => problem is PostgresException { SqlState: var state }
        && (state == PostgresErrorCodes.QueryCanceled
            || state[..2] is "0A" or "21" or "22" or "23" or "25" or "28" or "40" or "42" or "44" or "53" or "54" or "55" or "P0");

    /// <summary>
    /// True when the same statement may well succeed in a moment: a deadlock, too little of something, or a server that only reads, as one
    /// does while another takes over from it.
    /// </summary>
    public static bool IsPassing(Exception problem) => problem is PostgresException { SqlState: var state }
        && (state is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction || state[..2] is "40" or "53" or "55");

    /// <summary>True when the connection is gone, and with it most likely the others that were open at the time.</summary>
    public static bool IsBroken(Exception problem) => problem is PostgresException
        ? !IsRefusal(problem)
        : problem is IOException || problem.InnerException is IOException or SocketException;

    private static string Reason(Exception problem)
    {
        if (problem is PostgresException server) return $"{server.SqlState}: {server.MessageText}";
        var root = problem;
        while (root.InnerException is { } inner) root = inner;
        return root.Message.TrimEnd('.');
    }
}
