namespace Commerce.ApiGateway;

/// <summary>
/// A file of endpoints. Every class that implements this is found and mapped when the gateway starts: it needs no registration.
/// </summary>
internal interface IEndpoints
{
    /// <summary>All of them, in the order of their names.</summary>
    public static readonly IReadOnlyList<Type> All =
    [
        .. typeof(IEndpoints).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IEndpoints)))
            .OrderBy(t => t.Name, StringComparer.Ordinal),
    ];

    /// <summary>
    /// What the codes mean that these endpoints refuse with: for the page that each problem's <c>type</c> leads to. A code that several
    /// files use is explained in one of them.
    /// </summary>
    static virtual IReadOnlyDictionary<string, string> Codes => new Dictionary<string, string>();

    /// <summary>Adds its routes.</summary>
    static abstract void Map(IEndpointRouteBuilder routes);
}

internal static class Endpoints
{
    /// <summary>Adds the routes of all of them.</summary>
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        var map = new Action<IEndpointRouteBuilder>(Map<HealthEndpoints>).Method.GetGenericMethodDefinition();
        foreach (var type in IEndpoints.All)
            map.MakeGenericMethod(type).CreateDelegate<Action<IEndpointRouteBuilder>>()(routes);
    }

    private static void Map<T>(IEndpointRouteBuilder routes) where T : IEndpoints => T.Map(routes);
}
