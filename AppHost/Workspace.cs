namespace Commerce.AppHost;

/// <summary>The checkout that this command belongs to, and where things are in it.</summary>
internal sealed record Workspace(string Root)
{
    private const string Framework = "net10.0";

    /// <summary>The <c>dotnet</c> that runs this process runs its children too, independent of the PATH.</summary>
    public static string Dotnet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Where data goes unless the caller says otherwise.</summary>
    public string Data => Path.Combine(Root, ".data");

    /// <summary>Everything there is to build.</summary>
    public string Solution => Path.Combine(Root, "Orleans.sln");

    /// <summary>The file of a project: <c>ApiGateway</c>, <c>tests/Domain.Tests</c>.</summary>
    public string Project(string name) => Path.Combine(Root, name, Path.GetFileName(name) + ".csproj");

    /// <summary>The folder that a project is built into.</summary>
    public string Output(string name) => Path.Combine(Root, name, "bin", "Release", Framework);

    /// <summary>The program that a project is built into.</summary>
    public static string ProgramOf(string name) => $"Commerce.{Path.GetFileName(name)}.dll";

    /// <summary>The command that prints a token for the <c>up</c> of a data folder, but for its role.</summary>
    public string Token(string data) => $"{Command} token{(Path.GetFullPath(data) == Data ? "" : $" --data {data}")} --role";

    /// <summary>How the command is called from where the user is.</summary>
    private string Command => Environment.CurrentDirectory == Root ? "./commerce" : Path.Combine(Root, "commerce");

    /// <summary>The <c>commerce</c> script says where it is; without it, the folder above this program that holds the solution.</summary>
    public static Workspace Find()
    {
        if (Environment.GetEnvironmentVariable("COMMERCE_ROOT") is { Length: > 0 } root) return new(root);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) return new(folder.FullName);
        throw new InvalidOperationException($"No Orleans.sln above {AppContext.BaseDirectory}. Start it with the commerce script.");
    }
}
