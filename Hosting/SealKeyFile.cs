using Commerce.Journal;
using Commerce.Kernel;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>The file of the key that seals are signed and checked with (decision 29).</summary>
public static class SealKeyFile
{
    /// <summary>For a process that seals what it hosts; null: it has no key, and seals nothing.</summary>
    /// <param name="configuration">Where its name is.</param>
    /// <param name="accounts">Those of PostgreSQL.</param>
    /// <param name="hosted">The capabilities of the process.</param>
    /// <exception cref="InvalidConfigurationException">It cannot be used, or an account that seals is missing.</exception>
    public static SealKeys? ToSign(IConfiguration configuration, PostgresAccounts accounts, IReadOnlyList<Capability> hosted)
    {
        if (Read(configuration) is not { } keys) return null;
        if (!keys.CanSign)
            throw new InvalidConfigurationException(
                KeySettings.Seals.Key,
                $"'{KeySettings.Seals.Read(configuration)}' holds public keys alone, and sealing takes a private one. Give that, or "
                + "leave the setting out: then this process seals nothing.");
        if (hosted.FirstOrDefault(c => !accounts.MaySeal(c.Name)) is { } missing)
            throw new InvalidConfigurationException(
                $"{CommonSettings.Postgres.Key}:{PostgresAccounts.OfSeals(missing.Name)}",
                $"missing, and {KeySettings.Seals.Key} is given; they belong together. './commerce migrate --accounts DIR' makes one.");
        return keys;
    }

    /// <summary>The keys of the file; null: none is named.</summary>
    /// <exception cref="InvalidConfigurationException">It cannot be used.</exception>
    public static SealKeys? Read(IConfiguration configuration)
    {
        var file = KeySettings.Seals.Read(configuration);
        if (file.Length == 0) return null;
        try
        {
            var keys = SealKeys.Parse(File.ReadAllText(file));
            return !keys.CanSign || !KeyRingFile.IsOpenToOthers(file) ? keys : throw new InvalidConfigurationException(
                KeySettings.Seals.Key, $"others than its owner may read the private key '{file}'. Make it yours alone: chmod 600 '{file}'");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new InvalidConfigurationException(
                KeySettings.Seals.Key,
                $"the key of seals '{file}' cannot be used: {problem.Message}. A new one: openssl ecparam -name prime256v1 -genkey -noout");
        }
    }
}
