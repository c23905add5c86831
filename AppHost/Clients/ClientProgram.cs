namespace Commerce.AppHost.Clients;

/// <summary>A program of the repository whose arguments are those of the command.</summary>
internal static class ClientProgram
{
    /// <summary>Builds the project into a folder of its own and runs its program in this one's place; the exit code is its own.</summary>
    public static async Task<int> Become(string project, IReadOnlyList<string> arguments, Workspace workspace, Screen screen)
    {
        var folder = Directory.CreateTempSubdirectory($"commerce-{project.ToLowerInvariant()}-").FullName;
        try
        {
            using (var signals = new StopSignals()) await new Build(workspace, screen).Project(project, folder, signals.Token);
            return await Child.Become(Workspace.Dotnet, [Path.Combine(folder, Workspace.ProgramOf(project)), .. arguments]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
