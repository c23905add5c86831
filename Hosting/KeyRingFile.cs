using Commerce.Engine;
using Commerce.Kernel;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>The file of keys that this process is given (decision 23).</summary>
public static class KeyRingFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The keys of the capabilities, each of which needs its own where it keeps personal data.</summary>
    /// <exception cref="InvalidConfigurationException">They cannot be had; the message says what to do and shows no key.</exception>
    public static Func<string, IKeyService?> Read(IConfiguration configuration, IReadOnlyList<Capability> capabilities)
    {
        var file = KeySettings.File.Read(configuration);
        if (file.Length == 0)
            throw new InvalidConfigurationException(
                KeySettings.File.Key,
                "what the databases keep of persons is sealed, and this process has no keys. Give the path of the key ring; "
                + $"with {KeySettings.Create.Key}=true it is made where there is none.");
        var safe = KeyRingSafe.Of(configuration);
        var ring = Of(file, safe, KeySettings.Create.Read(configuration));
        if (capabilities.FirstOrDefault(c => ring.Of(c.Name) is null) is { } without)
            throw new InvalidConfigurationException(
                KeySettings.File.Key,
                $"the key ring '{file}' has no keys of {without.Name}. Give one that has, or host other capabilities.");
        return name => ring.Of(name) is { } keys ? new KeyRingKeys(file, safe, name, keys) : null;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="safe">What it is sealed with.</param>
    /// <param name="create">Make it where there is none, with keys of all capabilities; and add those of capabilities that are new.</param>
    public static KeyRing Of(string file, KeyRingSafe safe, bool create)
    {
        try
        {
            if (create && !File.Exists(file)) Make(file, safe);
            if (IsOpenToOthers(file))
                throw new InvalidConfigurationException(
                    KeySettings.File.Key, $"others than its owner may read the key ring '{file}'. Make it yours alone: chmod 600 '{file}'");
            var ring = Parse(file, safe);
            return create && Completed(ring) != ring ? Complete(file, safe) : ring;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new InvalidConfigurationException(
                KeySettings.File.Key,
                $"the key ring '{file}' cannot be used: {problem.Message}. Give the path of the one that the databases "
                + "were sealed with; without it their personal data is lost.");
        }
    }

    /// <summary>Whether others than its owner may read or write a file.</summary>
    internal static bool IsOpenToOthers(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0;

    /// <summary>Writes a file in the place of the one before, at once and for its owner alone.</summary>
    public static void Write(string file, KeyRingSafe safe, KeyRing ring)
    {
        var next = Temporary(file, safe.Seal(ring.Text()));
        File.Move(next, file, overwrite: true);
    }

    private static KeyRing Completed(KeyRing ring) => ring.Completed(Capabilities.All.Select(c => c.Name));

    private static KeyRing Parse(string file, KeyRingSafe safe) => KeyRing.Parse(safe.Open(File.ReadAllText(file)));

    // One process at a time: two that add keys of one capability would each seal with its own.
    private static KeyRing Complete(string file, KeyRingSafe safe)
    {
        using var turn = Turn($"{file}.lock");
        var ring = Parse(file, safe);
        var completed = Completed(ring);
        if (completed != ring) Write(file, safe, completed);
        return completed;
    }

    private static FileStream Turn(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        for (var patience = 100; ; patience--)
        {
            try
            {
                return new FileStream(file, options);
            }
            catch (IOException) when (patience > 0)
            {
                Thread.Sleep(50);
            }
        }
    }

    // Of several processes that start at once, one makes it: the others find it there.
    private static void Make(string file, KeyRingSafe safe)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var mine = Temporary(file, safe.Seal(KeyRing.New(Capabilities.All.Select(c => c.Name)).Text()));
        try
        {
            File.Move(mine, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(mine);
        }
    }

    private static string Temporary(string file, string text)
    {
        var temporary = $"{file}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(new FileStream(temporary, options));
        writer.Write(text);
        return temporary;
    }
}
