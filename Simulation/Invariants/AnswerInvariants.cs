using System.Text.Json;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>
/// Answers, compared with the other books at the moment of their commit: an answer that was decided on another state than the one it was
/// committed to differs from them, harmful or not.
/// </summary>
internal sealed class AnswerInvariants(RunVerdict verdict, StockInvariants stock, MoneyInvariants money)
{
    /// <summary>An answer was kept, with the entity at <paramref name="version"/>; the other books have its facts already.</summary>
    public void Kept(AppendRequest append, long version)
    {
        switch (append.Entity.Kind)
        {
            case "stock" when !IsVersion(append): Check(append, Of<StockLevel>(append), version); break;
            case "payment" when !IsVersion(append):
                Check(append, Of<PaymentView>(append), version);
                break;
        }
    }

    // What an entity does by itself, such as an expiry, is answered with its version only.
    private static bool IsVersion(AppendRequest append) =>
        append.Answer.StartsWith("""{"value":""", StringComparison.Ordinal)
        && !append.Answer.StartsWith("""{"value":{""", StringComparison.Ordinal);

    private static Result<T> Of<T>(AppendRequest append) => JsonSerializer.Deserialize<Result<T>>(append.Answer, FactCatalog.Json)!;

    private void Check(AppendRequest append, Result<StockLevel> answer, long version)
    {
        var shelf = stock.Shelves[append.Entity.Key];
        if (answer.Value is { } level)
            Compare(append, (level.OnHand, level.Held, level.Version), (shelf.OnHand, shelf.Held, version));
        else if (answer.Refusal?.Facts?.GetValueOrDefault("available") is { } available)
            Compare(append, $"{available} available", $"{shelf.OnHand - shelf.Held} available");
    }

    private void Check(AppendRequest append, Result<PaymentView> answer, long version)
    {
        if (answer.Value is not { } payment || !money.Purses.TryGetValue(append.Entity.Key, out var purse)) return;
        Compare(
            append, (payment.Authorized, payment.Captured, payment.Refunded, payment.Version),
            (purse.Held, purse.Captured, purse.Refunded, version));
    }

    private void Compare<T>(AppendRequest append, T said, T so)
    {
        if (!EqualityComparer<T>.Default.Equals(said, so))
            verdict.Broken("an answer says what is so", $"{append.Entity}, {append.OperationId}: answered {said}, and it is {so}");
    }
}
