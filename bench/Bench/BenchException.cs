namespace Commerce.Bench;

/// <summary>The bench cannot go on, or an order did not go as it should; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
