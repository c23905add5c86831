namespace Commerce.Bench.Data;

/// <summary>
/// Installations with many orders, in one PostgreSQL. To make a large one takes longer than to measure it, so the sections of a run that
/// want the same share it.
/// </summary>
internal sealed class Grown(Workbench bench) : IAsyncDisposable
{
    private readonly Dictionary<int, Installation> _made = [];
    private OwnPostgres? _postgres;

    /// <summary>The PostgreSQL.</summary>
    public async Task<OwnPostgres> Postgres(CancellationToken cancel) => _postgres ??= await bench.StartPostgres(cancel);

    /// <summary>The one that was given so many orders; it runs.</summary>
    public async Task<Installation> With(int orders, CancellationToken cancel)
    {
        if (!_made.TryGetValue(orders, out var one))
            _made[orders] = one = await Installation.Make(bench, (await Postgres(cancel)).Server.ConnectionString, orders, cancel);
        if (one.Subject is null) await one.Start(cancel);
        return one;
    }

    /// <summary>Ends all processes; what they have stays.</summary>
    public async Task Stop()
    {
        foreach (var one in _made.Values) await one.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _made.Clear();
        if (_postgres is not null) await _postgres.DisposeAsync();
        _postgres = null;
    }
}
