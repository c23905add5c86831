namespace Commerce.Testing;

/// <summary>What <c>migrate --accounts</c> writes: the environments of each kind of process.</summary>
public static class AccountFiles
{
    /// <summary>Has them written into a folder of their own, and reads them; by the kind of process.</summary>
    /// <param name="migrate">Migrates, and writes into this folder.</param>
    public static async Task<Dictionary<string, (string Name, string Value)[]>> Make(Func<string, Task> migrate)
    {
        var folder = Directory.CreateTempSubdirectory("commerce-accounts-");
        try
        {
            await migrate(folder.FullName);
            return folder.GetFiles().ToDictionary(
                file => Path.GetFileNameWithoutExtension(file.Name),
                file => File.ReadAllLines(file.FullName).Select(l => l.Split('=', 2)).Select(l => (l[0], l[1])).ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
