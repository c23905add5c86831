using System.CommandLine;

namespace Commerce.AppHost;

/// <summary>Which gateway a client talks to.</summary>
internal static class GatewayOption
{
    private const string Default = "http://127.0.0.1:8080";

    /// <summary>The option <c>--gateway URL</c>.</summary>
    public static Option<string> Create() => new("--gateway")
    {
        HelpName = "URL", Description = $"the running gateway (default: {Default})", DefaultValueFactory = _ => Default,
    };
}
