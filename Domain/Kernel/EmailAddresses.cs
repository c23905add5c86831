using System.Globalization;
using System.Text;

namespace Commerce.Kernel;

/// <summary>E-mail addresses, in any script (RFC 6531): a name, an at sign, and a domain as IDNA knows it (RFC 5891).</summary>
public static class EmailAddresses
{
    /// <summary>The most characters of one (RFC 5321, section 4.5.3.1.3).</summary>
    public const int MaxLength = 254;

    private const int MaxName = 64;

    private static readonly IdnMapping Idna = new() { UseStd3AsciiRules = true };

    /// <summary>The refusal of a text that is none; null when it is one.</summary>
    public static Refusal? Fault(string field, string? email) =>
        email is { Length: <= MaxLength } && Parts(email.Trim()) is not null && Validate.Text(field, email, MaxLength) is null
            ? null
            : Refusals.Invalid(
                "invalid_email", field, $"'{email}' is not an e-mail address.",
                $"Give one such as name@example.com, at most {MaxLength} characters.");

    /// <summary>
    /// As it is compared: without regard to case, to the form of Unicode that it was typed in, and to whether its domain was written in its
    /// own script or in ASCII. A part of one, as people type it to search, is compared as far as it goes.
    /// </summary>
    public static string Compared(string email)
    {
        var text = email.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        return Parts(text) is var (name, domain) ? $"{name}@{domain.ToLowerInvariant()}" : text;
    }

    private static (string Name, string Domain)? Parts(string email)
    {
        var at = email.LastIndexOf('@');
        if (at is < 1 or > MaxName || email[^1] is '@' or '.' || email[..at].Any(c => c == '@' || char.IsWhiteSpace(c))) return null;
        try
        {
            return (email[..at], Idna.GetAscii(email[(at + 1)..]));
        }
        catch (ArgumentException)
        {
            return null; // no domain
        }
    }
}
