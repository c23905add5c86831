using Commerce.Kernel;

namespace Commerce.ReadModels;

/// <summary>
/// Tables that answer one kind of question, made of a capability's facts and of nothing else, in the capability's own database. They
/// can be dropped at any time and come out the same again, however the partitions of the journal interleave: a row is either made of
/// one entity's facts in order, or a sum.
/// </summary>
/// <param name="capability">Whose facts, and in whose database.</param>
/// <param name="name">Lower case; unique in the capability.</param>
/// <param name="version">Raised whenever tables or meaning change; the tables are then built anew.</param>
/// <param name="facts">The facts it is made of; a base type or interface stands for all that derive from it.</param>
public abstract class ReadModel(Capability capability, string name, int version, params IReadOnlyCollection<Type> facts)
{
    /// <summary>Whose facts, and in whose database.</summary>
    public Capability Capability { get; } = capability;

    /// <summary>Its name, unique in the capability.</summary>
    public string Name { get; } = name;

    /// <summary>The version of its tables and their meaning.</summary>
    public int Version { get; } = version;

    /// <summary>The schema of its complete tables; it carries the version, so that two versions of the software never share one.</summary>
    public string Schema { get; } = $"read_{name}_v{version}";

    /// <summary>The facts it reads, as the journal names them.</summary>
    public IReadOnlyCollection<string> FactTypes { get; } = capability.Facts.NamesOf(facts);

    /// <summary>About how many facts it takes in one transaction; fewer where facts are large.</summary>
    public virtual int BatchSize => 4_000;

    /// <summary>The statements that create its tables and indexes, without naming a schema.</summary>
    public abstract string Tables { get; }

    /// <summary>
    /// Works a batch of facts into the tables: with a handful of statements for the whole batch, never one a fact. Facts of one entity
    /// come in order; those of different entities in any.
    /// </summary>
    public abstract Task Apply(ProjectionBatch batch);
}
