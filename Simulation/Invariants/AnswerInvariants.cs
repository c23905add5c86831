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
    public void Kept(AppendRequest append, long version, PersonalData personal)
    {
        if (append.Answer is not { } answer) return; // the caller is the system, and gets what the state says
        switch (append.Entity.Kind)
        {
            case "stock": Check(append, Of<StockLevel>(append, answer, personal), version); break;
            case "payment": Check(append, Of<PaymentView>(append, answer, personal), version); break;
        }
    }

    private static Result<T> Of<T>(AppendRequest append, string answer, PersonalData personal) =>
        personal.Read<Result<T>>(append.Entity, answer, append.Keys);

    private void Check(AppendRequest append, Result<StockLevel> answer, long version)
    {
        var shelf = stock.Shelves[append.Entity.Key];
        if (answer.Value is { } level)
            Compare(append, (level.OnHand, level.Held, level.Version), (shelf.OnHand, shelf.Held, version));
        else if (answer.Refusal?.Values?.Available is { } available)
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
