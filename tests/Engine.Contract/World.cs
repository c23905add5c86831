using System.Collections.Concurrent;

namespace Commerce.Engine.Contract;

/// <summary>
/// What lies outside the engine under test: gates that entities wait at, failures on request, and a log of what they did.
/// </summary>
public sealed class World
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly Dictionary<string, int> _failures = [];

    /// <summary>What was done, in order.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Waits until the gate is opened.</summary>
    public Task Pass(string gate) => Gate(gate).Task;

    /// <summary>Lets all through, now and later.</summary>
    public void Open(string gate) => Gate(gate).TrySetResult();

    /// <summary>Makes <see cref="Check"/> of that name fail the next <paramref name="times"/> times.</summary>
    public void Fail(string name, int times)
    {
        lock (_failures) _failures[name] = times;
    }

    /// <summary>Fails on request.</summary>
    public void Check(string name)
    {
        lock (_failures)
        {
            if (_failures.GetValueOrDefault(name) == 0) return;
            _failures[name]--;
        }

        throw new InvalidOperationException($"'{name}' was asked to fail.");
    }

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
