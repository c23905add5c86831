using System.Collections.Concurrent;
using System.Reflection;
using Commerce.Kernel;
using Orleans.Serialization.Invocation;

namespace Commerce.Grains;

/// <summary>What the cluster needs to know of a method of a contract; found out once.</summary>
internal sealed class ContractMethod
{
    private static readonly ConcurrentDictionary<MethodInfo, ContractMethod?> Known = new();

    private static readonly MethodInfo ResultOf =
        typeof(ContractMethod).GetMethod(nameof(Result), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly MethodInfo _method;
    private readonly int _call;
    private readonly Func<Task, Task<object?>> _result;

    private ContractMethod(MethodInfo method)
    {
        var parameters = method.GetParameters();
        _method = method;
        _call = Array.FindIndex(parameters, p => p.ParameterType == typeof(CallContext));
        _result = method.ReturnType == typeof(Task)
            ? NoResult
            : ResultOf.MakeGenericMethod(method.ReturnType.GetGenericArguments()[0]).CreateDelegate<Func<Task, Task<object?>>>();
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        Overlaps = method.IsDefined(typeof(InterleavedAttribute)) || method.DeclaringType.IsDefined(typeof(PipelinedAttribute));
        WaitsUntil = _call < 0 ? Array.FindIndex(parameters, p => p.ParameterType == typeof(DateTimeOffset)) : -1;
    }

    /// <summary>As traces name it: <c>IOrder.Place</c>.</summary>
    public string Name { get; }

    /// <summary>True when it starts at once, even while other calls of the entity wait for something.</summary>
    public bool Overlaps { get; }

    /// <summary>True when it decides something, false when it only looks.</summary>
    public bool IsCommand => _call >= 0;

    /// <summary>Which argument says until when a look waits for something; -1 when it does not wait.</summary>
    public int WaitsUntil { get; }

    /// <summary>The method of a contract, or null for any other.</summary>
    public static ContractMethod? Find(MethodInfo? method) => method is null
        ? null
        : Known.GetOrAdd(method, static m => m.DeclaringType!.IsAssignableTo(typeof(IEntity)) ? new ContractMethod(m) : null);

    /// <summary>The <see cref="CallContext"/> among the arguments, if the method takes one.</summary>
    public CallContext? CallOf(IInvokable request) => _call < 0 ? null : (CallContext?)request.GetArgument(_call);

    /// <summary>The arguments of a request, to ask with once more.</summary>
    public static object?[] Arguments(IInvokable request)
    {
        var arguments = new object?[request.GetArgumentCount()];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = request.GetArgument(i);
        return arguments;
    }

    /// <summary>Asks an entity as its contract says.</summary>
    public Task<object?> Ask(object entity, object?[] arguments) =>
        _result((Task)_method.Invoke(entity, BindingFlags.DoNotWrapExceptions, null, arguments, null)!);

    private static async Task<object?> Result<T>(Task answering) => await (Task<T>)answering;

    private static async Task<object?> NoResult(Task doing)
    {
        await doing;
        return null;
    }
}
