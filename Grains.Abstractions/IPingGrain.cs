using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>Answers from any silo: the cluster takes calls.</summary>
[Alias("commerce.ping"), Version(1)]
public interface IPingGrain : IGrainWithStringKey
{
    public const string Key = "ping";

    [Alias("Ping")]
    Task<bool> Ping();
}
