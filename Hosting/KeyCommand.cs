using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>
/// What a program does with a key ring instead of running: <c>keys make FILE</c>, <c>add</c>, <c>rotate</c> and <c>retire</c>
/// (docs/security.md).
/// </summary>
internal static class KeyCommand
{
    private const string Usage =
        "keys make FILE     makes a key ring where there is none\n"
        + "keys add FILE      adds keys of capabilities that it has none of, because they are new\n"
        + "keys rotate FILE   adds a key for each capability; it wraps from now on, and running processes rewrap what there is\n"
        + "keys retire FILE   removes the keys before, once the log says that nothing is wrapped by them; there is no way back";

    /// <summary>The exit code; null: the arguments are none of these.</summary>
    public static int? Run(string[] args)
    {
        if (args is not ["keys", ..]) return null;
        if (args is not ["keys", "make" or "add" or "rotate" or "retire", var file])
        {
            Console.Error.WriteLine(Usage);
            return HostProgram.BadConfiguration;
        }

        try
        {
            var safe = KeyRingSafe.Of(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            var there = File.Exists(file);
            if (args[1] == "make" && there)
                throw new InvalidConfigurationException(
                    KeySettings.File.Key,
                    $"there is a key ring '{file}' already. Give another name: what it seals cannot be read without it.");
            var ring = KeyRingFile.Of(file, safe, create: args[1] == "make" || (args[1] == "add" && there));
            if (args[1] is "rotate" or "retire") KeyRingFile.Write(file, safe, args[1] == "rotate" ? ring.Rotated() : ring.Retired());
            Console.WriteLine($"'{file}' has {(args[1] == "rotate" ? "another" : "a")} key for each capability.");
            return HostProgram.Done;
        }
        catch (InvalidConfigurationException bad)
        {
            Console.Error.WriteLine(bad.Message);
            return HostProgram.BadConfiguration;
        }
    }
}
