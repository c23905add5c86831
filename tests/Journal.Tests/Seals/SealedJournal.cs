using System.Security.Cryptography;
using Commerce.Engine;
using Commerce.Testing;
using Npgsql;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>A journal with a sealer, and the account of a superuser beside them.</summary>
internal sealed class SealedJournal : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _prefix;
    private readonly CommerceDatabases _databases;
    private readonly NpgsqlDataSource _superuser;
    private readonly List<Sealer> _sealers = [];

    private SealedJournal(string server, string prefix, CommerceDatabases databases)
    {
        (_server, _prefix, _databases) = (server, prefix, databases);
        var database = $"{prefix}_{PostgresStore.Capability.Name.ToLowerInvariant()}";
        _superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = database, Pooling = false });
        Sealer = Another();
    }

    public SealKeys Keys { get; } = NewKeys();

    public Sealer Sealer { get; }

    public PostgresJournal Journal => _databases.Journal(PostgresStore.Capability.Name);

    public static async Task<SealedJournal> Open(KeyRing? ring = null)
    {
        var (server, prefix) = (await TestPostgres.ConnectionString(), TestPostgres.NewPrefix());
        var options = new JournalOptions { Partitions = 2, Keys = name => ring?.Of(name) };
        return new SealedJournal(server, prefix, await CommerceDatabases.Open(server, prefix, [PostgresStore.Capability], options));
    }

    /// <summary>New ones, with the private key.</summary>
    public static SealKeys NewKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SealKeys.Parse(key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The sealer of another process.</summary>
    public Sealer Another(SealKeys? keys = null)
    {
        var sealer = Sealer.Of(new PostgresAccounts(_server), _prefix, PostgresStore.Capability, keys ?? Keys, TimeProvider.System);
        _sealers.Add(sealer);
        return sealer;
    }

    /// <summary>Entities of one partition, each with appends of one, two and three facts; sealed after each round.</summary>
    public async Task<IReadOnlyList<string>> Fill(int entities = 3)
    {
        var all = Enumerable.Range(0, 1000).Select(_ => NewEntity()).Where(e => Journal.PartitionOf(e) == 1).Take(entities).ToList();
        for (var round = 1; round <= 3; round++)
        {
            foreach (var entity in all)
                await Journal.Append(To(entity, round * (round - 1) / 2, $"op {round}", round) with
                {
                    TraceParent = $"trace {round}", Cause = $"cause {round}",
                });
            await Sealer.Advance(CancellationToken.None);
        }

        return [.. all.Select(e => e.ToString())];
    }

    /// <summary>Compares facts and seals, two minutes after the facts unless another time is given.</summary>
    public Task<VerifiedJournal> Verify(SealKeys? keys = null, DateTimeOffset? now = null) => Verification.Run(
        new PostgresAccounts(_server), _prefix, PostgresStore.Capability, keys ?? Keys, now ?? Noon.AddMinutes(2), CancellationToken.None);

    /// <summary>The faults, each as its kind and place.</summary>
    public async Task<IReadOnlyList<string>> Faults(SealKeys? keys = null, DateTimeOffset? now = null) =>
        [.. (await Verify(keys, now)).Faults.Select(f => $"{f.Kind} {f.Where}")];

    /// <summary>What no process of ours may do; returns how many rows it was done to.</summary>
    public async Task<int> AsSuperuser(string sql)
    {
        await using var command = _superuser.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Wraps all keys by those of another ring, as a process does that has it.</summary>
    public async Task<long> Rewrap(KeyRing ring)
    {
        await using var process = await CommerceDatabases.Open(
            _server, _prefix, [PostgresStore.Capability], new JournalOptions { Keys = ring.Of });
        return await process.Rewrap(PostgresStore.Capability.Name, CancellationToken.None);
    }

    public PersonalData Personal => _databases.Personal(PostgresStore.Capability.Name);

    public async ValueTask DisposeAsync()
    {
        foreach (var sealer in _sealers) await sealer.DisposeAsync();
        await _superuser.DisposeAsync();
        await _databases.DisposeAsync();
    }
}
