using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>Answers wherever it is asked: the cluster takes calls.</summary>
[Alias("commerce.ping"), Version(1)]
public interface IPingGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    public const string Key = "ping";

    /// <summary>True.</summary>
    [Alias("Ping")]
    Task<bool> Ping();
}
