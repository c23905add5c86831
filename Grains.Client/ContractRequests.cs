using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Serialization.Invocation;

namespace Commerce.Grains.Client;

/// <summary>Requests of Orleans as calls of contracts.</summary>
internal static class ContractRequests
{
    /// <summary>The <see cref="CallContext"/> among the arguments, if the method takes one.</summary>
    public static CallContext? CallOf(this ContractMethod method, IInvokable request) =>
        method.CallIndex < 0 ? null : (CallContext?)request.GetArgument(method.CallIndex);

    /// <summary>The arguments of a request, for a retry.</summary>
    public static object?[] Arguments(this IInvokable request)
    {
        var arguments = new object?[request.GetArgumentCount()];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = request.GetArgument(i);
        return arguments;
    }
}
