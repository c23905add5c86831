using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>What a read model keeps of one entity.</summary>
/// <param name="Key">The entity's key.</param>
/// <param name="Version">The version of the entity that it shows.</param>
/// <param name="State">What is kept.</param>
internal readonly record struct Row<TState>(string Key, long Version, TState State);

/// <summary>A read model with one row an entity, moved on by a pure function of row and fact.</summary>
internal abstract class PerEntityReadModel<TState, TFact>(
    Capability capability, string name, int version, params IReadOnlyCollection<Type> facts)
    : ReadModel(capability, name, version, facts)
    where TState : class
    where TFact : class
{
    public sealed override async Task Apply(ProjectionBatch batch)
    {
        var keys = batch.Facts.Select(f => f.Recorded.Entity.Key).Distinct().ToArray();
        var rows = (await batch.Read(Select(batch.Schema), Read, [keys])).ToDictionary(r => r.Key);
        foreach (var (recorded, fact) in batch.Facts)
        {
            var key = recorded.Entity.Key;
            var state = rows.TryGetValue(key, out var row) ? row.State : Initial;
            rows[key] = new Row<TState>(key, recorded.Version, Evolve(state, (TFact)fact));
        }

        Write(batch, [.. rows.Values]);
    }

    protected abstract TState Initial { get; }

    /// <summary>Selects the rows whose key is any of <c>$1</c>.</summary>
    protected abstract string Select(string schema);

    protected abstract Row<TState> Read(NpgsqlDataReader row);

    protected abstract TState Evolve(TState state, TFact fact);

    protected abstract void Write(ProjectionBatch batch, Row<TState>[] rows);
}
