using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>What an engine needs of a method of a contract. Read by reflection once a process.</summary>
public sealed class ContractMethod
{
    private static readonly ConcurrentDictionary<MethodInfo, ContractMethod?> Known = new();

    private static readonly MethodInfo ResultOf =
        typeof(ContractMethod).GetMethod(nameof(Result), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Lazy<Func<object, object?[], Task>> _invoke;
    private readonly Func<Task, Task<object?>> _result;

    private ContractMethod(MethodInfo method)
    {
        var (returns, parameters) = (method.ReturnType, method.GetParameters());
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        var isTask = returns == typeof(Task) || (returns.IsGenericType && returns.GetGenericTypeDefinition() == typeof(Task<>));
        if (!isTask || method.IsGenericMethod || parameters.Any(p => p.ParameterType.IsByRef))
            throw new InvalidOperationException(
                $"{Name} cannot be called from afar: a contract's methods return Task or Task<T> and take plain values.");
        ResultType = returns == typeof(Task) ? null : returns.GetGenericArguments()[0];
        Overlaps = method.IsDefined(typeof(InterleavedAttribute))
            || method.DeclaringType.IsDefined(typeof(PipelinedAttribute), inherit: false);
        CallIndex = Array.FindIndex(parameters, p => p.ParameterType == typeof(CallContext));
        DeadlineIndex = IsCommand ? -1 : Array.FindIndex(parameters, p => p.ParameterType == typeof(DateTimeOffset));
        _result = ResultType is null ? NoResult : ResultOf.MakeGenericMethod(ResultType).CreateDelegate<Func<Task, Task<object?>>>();
        _invoke = new(() => Compile(method)); // most methods of most contracts are not called in a process's first second
    }

    /// <summary>As traces name it: <c>IOrder.Place</c>.</summary>
    public string Name { get; }

    /// <summary>The <c>T</c> of <c>Task&lt;T&gt;</c>; null for a plain task.</summary>
    public Type? ResultType { get; }

    /// <summary>True when it starts at once, even while other calls of the entity wait for something.</summary>
    public bool Overlaps { get; }

    /// <summary>True when it decides something, false when it only reads.</summary>
    public bool IsCommand => CallIndex >= 0;

    /// <summary>Which argument is the <see cref="CallContext"/>; -1: none.</summary>
    public int CallIndex { get; }

    /// <summary>Which argument of a read says until when it waits for something; -1: it does not wait.</summary>
    public int DeadlineIndex { get; }

    /// <summary>The method of a contract, or null for any other.</summary>
    public static ContractMethod? Find(MethodInfo? method) => method is null
        ? null
        : Known.GetOrAdd(method, static m => m.DeclaringType!.IsAssignableTo(typeof(IEntity)) ? new ContractMethod(m) : null);

    /// <summary>All methods of a contract, inherited ones included.</summary>
    public static IEnumerable<(MethodInfo Method, ContractMethod Contract)> Of(Type contract) =>
        contract.GetInterfaces().Prepend(contract).SelectMany(i => i.GetMethods()).Select(m => (m, Find(m)!));

    /// <summary>The <see cref="CallContext"/> among the arguments, if the method takes one.</summary>
    public CallContext? CallOf(IReadOnlyList<object?> arguments) => CallIndex < 0 ? null : (CallContext?)arguments[CallIndex];

    /// <summary>Calls the method on an entity.</summary>
    public Task Invoke(object entity, object?[] arguments) => _invoke.Value(entity, arguments);

    /// <summary>Calls the method on an entity; its result, or null where it has none.</summary>
    public Task<object?> Ask(object entity, object?[] arguments) => _result(Invoke(entity, arguments));

    private static async Task<object?> Result<T>(Task answering) => await (Task<T>)answering;

    private static async Task<object?> NoResult(Task doing)
    {
        await doing;
        return null;
    }

    private static Func<object, object?[], Task> Compile(MethodInfo method)
    {
        var entity = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var given = method.GetParameters()
            .Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType));
        var call = Expression.Call(Expression.Convert(entity, method.DeclaringType!), method, given);
        return Expression.Lambda<Func<object, object?[], Task>>(Expression.Convert(call, typeof(Task)), entity, arguments).Compile();
    }
}
