namespace Commerce.Engine;

/// <summary>
/// The keys of one capability (decision 23). Each row of its database that holds personal data has data keys of its own, which lie in that
/// row, wrapped by a key that only this service has.
/// </summary>
public interface IKeyService
{
    /// <summary>The version of the key that wraps.</summary>
    int Newest { get; }

    /// <summary>Wraps a data key with the newest key.</summary>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="context">What it is for; the same is needed to unwrap it.</param>
    byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context);

    /// <summary>The data key.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was wrapped for something else, or changed.</exception>
    /// <exception cref="InvalidOperationException">There is no key of that version, or none any more.</exception>
    byte[] Unwrap(int version, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context);

    /// <summary>A token that tells nothing of a text but whether another one is the same: for search, and for unique values.</summary>
    byte[] Token(ReadOnlySpan<byte> text);
}
