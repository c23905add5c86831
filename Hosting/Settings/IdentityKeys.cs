namespace Commerce.Hosting;

/// <summary>The settings of the authorization server for development. <c>./commerce up</c> sets all of them.</summary>
public static class IdentityKeys
{
    public static readonly Setting Url = new(
        "Identity:Url", "none; it has to be given", "Where it listens, `http://127.0.0.1:PORT`, and its name as an issuer.");

    public static readonly Setting Secret = new(
        "Identity:Secret", "none; it has to be given", "The secret of all its clients that can keep one: 32 characters or more.");

    public static readonly Setting SigningKey = new(
        "Identity:SigningKey", "none; it has to be given", "The private key that it signs tokens with: P-256, PEM.");
}
