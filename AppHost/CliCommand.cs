using System.CommandLine;

namespace Commerce.AppHost;

/// <summary>One word of <c>./commerce</c>, with examples of its use.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines to copy, each with what it does.</summary>
    public required IReadOnlyList<(string Line, string Meaning)> Examples { get; init; }

    /// <summary>What one should know besides, a line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
