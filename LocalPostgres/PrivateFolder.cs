namespace Commerce.LocalPostgres;

/// <summary>Folders and files that only their owner may read, from the moment in which they are made.</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the folder. One that is there and open to others is closed to them, if it holds nothing but <paramref name="ours"/>: anything
    /// else may be there for others to read.
    /// </summary>
    /// <exception cref="LocalPostgresException">It is open to others and must not be closed; the message says what to do.</exception>
    public static void Make(string folder, params string[] ours)
    {
        if (OperatingSystem.IsWindows()) throw new LocalPostgresException("A data folder is for Linux and macOS.");
        Directory.CreateDirectory(folder, OwnersFolder);
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~OwnersFolder) == 0) return;
        var foreign = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Except(ours).Order().FirstOrDefault();
        if (foreign is not null)
            throw new LocalPostgresException(
                $"The data folder '{folder}' is open to other users (mode {Convert.ToString((int)mode, 8)}) and holds '{foreign}', which "
                + $"is none of its files. Use another folder, or close it: chmod 700 {folder}");
        File.SetUnixFileMode(folder, OwnersFolder);
    }

    /// <summary>Opens a file, which is made for its owner only.</summary>
    public static FileStream Open(string file, FileMode mode, FileAccess access, FileShare share = FileShare.None)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open) options.UnixCreateMode = OwnersFile;
        return new FileStream(file, options);
    }

    /// <summary>Writes a new file in the place of one that may be there.</summary>
    public static void Write(string file, string text)
    {
        File.Delete(file);
        using var writer = new StreamWriter(Open(file, FileMode.CreateNew, FileAccess.Write));
        writer.Write(text);
    }
}
