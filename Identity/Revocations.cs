using System.Collections.Concurrent;

namespace Commerce.Identity;

/// <summary>
/// What is of no use any more: tokens that were used or revoked, and all that followed from a sign-in whose code or refresh token came
/// twice (RFC 9700, sections 2.1.1 and 4.14). It ends with the process: sign-ins of development may then go on until their own end.
/// </summary>
internal sealed class Revocations
{
    private readonly ConcurrentDictionary<string, byte> _used = [];
    private readonly ConcurrentDictionary<string, byte> _signIns = [];

    /// <summary>Uses a code or refresh token; false when it was used before, which ends its sign-in.</summary>
    public bool Use(string token, string signIn)
    {
        if (_signIns.ContainsKey(signIn)) return false;
        if (_used.TryAdd(token, 0)) return true;
        End(signIn);
        return false;
    }

    /// <summary>Ends a sign-in.</summary>
    public void End(string signIn) => _signIns.TryAdd(signIn, 0);
}
