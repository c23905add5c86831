using System.Collections.Concurrent;
using Commerce.Engine;

namespace Commerce.Testing;

/// <summary>The keys of capabilities, the same for all that a test program opens: as if its processes had one key ring.</summary>
public static class TestKeys
{
    private static readonly ConcurrentDictionary<string, IKeyService> Made = [];

    public static IKeyService? Of(string capability) => Made.GetOrAdd(capability, _ => CapabilityKeys.New());
}
