using System.Net.Sockets;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>What a failed conversation with PostgreSQL means.</summary>
public static class PostgresFailures
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The statement was not sent, or only read. Callers see its message; the log has the rest.</summary>
    public static UnavailableException Unavailable(string database, Exception problem) =>
        new("The database cannot be used now. Nothing was changed; try again shortly.", RetryAfter, At(database, problem));

    /// <summary>It is not known whether the statement was carried out.</summary>
    public static OutcomeUnknownException Unknown(string database, Exception problem) =>
        new("The database's answer was lost. Repeat with the same operation id.", At(database, problem));

    /// <summary>What lies behind a failure, for operators: it names databases and servers.</summary>
    public static string Cause(Exception failure) => failure is UnavailableException { InnerException: DatabaseException cause }
        ? cause.Message : Reason(failure);

    private static DatabaseException At(string database, Exception problem) => new($"{database}: {Reason(problem)}", problem);

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

    private sealed class DatabaseException(string message, Exception inner) : Exception(message, inner);
}
