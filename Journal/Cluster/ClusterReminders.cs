namespace Commerce.Journal;

/// <summary>
/// The reminder table. Every silo serves a piece of the ring of hashes and reads the reminders of its piece. The provider sends the
/// unsigned hashes as signed numbers, which only turns the ring: a piece is what lies above its begin up to its end, or, when the end is
/// not above the begin, what lies on either side of the seam.
/// </summary>
internal static class ClusterReminders
{
    /// <summary>One row a reminder.</summary>
    public const string Tables = """
        create table cluster.reminders (
            service_id text not null,
            grain_id   text not null,
            name       text not null,
            grain_hash integer not null,
            start_at   timestamptz not null,
            period_ms  bigint not null constraint reminders_period check (period_ms >= 0),
            version    integer not null default 1,
            constraint reminders_key primary key (service_id, grain_id, name)
        );
        comment on table cluster.reminders is 'Reminders of grains: first due at start_at, then once a period.';
        create index reminders_ring on cluster.reminders (service_id, grain_hash);
        """;

    private const string Columns = """
        select grain_id as "GrainId", name as "ReminderName", start_at as "StartTime", period_ms as "Period", version as "Version"
        from cluster.reminders where service_id = @ServiceId
        """;

    private const string One = "grain_id = @GrainId and name = @ReminderName";

    /// <summary>By the names that the provider asks for.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Statements =
    [
        ("ReadReminderRowsKey", $"{Columns} and grain_id = @GrainId"),
        ("ReadReminderRowKey", $"{Columns} and {One}"),
        ("ReadRangeRows1Key", $"{Columns} and grain_hash > @BeginHash and grain_hash <= @EndHash"),
        ("ReadRangeRows2Key", $"{Columns} and (grain_hash > @BeginHash or grain_hash <= @EndHash)"),
        ("UpsertReminderRowKey", """
            insert into cluster.reminders as r (service_id, grain_id, name, grain_hash, start_at, period_ms)
            values (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
            on conflict on constraint reminders_key do update
            set grain_hash = excluded.grain_hash, start_at = excluded.start_at, period_ms = excluded.period_ms, version = r.version + 1
            returning version as "Version"
            """),
        ("DeleteReminderRowKey", $"""
            with gone as (delete from cluster.reminders where service_id = @ServiceId and {One} and version = @Version returning 1)
            select exists (select from gone)
            """),
        ("DeleteReminderRowsKey", "delete from cluster.reminders where service_id = @ServiceId"),
    ];
}
