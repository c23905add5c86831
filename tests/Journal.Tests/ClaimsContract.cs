using Commerce.Engine;
using Commerce.Kernel;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>What every journal promises about values that only one entity may hold.</summary>
public abstract class ClaimsContract(CapabilityStore store)
{
    private readonly string _value = $"{NewEntity().Key}@example.com";

    private IJournal Journal => store.Journal;

    [Fact]
    public async Task A_value_is_held_by_one_entity_and_the_other_is_told_by_whom()
    {
        var (first, second) = (NewEntity(), NewEntity());
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(first, 0, "take") with { Take = [Email(_value)] }));
        Assert.Equal(new AppendResult.Taken(Email(_value), first), await Journal.Append(
            To(second, 0, "take") with { Take = [Email(_value)] }));
        Assert.Equal(0, (await Journal.Load(second, "shape/1")).Version);
    }

    [Fact]
    public async Task Of_many_that_want_a_value_at_once_one_gets_it()
    {
        var entities = Enumerable.Range(0, 20).Select(_ => NewEntity()).ToList();
        var outcomes = await Task.WhenAll(entities.Select(e => Journal.Append(To(e, 0, "take") with { Take = [Email(_value)] })));
        var winner = entities[Array.FindIndex(outcomes, o => o is AppendResult.Committed)];
        Assert.Equal(19, outcomes.Count(o => o == new AppendResult.Taken(Email(_value), winner)));
    }

    [Fact]
    public async Task A_value_given_up_can_be_taken_by_another()
    {
        var (first, second) = (NewEntity(), NewEntity());
        await Journal.Append(To(first, 0, "take") with { Take = [Email(_value)] });
        var outcomes = await Task.WhenAll(
            Journal.Append(To(first, 1, "move") with { Release = [Email(_value)], Take = [Email("new." + _value)] }),
            Journal.Append(To(second, 0, "take") with { Take = [Email(_value)] }));
        Assert.Equal([new AppendResult.Committed(2), new AppendResult.Committed(1)], outcomes);
    }

    [Fact]
    public async Task Nobody_gives_up_what_another_holds()
    {
        var (first, second, third) = (NewEntity(), NewEntity(), NewEntity());
        await Journal.Append(To(first, 0, "take") with { Take = [Email(_value)] });
        await Journal.Append(To(second, 0, "steal") with { Release = [Email(_value)] });
        Assert.Equal(new AppendResult.Taken(Email(_value), first), await Journal.Append(
            To(third, 0, "take") with { Take = [Email(_value)] }));
    }

    [Fact]
    public async Task An_append_that_fails_takes_nothing()
    {
        var (first, second, third) = (NewEntity(), NewEntity(), NewEntity());
        await Journal.Append(To(first, 0, "take") with { Take = [Email(_value)] });
        await Journal.Append(To(second, 0, "both") with { Take = [Email("free." + _value), Email(_value)] }); // taken: neither
        await Journal.Append(To(second, 7, "late") with { Take = [Email("free." + _value)] }); // a conflict: nothing
        Assert.IsType<AppendResult.Committed>(await Journal.Append(To(third, 0, "take") with { Take = [Email("free." + _value)] }));
    }

    [Fact]
    public async Task To_take_what_one_holds_is_no_conflict()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "take") with { Take = [Email(_value)] });
        Assert.Equal(new AppendResult.Committed(2), await Journal.Append(To(entity, 1, "again") with { Take = [Email(_value)] }));
    }

    [Fact]
    public async Task The_same_value_in_another_scope_is_another_value()
    {
        await Journal.Append(To(NewEntity(), 0, "take") with { Take = [Email(_value)] });
        Assert.IsType<AppendResult.Committed>(await Journal.Append(To(NewEntity(), 0, "take") with { Take = [new("login", _value)] }));
    }
}
