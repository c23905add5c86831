using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>One kind of entity for the engine: its store, and how each method of its contract is called.</summary>
internal sealed class Contract
{
    // Reflection and compiled code are the same for every engine of a process.
    private static readonly ConcurrentDictionary<Type, (FrozenDictionary<MethodInfo, EntityMethod>, EntityProxy)> Known = new();

    private readonly FrozenDictionary<MethodInfo, EntityMethod> _methods;
    private readonly EntityProxy _prototype;

    public Contract(EntityKind kind, CapabilityStore store)
    {
        (Kind, Store) = (kind, store);
        (_methods, _prototype) = Known.GetOrAdd(kind.Contract, Read);
    }

    public EntityKind Kind { get; }

    public CapabilityStore Store { get; }

    public EntityMethod this[MethodInfo method] => _methods[method];

    /// <summary>Something that implements the contract by sending each call to the entity.</summary>
    public object Proxy(SingleProcessEngine engine, string key, bool external) =>
        _prototype.For(this, engine, new EntityId(Kind.Name, key), external);

    private static (FrozenDictionary<MethodInfo, EntityMethod>, EntityProxy) Read(Type contract) => (
        ContractMethod.Of(contract).ToFrozenDictionary(m => m.Method, m => EntityMethod.Of(m.Contract)),
        (EntityProxy)DispatchProxy.Create(contract, typeof(EntityProxy)));
}

/// <summary>Sends calls of a contract's methods to the entity's mailbox. Public because the generated class must see it.</summary>
public class EntityProxy : DispatchProxy
{
    private Contract _contract = null!;
    private SingleProcessEngine _engine = null!;
    private EntityId _id;
    private bool _external;
    private Activation? _known;

    internal EntityProxy For(Contract contract, SingleProcessEngine engine, EntityId id, bool external)
    {
        var proxy = (EntityProxy)MemberwiseClone(); // many times cheaper than a generated method
        (proxy._contract, proxy._engine, proxy._id, proxy._external) = (contract, engine, id, external);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = _engine.Called(_contract[targetMethod!], args, _external);
        _engine.Send(call, _contract, _id, ref _known);
        return call.Answer;
    }
}

/// <summary>How one method is called on an entity of this engine.</summary>
internal abstract class EntityMethod(string name, bool overlaps, ContractMethod? contract, Func<HostedEntity, object?[], Task> invoke)
{
    /// <summary>The entity's alarm rings; like any call, it waits its turn.</summary>
    public static readonly EntityMethod Wake = new EntityMethod<bool>("Wake", false, null, (entity, _) => entity.Wake());

    /// <summary>Stops the entity, after the calls before it.</summary>
    public static readonly EntityMethod Stop = new EntityMethod<bool>("Stop", false, null, (entity, _) => entity.Stop());

    public string Name { get; } = name;

    /// <summary>True when it starts at once, even while others wait for something.</summary>
    public bool Overlaps { get; } = overlaps;

    public Func<HostedEntity, object?[], Task> Invoke { get; } = invoke;

    /// <summary>A method of a contract.</summary>
    public static EntityMethod Of(ContractMethod contract) => (EntityMethod)Activator.CreateInstance(
        typeof(EntityMethod<>).MakeGenericType(contract.ResultType ?? typeof(bool)), contract.Name, contract.Overlaps, contract,
        (HostedEntity entity, object?[] args) => contract.Invoke(entity.Entity, args))!;

    /// <summary>
    /// A call of this method, yet to be sent. The caller goes on where it likes, or from <paramref name="answerOn"/> if that is given.
    /// </summary>
    public abstract Invocation Called(object?[] args, bool external, TaskScheduler? answerOn);

    /// <summary>The <see cref="CallContext"/> among the arguments, if the method takes one.</summary>
    public CallContext? CallOf(object?[] args) => contract?.CallOf(args);
}

/// <summary>The same, with the type of the answer; a method without one answers a meaningless bool.</summary>
internal sealed class EntityMethod<T>(string name, bool overlaps, ContractMethod? contract, Func<HostedEntity, object?[], Task> invoke)
    : EntityMethod(name, overlaps, contract, invoke)
{
    public override Invocation Called(object?[] args, bool external, TaskScheduler? answerOn) =>
        new Invocation<T>(this, args, external, answerOn);
}
