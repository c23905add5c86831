namespace Commerce.Histories.Tests;

/// <summary>What is asked of a shelf: the smallest thing that can be sold twice.</summary>
/// <param name="Verb"><c>put</c>, <c>take</c> or <c>count</c>.</param>
/// <param name="Units">How many; to count needs none.</param>
internal sealed record Ask(string Verb, int Units = 0)
{
    public override string ToString() => Verb == "count" ? Verb : $"{Verb} {Units}";
}

/// <summary>What it says: a count, or for a take 1 for yes and 0 for no; for a put 1.</summary>
internal sealed record Said(int Number)
{
    public override string ToString() => $"{Number}";
}

/// <summary>A shelf that does one thing at a time.</summary>
internal sealed class Shelf
{
    public int Units { get; private set; }

    public Said Do(Ask ask)
    {
        if (ask.Verb == "count") return new Said(Units);
        if (ask.Verb == "take" && Units < ask.Units) return new Said(0);
        Units += ask.Verb == "put" ? ask.Units : -ask.Units;
        return new Said(1);
    }
}

/// <summary>The rule of a shelf.</summary>
internal sealed class ShelfModel : IModel<int, Ask, Said>
{
    public int Initial => 0;

    public IEnumerable<int> Step(int state, Ask asked, Said? answer) => asked.Verb switch
    {
        "count" => answer is null || answer.Number == state ? [state] : [],
        "put" => [state + asked.Units],
        _ when state < asked.Units => answer is null or { Number: 0 } ? [state] : [],
        _ => answer is null or { Number: 1 } ? [state - asked.Units] : [],
    };
}
