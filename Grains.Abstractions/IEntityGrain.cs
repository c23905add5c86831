using Commerce.Kernel;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>What the engine needs of any entity in the cluster, besides its contract.</summary>
[Alias("commerce.entity")]
[Version(1)]
public interface IEntityGrain : IGrainWithStringKey
{
    /// <summary>The wake-up time that it set has come, perhaps a second time (E5).</summary>
    Task Wake();
}

/// <summary>The names of entities in the two worlds: a kind is a grain type, a key is a key.</summary>
public static class EntityNames
{
    /// <summary>The grain of an entity.</summary>
    public static GrainId ToGrain(this EntityId entity) => GrainId.Create(GrainType.Create(entity.Kind), IdSpan.Create(entity.Key));

    /// <summary>The entity of a grain.</summary>
    public static EntityId ToEntity(this GrainId grain) => new(grain.Type.ToString()!, grain.Key.ToString()!);
}
