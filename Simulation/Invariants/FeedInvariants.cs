using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>What every subscription has seen: each wanted fact at least once, and those of one entity in their order.</summary>
internal sealed class FeedInvariants(RunVerdict verdict)
{
    private readonly Dictionary<(string Subscription, EntityId Entity), Line> _lines = [];
    private readonly Dictionary<string, List<(string Name, HashSet<string> Types)>> _wanted = [];

    /// <summary>Facts that a subscription has yet to handle, as words.</summary>
    public IEnumerable<string> Unhandled => _lines.Where(l => l.Value.Handled < l.Value.Versions.Count)
        .Select(l => $"{l.Key.Subscription} has not handled {l.Key.Entity} at version {l.Value.Versions[l.Value.Handled]}");

    /// <summary>The capability, with reactions that report their facts here.</summary>
    public Capability Watch(Capability capability)
    {
        foreach (var reaction in capability.Reactions)
        {
            var source = Capabilities.All.First(c => c.Name == reaction.Source);
            if (!_wanted.TryGetValue(source.Name, out var wanted)) _wanted[source.Name] = wanted = [];
            wanted.Add((reaction.Name, [.. source.Facts.NamesOf(reaction.FactTypes)]));
        }

        return capability with { Reactions = [.. capability.Reactions.Select(r => r with { React = d => React(r, d) })] };
    }

    public void Committed(Capability capability, RecordedFact fact)
    {
        foreach (var (name, types) in _wanted.GetValueOrDefault(capability.Name) ?? [])
        {
            if (!types.Contains(fact.Fact.Type)) continue;
            if (!_lines.TryGetValue((name, fact.Entity), out var line)) _lines[(name, fact.Entity)] = line = new Line();
            line.Versions.Add(fact.Version);
        }
    }

    private async Task React(Reaction reaction, FactContext delivery)
    {
        var (entity, version) = (delivery.Recorded.Entity, delivery.Recorded.Version);
        var line = _lines[(reaction.Name, entity)];
        var place = line.Versions.IndexOf(version);
        if (place > line.Handled)
            verdict.Broken(
                "facts of an entity are seen in order, and none is left out",
                $"{reaction.Name} is given {entity} at version {version} before {line.Versions[line.Handled]} was handled");
        await reaction.React(delivery);
        line.Handled = Math.Max(line.Handled, place + 1);
    }

    private sealed class Line
    {
        public List<long> Versions { get; } = [];

        public int Handled { get; set; }
    }
}
