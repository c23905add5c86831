namespace Commerce.Journal;

/// <summary>A database cannot be used by this version of the software; the message says why and what to do.</summary>
public sealed class JournalSchemaException(string message, Exception? inner = null) : Exception(message, inner);
