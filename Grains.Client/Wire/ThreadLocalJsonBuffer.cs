using System.Buffers;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>A thread's own buffer to write JSON into, before its length is known. Writing is never interrupted, so one is enough.</summary>
internal sealed class ThreadLocalJsonBuffer
{
    private const int KeptBytes = 256 * 1024; // after something larger, the memory is given back

    [ThreadStatic]
    private static ThreadLocalJsonBuffer? _mine;

    private readonly JsonWriterOptions _options = new() { Encoder = FactCatalog.Json.Encoder, SkipValidation = true };
    private ArrayBufferWriter<byte> _buffer = new(4 * 1024);

    private ThreadLocalJsonBuffer() => Json = new Utf8JsonWriter(_buffer, _options);

    /// <summary>This thread's.</summary>
    public static ThreadLocalJsonBuffer Mine
    {
        get
        {
            var mine = _mine ??= new ThreadLocalJsonBuffer();
            mine.Clear(); // what a failed writing has left behind
            return mine;
        }
    }

    /// <summary>Where to write to.</summary>
    public Utf8JsonWriter Json { get; private set; }

    /// <summary>What was written since.</summary>
    public ReadOnlySpan<byte> Written()
    {
        Json.Flush();
        return _buffer.WrittenSpan;
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        if (_buffer.Capacity > KeptBytes)
        {
            _buffer = new ArrayBufferWriter<byte>(4 * 1024);
            Json = new Utf8JsonWriter(_buffer, _options);
            return;
        }

        Json.Reset();
        _buffer.ResetWrittenCount();
    }
}
