namespace Commerce.Hosting;

/// <summary>A configuration that cannot be used; the message names the key.</summary>
public sealed class InvalidConfigurationException(string key, string what)
    : Exception($"Configuration '{key}' (environment variable {key.Replace(":", "__")}): {what}");

/// <summary>The databases cannot be opened; the message says why and what to do.</summary>
public sealed class NoDatabaseException(string message, Exception inner) : Exception(message, inner);

/// <summary>There is no cluster to serve from; the message says where the process looked and what to do.</summary>
public sealed class NoClusterException(string message, Exception inner) : Exception(message, inner);

/// <summary>A port that the process needs is taken, found out before anything was started.</summary>
public sealed class PortInUseException(string message, Exception? inner = null) : IOException(message, inner);
