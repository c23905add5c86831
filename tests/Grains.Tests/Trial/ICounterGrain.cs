using Commerce.Engine.Contract;

namespace Commerce.Grains.Tests.Trial;

/// <summary>A counter, with an address in the cluster.</summary>
[Alias("trial.counter")]
public interface ICounterGrain : ICounter, IGrainWithStringKey;

/// <summary>A tally, with an address in the cluster.</summary>
[Alias("trial.tally")]
public interface ITallyGrain : ITally, IGrainWithStringKey;

/// <summary>An errand, with an address in the cluster.</summary>
[Alias("trial.errand")]
public interface IErrandGrain : IErrand, IGrainWithStringKey;

/// <summary>A watcher, with an address in the cluster.</summary>
[Alias("trial.watcher")]
public interface IWatcherGrain : IWatcher, IGrainWithStringKey;
