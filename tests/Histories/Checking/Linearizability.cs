using System.Globalization;
using System.Text;

namespace Commerce.Histories;

/// <summary>What a check found.</summary>
/// <param name="Entity">Of which entity.</param>
/// <param name="Explained">True when all its answers can be explained by doing one thing at a time.</param>
/// <param name="Why">If not: what cannot be explained, or that the search gave up; for a person.</param>
/// <param name="Operations">How many operations its history has.</param>
/// <param name="Visited">How many states were looked at.</param>
public sealed record Finding(string Entity, bool Explained, string Why, int Operations, int Visited);

/// <summary>
/// Checks that a history of one entity is linearizable: that every operation could have taken effect in one instant between its request
/// and its answer, so that all answers are those of an entity that does one thing at a time. A system is linearizable when each of its
/// entities is (Herlihy and Wing), so that each is checked by itself.
/// </summary>
public static class Linearizability
{
    /// <summary>The most states that a check visits by default: some seconds and some hundred megabytes.</summary>
    public const int DefaultLimit = 2_000_000;

    private const int Shown = 8;

    /// <summary>Checks it. A search that gives up has not explained anything.</summary>
    public static Finding Check<TState, TAsked, TAnswer>(
        string entity, IModel<TState, TAsked, TAnswer> model, IReadOnlyCollection<Operation<TAsked, TAnswer>> history,
        int limit = DefaultLimit)
        where TState : notnull
        where TAsked : class
        where TAnswer : class
    {
        var search = new Search<TState, TAsked, TAnswer>(model, history, limit);
        var why = search.Run() switch
        {
            Found.Order => "",
            Found.None => Explain(entity, model, history, limit, search.Explained),
            _ => $"{entity}: whether its {history.Count} operations can be explained is not known; the search gave up after {limit:N0} "
                + "states. Record fewer operations at a time, or raise the limit.",
        };
        return new Finding(entity, why.Length == 0, why, history.Count, search.Visited);
    }

    // Every prefix of a history that can be explained can be explained too, so that the first answer that is wrong is found by halving. It
    // is looked for from where the search came to, in growing steps: to find that there is no order takes longest.
    private static string Explain<TState, TAsked, TAnswer>(
        string entity, IModel<TState, TAsked, TAnswer> model, IReadOnlyCollection<Operation<TAsked, TAnswer>> history, int limit, int fine)
        where TState : notnull
        where TAsked : class
        where TAnswer : class
    {
        var answered = history.Where(o => o.Answered is not null).OrderBy(o => o.Answered).ToList();
        Search<TState, TAsked, TAnswer> Upto(int answers) => new(model, Prefix(history, answered.Take(answers)), limit);
        var wrong = answered.Count;
        for (var step = 1; wrong - fine > 1; step *= 2)
        {
            var next = Math.Min(fine + step, (fine + wrong + 1) / 2);
            if (Upto(next).Run() == Found.None) wrong = next;
            else fine = next;
        }

        var culprit = answered[wrong - 1];
        var known = Prefix(history, answered.Take(fine));
        var before = new Search<TState, TAsked, TAnswer>(model, known, limit);
        var explained = before.Run() == Found.Order ? before.Order : [];
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"{entity}: of its {history.Count} operations, the first {fine} answers can be explained, and this one cannot:\n");
        Tell(text, culprit);
        text.Append((explained.Count, fine) switch
        {
            (> 0, _) => $"An order that explains those before it ends with these, and leaves it at {explained[^1].After}:\n",
            (_, 0) => $"Nothing had happened to it before: {model.Initial}.\n",
            _ => $"An order of those before it was not found within {limit:N0} states.\n",
        });
        foreach (var (operation, after) in explained.TakeLast(Shown)) Tell(text, operation, $" | {after}");
        var underWay = known.Except(explained.Select(e => e.Operation))
            .Where(o => o.Answered is null && (o.Who, o.Asked, o.Sent) != (culprit.Who, culprit.Asked, culprit.Sent)).ToList();
        if (underWay.Count > 0) text.Append("Under way then, or never answered, so that they may have happened or not:\n");
        foreach (var operation in underWay.TakeLast(Shown)) Tell(text, operation);
        return text.Append("No order of these gives that answer.").ToString();
    }

    /// <summary>The history as it was known when these had been answered and no other one.</summary>
    private static List<Operation<TAsked, TAnswer>> Prefix<TAsked, TAnswer>(
        IEnumerable<Operation<TAsked, TAnswer>> history, IEnumerable<Operation<TAsked, TAnswer>> answered)
        where TAsked : class
        where TAnswer : class
    {
        var known = answered.ToHashSet();
        var now = known.Count == 0 ? long.MinValue : known.Max(o => o.Answered!.Value);
        var cut = new Dictionary<Operation<TAsked, TAnswer>, Operation<TAsked, TAnswer>>();
        Operation<TAsked, TAnswer> Cut(Operation<TAsked, TAnswer> whole)
        {
            if (cut.TryGetValue(whole, out var had)) return had;
            var first = whole.After is { } after ? Cut(after) : null;
            return cut[whole] = known.Contains(whole)
                ? whole with { After = first }
                : whole with { Answered = null, Answer = null, After = first };
        }

        return [.. history.Where(o => o.Sent <= now).Select(Cut)];
    }

    private static void Tell<TAsked, TAnswer>(StringBuilder text, Operation<TAsked, TAnswer> operation, string more = "")
        where TAsked : class
        where TAnswer : class =>
        text.Append(CultureInfo.InvariantCulture, $"  {Time(operation.Sent)} to {Time(operation.Answered)} ")
            .Append(CultureInfo.InvariantCulture, $"{operation.Who,-12} {operation.Asked}: ")
            .Append(CultureInfo.InvariantCulture, $"{operation.Answer?.ToString() ?? "no answer"}{more}\n");

    private static string Time(long? at) => at is { } microseconds
        ? (microseconds / 1000m).ToString("#,0.000", CultureInfo.InvariantCulture).PadLeft(12) : "…".PadLeft(12);
}
