using System.Buffers.Text;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Providers;

/// <summary>
/// The sandbox's id of an authorization. It says all that a later request needs to know, so that the sandbox keeps nothing on disk and
/// still knows its authorizations after a restart.
/// </summary>
/// <param name="Reference">The reference of the authorization's request.</param>
/// <param name="Method">The payment method.</param>
/// <param name="Minor">Authorized, in minor units.</param>
internal sealed record SandboxToken(string Reference, string Method, long Minor, string Currency)
{
    private const string Prefix = "sbx_";

    public Money Amount => new(Minor, Currency);

    /// <summary>As the provider's id.</summary>
    public string Write() => Prefix + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>From the provider's id; null when the sandbox never gave it out.</summary>
    public static SandboxToken? Read(string id)
    {
        if (!id.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(id.AsSpan(Prefix.Length))) return null;
        try
        {
            return JsonSerializer.Deserialize<SandboxToken>(Base64Url.DecodeFromChars(id.AsSpan(Prefix.Length)));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
