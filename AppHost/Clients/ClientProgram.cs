namespace Commerce.AppHost;

/// <summary>Programs of the repository whose arguments are those of the command.</summary>
internal static class ClientProgram
{
    /// <summary>Builds the project into a folder of its own and runs its program in this one's place; the exit code is its own.</summary>
    public static Task<int> Become(
        string project, IReadOnlyList<string> arguments, Workspace workspace, Terminal screen,
        IReadOnlyDictionary<string, string?>? environment = null) =>
        Become([project], _ => arguments, workspace, screen, environment);

    /// <summary>
    /// Builds projects, each into a subfolder of one new folder, and runs the program of the last; <paramref name="arguments"/> gets the
    /// folder.
    /// </summary>
    public static async Task<int> Become(
        IReadOnlyList<string> projects, Func<string, IReadOnlyList<string>> arguments, Workspace workspace, Terminal screen,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var name = Path.GetFileName(projects[^1]);
        var folder = Directory.CreateTempSubdirectory($"commerce-{name.ToLowerInvariant()}-").FullName;
        try
        {
            string Folder(string project) => Path.Combine(folder, Path.GetFileName(project));
            using (var signals = new StopSignals())
                await new Build(workspace, screen).Programs([.. projects.Select(p => new Installed(p, Folder(p)))], signals.Token);

            return await ChildProcess.Become(
                Workspace.Dotnet, [Path.Combine(Folder(name), Workspace.ProgramOf(name)), .. arguments(folder)], environment);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
