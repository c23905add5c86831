using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>Every row of the table by which a command is carried out.</summary>
public sealed class AttemptTests
{
    private static readonly Basis[] Bases = Enum.GetValues<Basis>();
    private static readonly DecisionKind[] Kinds = Enum.GetValues<DecisionKind>();
    private static readonly bool[] Both = [true, false];

    [Fact]
    public void Facts_are_always_appended() => Each(
        (basis, exists, kind, keeps) => kind == DecisionKind.Facts,
        (_, _, _, _) => Course.Append);

    [Fact]
    public void An_entity_that_is_only_assumed_absent_is_read_before_an_answer_without_facts() => Each(
        (basis, exists, kind, keeps) => basis == Basis.Assumed && kind != DecisionKind.Facts,
        (_, _, _, _) => Course.ReadFirst);

    [Fact]
    public void A_kept_answer_is_appended_so_that_a_repetition_gets_it() => Each(
        (basis, exists, kind, keeps) =>
            basis != Basis.Assumed && keeps
            && (kind is DecisionKind.NoChange or DecisionKind.RefusedFinally || (kind == DecisionKind.Refused && exists)),
        (_, _, _, _) => Course.Append);

    [Fact]
    public void What_is_not_kept_is_answered_only_on_what_the_journal_has_confirmed() => Each(
        (basis, exists, kind, keeps) => basis != Basis.Assumed
            && (kind == DecisionKind.RefusedForNow
                || (kind is DecisionKind.NoChange or DecisionKind.RefusedFinally && !keeps)
                || (kind == DecisionKind.Refused && !(keeps && exists))),
        (basis, exists, _, _) => basis == Basis.Read || (basis == Basis.Confirmed && exists) ? Course.Answer : Course.ReadFirst);

    [Fact]
    public void The_four_rules_cover_the_table_once()
    {
        var rows = Rows().Count();
        Assert.Equal(Bases.Length * Kinds.Length * 4, rows);
        Assert.Equal(16 + 16 + 15 + 33, rows);
    }

    private static void Each(Func<Basis, bool, DecisionKind, bool, bool> where, Func<Basis, bool, DecisionKind, bool, Course> expected)
    {
        var rows = Rows().Where(r => where(r.Basis, r.Exists, r.DecisionKind, r.Keeps)).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.Equal(
            expected(r.Basis, r.Exists, r.DecisionKind, r.Keeps), Attempt.CourseOf(r.Basis, r.Exists, r.DecisionKind, r.Keeps)));
    }

    private static IEnumerable<(Basis Basis, bool Exists, DecisionKind DecisionKind, bool Keeps)> Rows() =>
        from basis in Bases from exists in Both from kind in Kinds from keeps in Both select (basis, exists, kind, keeps);
}
