using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>What a read model keeps of one entity.</summary>
/// <param name="Key">The entity's key.</param>
/// <param name="Version">The version of the entity that it shows.</param>
/// <param name="State">What is kept.</param>
internal readonly record struct Row<TState>(string Key, long Version, TState State);

/// <summary>A read model with one row an entity, moved on by a pure function of row and fact.</summary>
internal abstract class EntityModel<TState, TFact>(Capability capability, string name, int version, params IReadOnlyCollection<Type> facts)
    : ReadModel(capability, name, version, facts)
    where TState : class
    where TFact : class
{
    public sealed override async Task Apply(Turn turn)
    {
        var keys = turn.Facts.Select(f => f.Recorded.Entity.Key).Distinct().ToArray();
        var rows = (await turn.Read(Select, Read, [keys])).ToDictionary(r => r.Key);
        foreach (var (recorded, fact) in turn.Facts)
        {
            var key = recorded.Entity.Key;
            var state = rows.TryGetValue(key, out var row) ? row.State : Initial;
            rows[key] = new Row<TState>(key, recorded.Version, Evolve(state, (TFact)fact));
        }

        Write(turn, [.. rows.Values]);
    }

    protected abstract TState Initial { get; }

    /// <summary>Selects the rows whose key is any of <c>$1</c>.</summary>
    protected abstract string Select { get; }

    protected abstract Row<TState> Read(NpgsqlDataReader row);

    protected abstract TState Evolve(TState state, TFact fact);

    protected abstract void Write(Turn turn, Row<TState>[] rows);
}
