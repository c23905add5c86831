namespace Commerce.LocalPostgres;

/// <summary>The private PostgreSQL cannot be started or stopped; the message says why and what to do.</summary>
public sealed class LocalPostgresException(string message, Exception? inner = null) : Exception(message, inner);
