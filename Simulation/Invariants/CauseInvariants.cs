using System.Globalization;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>
/// Every fact says whose call it is or follows from (decision 31). Each command has a caller of its own here, so that a cause names the
/// very command. Nothing but time lets a hold of stock expire.
/// </summary>
internal sealed class CauseInvariants(RunVerdict verdict)
{
    private static readonly string Time = Caller.System.Name;

    private static readonly Dictionary<string, string> Sources =
        Capabilities.All.SelectMany(c => c.Reactions).ToDictionary(r => r.Name, r => r.Source);

    private readonly Dictionary<string, HashSet<string>> _origins = []; // by key: of what was asked of an entity, its own steps left out
    private readonly Dictionary<(string Capability, int Partition, long Position), string> _facts = [];

    /// <summary>An append was committed, with these facts.</summary>
    public void Committed(string capability, AppendRequest append, IReadOnlyList<RecordedFact> facts)
    {
        if (facts.Count == 0) return;
        var origin = append.Cause ?? append.Caller;
        if (!Possible(append).Contains(origin))
            verdict.Broken(
                "what follows by itself says whose call it follows from",
                $"{append.OperationId} of {append.Entity} by {append.Caller} says '{append.Cause}'; "
                + $"possible are: {string.Join(", ", Possible(append))}");
        foreach (var fact in facts) _facts[(capability, fact.Partition, fact.Position)] = origin;
        if (append.Own) return;
        if (!_origins.TryGetValue(append.Entity.Key, out var known)) _origins[append.Entity.Key] = known = [];
        known.Add(origin);
    }

    private IReadOnlyCollection<string> Possible(AppendRequest append)
    {
        if (append.Caller != Caller.System.Name) return [append.Caller];
        if (append.Own) return append.Entity.Kind == "stock" ? [Time] : OfEntity(append.Entity.Key);
        var parts = append.OperationId.Split('/'); // REACTION/PARTITION/POSITION, or KEY/STEP of the entity whose step it is
        return Sources.TryGetValue(parts[0], out var source) ? [_facts[(source, Number(parts[1]), Number(parts[2]))]] : OfEntity(parts[0]);
    }

    private HashSet<string> OfEntity(string key) => _origins.GetValueOrDefault(key, []);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
