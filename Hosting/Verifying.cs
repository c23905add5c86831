using System.Globalization;
using Commerce.Journal;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>
/// <c>./commerce verify</c>: compares every fact with its seal, and says of each fault where it is and of what kind (decision 29). It
/// changes nothing, and needs an account that reads facts and seals: that of gateways will do.
/// </summary>
public static class Verifying
{
    /// <summary>The word on the command line of the gateway's program that runs it.</summary>
    public const string Word = "verify";

    /// <summary>Of each capability; the rest is counted.</summary>
    private const int MostShown = 50;

    private static readonly IReadOnlyDictionary<FaultKind, string> Words = new Dictionary<FaultKind, string>
    {
        [FaultKind.Changed] = "CHANGED", [FaultKind.Missing] = "MISSING", [FaultKind.Added] = "ADDED",
        [FaultKind.SealMissing] = "SEAL MISSING", [FaultKind.SealForged] = "SEAL FORGED", [FaultKind.NotSealed] = "NOT SEALED",
    };

    /// <summary>The exit code: 0 where all is as it was sealed, 1 where there are faults, else why it could not be seen.</summary>
    public static async Task<int> Run(string[] args)
    {
        var faults = 0;
        var code = await HostProgram.Run(async () => faults = await All(args));
        return code == HostProgram.Done && faults > 0 ? HostProgram.Failed : code;
    }

    private static async Task<int> All(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        KnownSettings.Check(configuration);
        var keys = SealKeyFile.Read(configuration) ?? throw new InvalidConfigurationException(
            KeySettings.Seals.Key, "seals are checked with the key that made them, or its public part. Give the file.");
        var accounts = CommonSettings.Accounts(configuration, Capabilities.All);
        var (prefix, timeout) = (CommonSettings.Prefix.Read(configuration), CommonSettings.StartupTimeout.Read(configuration));
        var faults = 0;
        foreach (var capability in Capabilities.All)
        {
            var found = await StartupRetry.Open(accounts, timeout, () => Verification.Run(
                accounts, prefix, capability, keys, DateTimeOffset.UtcNow, CancellationToken.None));
            Show(found);
            faults += found.Faults.Count;
        }

        Console.WriteLine(faults switch
        {
            0 => "Every fact is as it was sealed.",
            1 => "1 fault was found.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{faults:N0} faults were found."),
        });
        return faults;
    }

    private static void Show(VerifiedJournal found)
    {
        var seals = found.Last is { } last ? $"the last seal is {last.Number}, {last.Digest}" : "no seal";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Capability}: {found.Facts:N0} facts, {found.Unsealed:N0} of them after the last seals; {seals}"));
        foreach (var fault in found.Faults.Take(MostShown)) Console.WriteLine($"  {Words[fault.Kind]} {fault.Where}");
        if (found.Faults.Count > MostShown) Console.WriteLine($"  and {found.Faults.Count - MostShown} more");
    }
}
