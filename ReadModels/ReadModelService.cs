using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Keeps all read models up with their journals, and rebuilds them when asked (decision 7).</summary>
/// <remarks>
/// A read model without complete tables (a new one, or one of a new version) is built aside and appears when it is complete; until
/// then its queries throw <see cref="UnavailableException"/>, which says so. A rebuild of a complete one is built aside too, while the
/// complete one serves; then the two are exchanged. So no query ever sees a part as if it were the whole.
/// </remarks>
public sealed class ReadModelService : IAsyncDisposable
{
    /// <summary>Every read model, in the order of the capabilities.</summary>
    public static readonly IReadOnlyList<ReadModel> All = Find();

    private readonly IReadOnlyList<Projection> _projections;
    private readonly IReadOnlyList<CapabilityFollower> _followers;
    private readonly Dictionary<NpgsqlDataSource, AdvisoryLockLeader> _leaderships = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    /// <summary>All read models over their databases.</summary>
    /// <param name="databases">Must stay open longer than this.</param>
    /// <param name="report">Receives failures that will be retried; for the log.</param>
    public ReadModelService(CommerceDatabases databases, Action<ReadModel, Exception> report)
        : this(All, capability => (
            databases.Journal(capability), databases.DataSource(capability), databases.Personal(capability)), report)
    {
    }

    /// <summary>Read models of one's own choice.</summary>
    /// <param name="source">A capability's facts, database and keys, by the capability's name.</param>
    /// <param name="report">Receives failures that will be retried; for the log.</param>
    public ReadModelService(
        IReadOnlyList<ReadModel> models,
        Func<string, (IFactLog Log, NpgsqlDataSource Database, PersonalData Personal)> source,
        Action<ReadModel, Exception> report)
    {
        var projections = new List<Projection>();
        _projections = projections;
        _followers = [.. models.GroupBy(m => m.Capability.Name).Select(group =>
        {
            var (log, database, personal) = source(group.Key);
            if (!_leaderships.TryGetValue(database, out var leadership))
                _leaderships.Add(database, leadership = new AdvisoryLockLeader(database));
            Projection[] own = [.. group.Select(model => new Projection(model, log, database, personal))];
            projections.AddRange(own);
            return new CapabilityFollower(own, log, database, leadership, report);
        })];
    }

    /// <summary>Begins to follow each that no other process follows, and the others when theirs is gone; returns at once.</summary>
    public void Start() => _running = Task.WhenAll(_followers.Select(f => Task.Run(() => f.Run(_stopping.Token))));

    /// <summary>
    /// Drops and rebuilds from the journal, one after the other; works with and without <see cref="Start"/>. Completes when the new
    /// tables are in place.
    /// </summary>
    /// <param name="name">The read model's name, as <c>orders</c> or <c>Orders/orders</c>; null for all.</param>
    /// <param name="progress">Called now and then.</param>
    /// <param name="cancel">Leaves the present tables as they are.</param>
    /// <returns>Those that were rebuilt.</returns>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public async Task<IReadOnlyList<RebuiltReadModel>> Rebuild(
        string? name = null, IProgress<RebuildProgress>? progress = null, CancellationToken cancel = default)
    {
        var chosen = _projections.Where(f => name is null || f.Model.Name == name || f.Name == name).ToList();
        if (chosen.Count == 0)
            throw new ArgumentException(
                $"There is no read model '{name}'. There are: {string.Join(", ", _projections.Select(f => f.Name))}.", nameof(name));
        var rebuilt = new List<RebuiltReadModel>();
        foreach (var projection in chosen)
        {
            var facts = await projection.Build(fresh: true, progress, cancel);
            var model = projection.Model;
            rebuilt.Add(new RebuiltReadModel(model.Capability.Name, model.Name, model.Version, facts));
        }

        return rebuilt;
    }

    /// <summary>Completes when every fact that was committed before this call is in the read models. They must have been started.</summary>
    public Task WaitUntilCaughtUp(CancellationToken cancel = default) => Task.WhenAll(_projections.Select(f => f.CaughtUp(cancel)));

    /// <summary>How each is doing, and how far behind it is.</summary>
    public async Task<IReadOnlyList<ReadModelStatus>> Status(CancellationToken cancel = default) =>
        await Task.WhenAll(_projections.Select(f => f.Status(cancel)));

    /// <summary>Stops following. A batch under way is not committed; the next follower takes it again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _stopping.CancelAsync();
        await _running;
        foreach (var leadership in _leaderships.Values) await leadership.DisposeAsync();
        foreach (var projection in _projections) projection.Dispose();
        _stopping.Dispose();
    }

    private static IReadOnlyList<ReadModel> Find()
    {
        var order = Capabilities.All.Select(c => c.Name).ToList();
        var classes = typeof(ReadModelService).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ReadModel)) && !t.IsAbstract);
        return [.. classes.Select(InstanceOf).OrderBy(m => order.IndexOf(m.Capability.Name)).ThenBy(m => m.Name, StringComparer.Ordinal)];
    }

    private static ReadModel InstanceOf(Type model) => model.GetField("Instance")?.GetValue(null) as ReadModel
        ?? throw new InvalidOperationException($"{model.Name} needs a field 'public static readonly {model.Name} Instance'.");
}
