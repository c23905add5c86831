using Xunit;
using Op = Commerce.Histories.Operation<Commerce.Histories.Tests.Ask, Commerce.Histories.Tests.Said>;

namespace Commerce.Histories.Tests;

/// <summary>The checker on histories of a real object that is used by several at once, and on the same with an answer changed.</summary>
public sealed class RandomHistoryTests
{
    [Fact]
    public void Every_history_of_a_real_object_is_explained()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var finding = Linearizability.Check($"seed {seed}", new ShelfModel(), Record(new Random(seed), clients: 6, operations: 200));
            Assert.True(finding.Explained, finding.Why);
        }
    }

    [Fact]
    public void Small_histories_are_explained_exactly_when_some_order_of_operations_does()
    {
        var (wrong, harmless) = (0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var history = Record(random, clients: 3, operations: 6);
            Assert.True(AnyOrder(0, [], history), $"Seed {seed}: trying all orders does not explain a real history.");
            Corrupt(random, history);
            var possible = AnyOrder(0, [], history);
            var finding = Linearizability.Check($"seed {seed}", new ShelfModel(), history);
            Assert.True(possible == finding.Explained, $"Seed {seed}: by all orders it is {possible}, the checker says {finding}");
            if (possible) harmless++;
            else wrong++;
        }

        Assert.True(wrong > 500 && harmless > 100, $"{wrong} wrong and {harmless} harmless changes try too little.");
    }

    [Fact]
    public void A_long_history_with_a_count_that_never_was_is_not_explained()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var history = Record(new Random(seed), clients: 5, operations: 150);
            var at = history.FindIndex(75, o => o is { Asked.Verb: "count", Answer: not null });
            history[at] = history[at] with { Answer = new Said(-1) };
            var finding = Linearizability.Check($"seed {seed}", new ShelfModel(), history);
            Assert.False(finding.Explained);
            Assert.Contains("count: -1", finding.Why);
        }
    }

    /// <summary>
    /// Clients that each ask one thing after the other; each request takes effect at one moment between its sending and its answer. One
    /// in ten is lost: on its way there, or on its way back.
    /// </summary>
    private static List<Op> Record(Random random, int clients, int operations)
    {
        var shelf = new Shelf();
        var history = new List<Op>();
        var busy = new Dictionary<int, (Ask Ask, long Sent, Said? Said)>();
        for (var now = 0L; history.Count < operations; now++)
        {
            var client = random.Next(clients);
            if (!busy.TryGetValue(client, out var at))
            {
                busy[client] = (Ask(random), now, null);
            }
            else if (random.Next(20) == 0 || (at.Said is not null && random.Next(20) == 0))
            {
                history.Add(new Op($"client {client}", at.Ask, at.Sent, null, null));
                busy.Remove(client);
            }
            else if (at.Said is null)
            {
                busy[client] = at with { Said = shelf.Do(at.Ask) };
            }
            else
            {
                history.Add(new Op($"client {client}", at.Ask, at.Sent, now, at.Said));
                busy.Remove(client);
            }
        }

        history.AddRange(busy.Select(b => new Op($"client {b.Key}", b.Value.Ask, b.Value.Sent, null, null)));
        return history;
    }

    private static Ask Ask(Random random) => random.Next(3) switch
    {
        0 => new Ask("put", random.Next(1, 3)),
        1 => new Ask("take", random.Next(1, 3)),
        _ => new Ask("count"),
    };

    private static void Corrupt(Random random, List<Op> history)
    {
        var answered = history.Where(o => o.Answer is not null && o.Asked.Verb != "put").ToList();
        if (answered.Count == 0) return;
        var one = answered[random.Next(answered.Count)];
        var said = one.Asked.Verb == "take" ? 1 - one.Answer!.Number : one.Answer!.Number + random.Next(1, 3);
        history[history.IndexOf(one)] = one with { Answer = new Said(said) };
    }

    /// <summary>All orders that keep to the times, one after the other: slow, and hard to get wrong.</summary>
    private static bool AnyOrder(int state, HashSet<Op> done, List<Op> history)
    {
        if (history.All(o => o.Answered is null || done.Contains(o))) return true;
        foreach (var next in history.Where(o => !done.Contains(o)))
        {
            if (history.Any(o => o.Answered < next.Sent && !done.Contains(o))) continue;
            if (new ShelfModel().Step(state, next.Asked, next.Answer).Any(after => AnyOrder(after, [.. done, next], history))) return true;
        }

        return false;
    }
}
