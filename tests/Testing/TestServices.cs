namespace Commerce.Testing;

/// <summary>The ports that entities ask for, by type.</summary>
public sealed class TestServices : IServiceProvider
{
    private readonly Dictionary<Type, object> _services = [];

    /// <summary>Offers <paramref name="service"/> as a <typeparamref name="T"/>.</summary>
    public TestServices With<T>(T service) where T : class
    {
        _services[typeof(T)] = service;
        return this;
    }

    public object? GetService(Type serviceType) => _services.GetValueOrDefault(serviceType);
}
