using System.Globalization;
using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// What lets a guest come back to one order: a text that a confirmation mail can link to. It says which order and until when, and a code
/// proves that it was made here. Nothing of it is kept.
/// </summary>
internal sealed class GuestLinks(Signer signer, TimeProvider clock)
{
    /// <summary>What it begins with, for programs that look for secrets in a text.</summary>
    public const string Prefix = "cgo_";

    /// <summary>The header of the answer to a guest who has placed an order.</summary>
    public const string Header = "Order-Access";

    private const string Purpose = "guest-order";
    private const string Role = "guest-order";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>The link to an order that was just placed.</summary>
    public string Make(string order) =>
        Prefix + signer.Seal(Purpose, $"{order} {(clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}");

    /// <summary>The bearer of a link; null: it was not made here, or its time is over.</summary>
    public Caller? Find(string link) =>
        signer.Open(Purpose, link.AsSpan(Prefix.Length))?.Split(' ') is [var order, var end]
        && clock.GetUtcNow().ToUnixTimeSeconds() < long.Parse(end, CultureInfo.InvariantCulture)
            ? new Caller($"guest/{order}", AccessTable.Roles[Role].Scopes, new Reach(ReachKind.Order, order)) : null;
}
