namespace Commerce.Hosting;

/// <summary>A configuration that cannot be used; the message names the key.</summary>
public sealed class InvalidConfigurationException : Exception
{
    /// <param name="key">Of which setting.</param>
    /// <param name="what">What is wrong with it and what to do.</param>
    public InvalidConfigurationException(string key, string what) : base($"Configuration {Sentence(key, what)}") { }

    private InvalidConfigurationException(string message) : base(message) { }

    /// <summary>Things that only development may have.</summary>
    public static InvalidConfigurationException NotForProduction(IEnumerable<(string Key, string What)> refused) => new(
        "This process does not start in production with this configuration:"
        + string.Concat(refused.Select(r => $"\n  {Sentence(r.Key, r.What)}"))
        + $"\nTo try things out, set {Setting.Variable(CommonSettings.Mode.Key)}=development.");

    private static string Sentence(string key, string what) => $"'{key}' (environment variable {Setting.Variable(key)}): {what}";
}

/// <summary>The databases cannot be opened; the message says why and what to do.</summary>
public sealed class NoDatabaseException(string message, Exception inner) : Exception(message, inner);

/// <summary>There is no cluster to serve from; the message says where the process looked and what to do.</summary>
public sealed class NoClusterException(string message, Exception inner) : Exception(message, inner);

/// <summary>A port that the process needs is taken, found out before anything was started.</summary>
public sealed class PortInUseException(string message, Exception? inner = null) : IOException(message, inner);
