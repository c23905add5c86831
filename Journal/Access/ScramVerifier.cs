using System.Security.Cryptography;
using System.Text;

namespace Commerce.Journal;

/// <summary>What PostgreSQL keeps of a password (RFC 5803). It is made here, so that no statement and no log holds the password.</summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Text(salt)}${Text(stored)}:{Text(server)}";
    }

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes);
}
