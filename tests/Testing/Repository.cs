namespace Commerce.Testing;

/// <summary>Where the checkout is.</summary>
public static class Repository
{
    /// <summary>A file or folder of it.</summary>
    public static string File(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return Path.Combine([folder.FullName, .. path]);
    }
}
