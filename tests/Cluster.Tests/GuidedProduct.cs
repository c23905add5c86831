using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>The product with the capability that the guide adds, built from the guide's own text.</summary>
public sealed class GuidedProduct : IAsyncLifetime
{
    private static readonly string[] Programs = ["ApiGateway", "Silo", "Simulation"];

    private readonly SourceCopy _copy = new([.. Programs, "tests/Domain.Tests"]);

    /// <summary>The built program of a project.</summary>
    public string ProgramOf(string project) => _copy.ProgramOf(project);

    /// <summary>Runs a built program to its end.</summary>
    public async Task<(int Exit, string Output)> Run(string project, string[] arguments, string? write = null)
    {
        var environment = write is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [write] = "1" };
        await using var program = RunningProgram.Start(ProgramOf(project), environment, arguments);
        return (await program.Exit(), program.Output);
    }

    public async ValueTask InitializeAsync()
    {
        var blocks = Guide.Blocks(await File.ReadAllTextAsync(Path.Combine(LocalCluster.Root(), Guide.Name)));
        foreach (var block in blocks) await Guide.Apply(block, _copy);

        // The grains follow from the contracts, so the program that writes them is built before they are.
        await Build("tests/Domain.Tests/Domain.Tests.csproj", blocks);
        var (exit, output) = await Run("tests/Domain.Tests", ["-class", "*.GrainCodeTests"], write: "COMMERCE_WRITE");
        Assert.True(exit == 0, $"The grains cannot be written from the contracts of {Guide.Name}:\n{output}");

        await File.WriteAllTextAsync(
            _copy.PathOf("Guide.slnx"),
            $"<Solution>{string.Concat(Programs.Select(p => $"""<Project Path="{p}/{p}.csproj" />"""))}</Solution>");
        await Build("Guide.slnx", blocks);
    }

    public ValueTask DisposeAsync()
    {
        _copy.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Build(string target, IReadOnlyList<GuideBlock> blocks)
    {
        var complaints = Guide.InTheGuide(await _copy.Build(target), blocks, _copy);
        Assert.True(complaints.Length == 0, $"{target} does not build with what {Guide.Name} says:\n{complaints}");
    }
}
