using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>What the engine knows of one kind of entity: where it is kept, and how each method of its contract is called.</summary>
internal sealed class Contract
{
    // Reflection and compiled code are the same for every engine of a process.
    private static readonly ConcurrentDictionary<Type, (FrozenDictionary<MethodInfo, ContractMethod>, EntityProxy)> Known = new();

    private readonly FrozenDictionary<MethodInfo, ContractMethod> _methods;
    private readonly EntityProxy _prototype;

    public Contract(EntityKind kind, CapabilityStore store)
    {
        (Kind, Store) = (kind, store);
        (_methods, _prototype) = Known.GetOrAdd(kind.Contract, Read);
    }

    public EntityKind Kind { get; }

    public CapabilityStore Store { get; }

    public ContractMethod this[MethodInfo method] => _methods[method];

    /// <summary>Something that implements the contract by sending each call to the entity.</summary>
    public object Proxy(SingleProcessEngine engine, string key, bool external) =>
        _prototype.For(this, engine, new EntityId(Kind.Name, key), external);

    private static (FrozenDictionary<MethodInfo, ContractMethod>, EntityProxy) Read(Type contract)
    {
        var pipelined = contract.IsDefined(typeof(PipelinedAttribute), inherit: false);
        var methods = contract.GetInterfaces().Prepend(contract)
            .SelectMany(i => i.GetMethods())
            .ToFrozenDictionary(m => m, m => ContractMethod.Of(m, pipelined));
        return (methods, (EntityProxy)DispatchProxy.Create(contract, typeof(EntityProxy)));
    }
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
        var proxy = (EntityProxy)MemberwiseClone(); // many times cheaper than to have one generated
        (proxy._contract, proxy._engine, proxy._id, proxy._external) = (contract, engine, id, external);
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = _engine.Called(_contract[targetMethod!], args, _external);
        _engine.Send(call, _contract, _id, ref _known);
        return call.Answer;
    }
}

/// <summary>How one method is called on an entity.</summary>
internal abstract class ContractMethod(string name, bool overlaps, int callIndex, Func<IHostedEntity, object?[], Task> invoke)
{
    /// <summary>The entity's alarm rings; like any call, it waits its turn.</summary>
    public static readonly ContractMethod Wake = new ContractMethod<bool>("Wake", false, -1, (entity, _) => entity.Wake());

    /// <summary>The entity is told to stop, once the calls before are done.</summary>
    public static readonly ContractMethod Stop = new ContractMethod<bool>("Stop", false, -1, (entity, _) => entity.Stop());

    public string Name { get; } = name;

    /// <summary>True when it starts at once, even while others wait for something.</summary>
    public bool Overlaps { get; } = overlaps;

    public Func<IHostedEntity, object?[], Task> Invoke { get; } = invoke;

    public static ContractMethod Of(MethodInfo method, bool pipelined)
    {
        var returns = method.ReturnType;
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        var isTask = returns == typeof(Task) || (returns.IsGenericType && returns.GetGenericTypeDefinition() == typeof(Task<>));
        if (!isTask || method.IsGenericMethod || method.GetParameters().Any(p => p.ParameterType.IsByRef))
            throw new InvalidOperationException(
                $"{name} cannot be called from afar: a contract's methods return Task or Task<T> and take plain values.");
        var answer = returns == typeof(Task) ? typeof(bool) : returns.GetGenericArguments()[0];
        return (ContractMethod)Activator.CreateInstance(
            typeof(ContractMethod<>).MakeGenericType(answer),
            name,
            pipelined || method.IsDefined(typeof(InterleavedAttribute)),
            Array.FindIndex(method.GetParameters(), p => p.ParameterType == typeof(CallContext)),
            Compiled(method))!;
    }

    /// <summary>
    /// A call of this method, yet to be sent. The caller goes on where it likes, or from <paramref name="answerOn"/> if that is given.
    /// </summary>
    public abstract Invocation Called(object?[] args, bool external, TaskScheduler? answerOn);

    /// <summary>The <see cref="CallContext"/> among the arguments, if the method takes one.</summary>
    public CallContext? CallOf(object?[] args) => callIndex < 0 ? null : (CallContext?)args[callIndex];

    // Compiled when first called: most methods of most contracts are not called in a process's first second.
    private static Func<IHostedEntity, object?[], Task> Compiled(MethodInfo method)
    {
        Func<IHostedEntity, object?[], Task>? compiled = null;
        return (entity, args) => (compiled ??= Compile(method))(entity, args);
    }

    private static Func<IHostedEntity, object?[], Task> Compile(MethodInfo method)
    {
        var entity = Expression.Parameter(typeof(IHostedEntity));
        var args = Expression.Parameter(typeof(object?[]));
        var given = method.GetParameters()
            .Select((p, i) => Expression.Convert(Expression.ArrayIndex(args, Expression.Constant(i)), p.ParameterType));
        var call = Expression.Call(Expression.Convert(entity, method.DeclaringType!), method, given);
        return Expression.Lambda<Func<IHostedEntity, object?[], Task>>(Expression.Convert(call, typeof(Task)), entity, args).Compile();
    }
}

/// <summary>The same, with the type of the answer; a method without one answers a meaningless bool.</summary>
internal sealed class ContractMethod<T>(string name, bool overlaps, int callIndex, Func<IHostedEntity, object?[], Task> invoke)
    : ContractMethod(name, overlaps, callIndex, invoke)
{
    public override Invocation Called(object?[] args, bool external, TaskScheduler? answerOn) =>
        new Invocation<T>(this, args, external, answerOn);
}
