namespace Commerce.ApiGateway;

/// <summary>
/// A file of endpoints. Every class that implements this is found and mapped when the gateway starts: it needs no registration.
/// </summary>
internal interface IEndpoints
{
    /// <summary>Adds its routes.</summary>
    static abstract void Map(IEndpointRouteBuilder routes);
}

internal static class Endpoints
{
    /// <summary>Adds the routes of all of them, in the order of their names.</summary>
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        var map = new Action<IEndpointRouteBuilder>(Map<HealthEndpoints>).Method.GetGenericMethodDefinition();
        var found = typeof(Endpoints).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IEndpoints)));
        foreach (var type in found.OrderBy(t => t.Name, StringComparer.Ordinal))
            map.MakeGenericMethod(type).CreateDelegate<Action<IEndpointRouteBuilder>>()(routes);
    }

    private static void Map<T>(IEndpointRouteBuilder routes) where T : IEndpoints => T.Map(routes);
}
