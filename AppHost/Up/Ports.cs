namespace Commerce.AppHost;

/// <summary>Hands out free ports on 127.0.0.1, each one once.</summary>
internal sealed class Ports(int taken)
{
    private readonly HashSet<int> _given = [taken];
    private readonly Lock _oneAtATime = new();

    /// <summary>The first free one from here on.</summary>
    public int From(int first)
    {
        lock (_oneAtATime)
        {
            var port = Enumerable.Range(first, 1000).FirstOrDefault(p => !_given.Contains(p) && Port.IsFree(p));
            if (port == 0) throw new Failure($"No port on 127.0.0.1 from {first} to {first + 999} is free.");
            _given.Add(port);
            return port;
        }
    }
}
