using Xunit;
using Op = Commerce.Histories.Operation<Commerce.Histories.Tests.Ask, Commerce.Histories.Tests.Said>;

namespace Commerce.Histories.Tests;

/// <summary>The checker on histories made by hand.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void One_thing_after_the_other_is_explained() => Explained(
        Put(5, 0, 1), Take(3, 2, 3, yes: true), Count(2, 4, 5), Take(3, 6, 7, yes: false));

    [Fact]
    public void An_empty_history_is_explained() => Explained();

    [Fact]
    public void Two_takes_at_once_of_the_last_unit_are_explained_when_one_is_refused() => Explained(
        Put(1, 0, 1), Take(1, 2, 6, yes: false), Take(1, 3, 5, yes: true));

    [Fact]
    public void The_last_unit_taken_twice_is_not_explained()
    {
        var why = NotExplained(Put(1, 0, 1), Take(1, 2, 6, yes: true), Take(1, 3, 5, yes: true));
        Assert.Contains("shelf A: of its 3 operations, the first 2 answers can be explained, and this one cannot", why);
    }

    [Fact]
    public void A_count_at_the_same_time_as_a_put_may_see_it_or_not()
    {
        Explained(Put(5, 0, 10), Count(0, 1, 2), Count(5, 3, 4));
        Explained(Put(5, 0, 10), Count(0, 1, 2), Count(0, 3, 4));
    }

    [Fact]
    public void What_was_seen_once_is_not_unseen_later() => NotExplained(Put(5, 0, 10), Count(5, 1, 2), Count(0, 3, 4));

    [Fact]
    public void A_count_after_an_answer_that_does_not_show_it_is_stale() => Assert.Contains(
        "count: 0", NotExplained(Put(5, 0, 1), Count(0, 2, 3)));

    [Fact]
    public void An_operation_without_an_answer_may_have_taken_effect_at_any_time_or_never()
    {
        Explained(Put(5, 0, null), Count(0, 1, 2), Count(0, 100, 101));
        Explained(Put(5, 0, null), Count(0, 1, 2), Count(5, 100, 101));
        Explained(Put(5, 0, null), Count(5, 1, 2));
    }

    [Fact]
    public void An_operation_without_an_answer_takes_effect_once_at_most()
    {
        NotExplained(Put(5, 0, null), Count(5, 1, 2), Count(10, 3, 4));
        NotExplained(Put(5, 0, null), Count(5, 1, 2), Count(0, 3, 4));
        NotExplained(Count(5, 0, 1), Put(5, 2, null)); // nor before it was sent
    }

    [Fact]
    public void An_operation_comes_after_the_one_that_it_depends_on()
    {
        var put = Put(5, 0, 10);
        var take = Take(1, 0, 10, yes: false);
        Explained(put, take);
        NotExplained(put, take with { After = put });
        Explained(put, Take(1, 0, 10, yes: true) with { After = put });
    }

    [Fact]
    public void The_first_impossible_answer_is_shown_with_the_operations_before_it_and_under_way()
    {
        var history = Enumerable.Range(0, 200).Select(n => Put(1, 10 * n, (10 * n) + 5)).ToList();
        history.Add(Count(100, 1003, 1004)); // 100 had been put by then and the next was being put
        history.Add(Count(77, 1007, 1008));
        history.Add(Put(1000, 1001, null));
        var why = NotExplained([.. history]);
        Assert.Contains("of its 203 operations, the first 102 answers can be explained, and this one cannot:", why);
        Assert.Contains("1.007 to        1.008 somebody     count: 77\n", why);
        Assert.Contains("and leaves it at 101:\n", why);
        Assert.Contains("1.003 to        1.004 somebody     count: 100 | 100\n", why);
        Assert.Contains("put 1000: no answer", why);
        Assert.True(why.Split('\n').Length < 20, why);
    }

    [Fact]
    public void A_search_that_gives_up_says_so_and_has_explained_nothing()
    {
        // Twenty puts at once of different sizes, and a sum that no subset has: all subsets would have to be looked at.
        var history = Enumerable.Range(0, 20).Select(n => Put(2 << n, 0, 100)).Append(Count(3, 1, 99)).ToArray();
        var finding = Linearizability.Check("shelf A", new ShelfModel(), history, limit: 10_000);
        Assert.False(finding.Explained);
        Assert.Contains("gave up after 10,000 states", finding.Why);
        NotExplained([.. history.Skip(10)]);
    }

    private static void Explained(params Op[] history)
    {
        var finding = Linearizability.Check("shelf A", new ShelfModel(), history);
        Assert.True(finding.Explained, finding.Why);
    }

    private static string NotExplained(params Op[] history)
    {
        var finding = Linearizability.Check("shelf A", new ShelfModel(), history);
        Assert.False(finding.Explained);
        return finding.Why;
    }

    private static Op Put(int units, long sent, long? answered) => Of(new Ask("put", units), sent, answered, 1);

    private static Op Take(int units, long sent, long? answered, bool yes) => Of(new Ask("take", units), sent, answered, yes ? 1 : 0);

    private static Op Count(int says, long sent, long? answered) => Of(new Ask("count"), sent, answered, says);

    private static Op Of(Ask ask, long sent, long? answered, int says) =>
        new("somebody", ask, sent, answered, answered is null ? null : new Said(says));
}
