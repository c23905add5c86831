using Commerce.Engine;

namespace Commerce.Hosting;

/// <summary>
/// The keys of one capability in a file that may change while the process runs: a key that was added is used within seconds, and a row that
/// another process has wrapped with it already has the file read at once.
/// </summary>
internal sealed class KeyRingKeys(string file, KeyRingSafe safe, string capability, CapabilityKeys first) : IKeyService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private CapabilityKeys _keys = first;
    private DateTime _written = File.GetLastWriteTimeUtc(file);
    private long _lookedAt = Environment.TickCount64;

    public int Newest => Current().Newest;

    public byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context) => Current().Wrap(dataKey, context);

    public byte[] Unwrap(int version, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context)
    {
        var keys = Current();
        if (version > keys.Newest) keys = Look();
        return version <= keys.Newest ? keys.Unwrap(version, wrapped, context) : throw new InvalidOperationException(
            $"Data of {capability} is sealed under version {version} of its keys, and the key ring '{file}' has only {keys.Newest}. "
            + "Give this process the ring that the others have.");
    }

    public byte[] Token(ReadOnlySpan<byte> text) => _keys.Token(text);

    private CapabilityKeys Current() =>
        Environment.TickCount64 - Volatile.Read(ref _lookedAt) < LookEvery.TotalMilliseconds ? Volatile.Read(ref _keys) : Look();

    private CapabilityKeys Look()
    {
        lock (_gate)
        {
            Volatile.Write(ref _lookedAt, Environment.TickCount64);
            var written = File.GetLastWriteTimeUtc(file);
            if (written != _written && File.Exists(file) && KeyRingFile.Of(file, safe, create: false).Of(capability) is { } changed)
                (_keys, _written) = (changed.Including(_keys), written);
            return _keys;
        }
    }
}
