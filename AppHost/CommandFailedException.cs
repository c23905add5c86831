namespace Commerce.AppHost;

/// <summary>The command failed; the message says why and what to do. It becomes exit code 1.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
