using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>Answers wherever it is asked: the cluster takes calls.</summary>
[Alias("commerce.pulse"), Version(1)]
public interface IPulseGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    public const string Key = "pulse";

    /// <summary>True.</summary>
    [Alias("Beats")]
    Task<bool> Beats();
}
