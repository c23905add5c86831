namespace Commerce.AppHost;

/// <summary>The command cannot do what was asked; the message tells a person why and what to do. It becomes exit code 1.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
