using System.Data.Common;

namespace Commerce.AppHost;

/// <summary>
/// Secrets that an option names. Every user of the machine sees the arguments of its programs, so the option says where the secret is:
/// <c>@FILE</c>, or <c>-</c> for a line of the standard input.
/// </summary>
internal static class Secrets
{
    /// <summary>How they can be given, for a message.</summary>
    public const string Forms = "@FILE, or - for a line of the standard input";

    private const int Longest = 16 * 1024;

    private static readonly string[] Passwords = ["Password", "PWD", "PSW", "SSL Password", "SslPassword"];

    /// <summary>Whether what was typed says where the secret is.</summary>
    public static bool IsElsewhere(string given) => given == "-" || given.StartsWith('@');

    /// <summary>A connection string, which may be given itself if it holds no password.</summary>
    /// <exception cref="CommandFailedException">It does, or there is none where the option says.</exception>
    public static string? Connection(string option, string? given) =>
        given is null ? null
        : IsElsewhere(given) ? Read(option, given)
        : !HasPassword(given) ? given
        : throw new CommandFailedException(
            $"{option} holds a password, and every user of this machine sees the arguments of its programs.\n"
            + $"Write the connection string elsewhere and say where: {option} {Forms}.");

    private static bool HasPassword(string connection)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            return Passwords.Any(parts.ContainsKey);
        }
        catch (ArgumentException)
        {
            return false; // it is none; its reader says so
        }
    }

    /// <summary>Reads it from where the option says.</summary>
    /// <exception cref="CommandFailedException">There is none.</exception>
    public static string Read(string option, string given)
    {
        try
        {
            var text = given == "-" ? Console.In.ReadLine() ?? "" : ReadFile(given[1..]);
            if (text.Trim() is { Length: > 0 and <= Longest } secret) return secret;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailedException($"{option} {given} cannot be read: {problem.Message}");
        }

        throw new CommandFailedException($"{option} {given} gives nothing that could be meant: write one line of text there.");
    }

    private static string ReadFile(string file)
    {
        using var reader = new StreamReader(file);
        var text = new char[Longest + 1];
        return new string(text, 0, reader.ReadBlock(text));
    }
}
