using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>The cluster's entities as those of this silo call them: what is replicated is read from this silo's copies.</summary>
internal sealed class SiloEntities(IEntities cluster, Replicas replicas) : IEntities
{
    public TContract Get<TContract>(string key) where TContract : class, IEntity => cluster.Get<TContract>(key);

    public Task<TView?> Replica<TContract, TView>(string key, Func<TContract, Task<TView?>> ask)
        where TContract : class, IEntity
        where TView : class, IVersioned => replicas.Get(cluster, key, ask);
}
