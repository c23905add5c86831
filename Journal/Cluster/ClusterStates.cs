namespace Commerce.Journal;

/// <summary>
/// The state of Orleans' own grains, such as who listens to which stream; the business keeps its state in the journals. A write that was
/// not made on the present version changes nothing and gives no row back, which the provider takes for a conflict.
/// </summary>
internal static class ClusterStates
{
    /// <summary>
    /// One row a grain and kind of state. The provider sends hashes of the key as well, for databases that cannot index a long text; here
    /// the key itself is unique, and two keys with one hash are no special case.
    /// </summary>
    public const string Tables = """
        create table cluster.states (
            service_id  text not null,
            type        text not null,
            key_n0      bigint not null,             -- the key as the provider takes it apart: numbers, a text, or both
            key_n1      bigint not null,
            key_text    text not null default '',
            version     integer not null default 1,
            payload     bytea,                       -- null: cleared, and remembered for its version
            modified_at timestamptz not null default now(),
            constraint states_key primary key (service_id, type, key_n0, key_n1, key_text)
        ) with (fillfactor = 80);
        comment on table cluster.states is 'State of Orleans'' own grains; nothing of the business.';
        """;

    private const string Key = """
        service_id = @ServiceId and type = @GrainTypeString and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
        and key_text = coalesce(@GrainIdExtensionString, '')
        """;

    /// <summary>By the names that the provider asks for.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Statements =
    [
        ("ReadFromStorageKey", $"""select payload as "PayloadBinary", version as "Version" from cluster.states where {Key}"""),
        // Without a version it is the first write; of two first writes at once one finds the row there.
        ("WriteToStorageKey", $"""
            with changed as (
                update cluster.states set payload = @PayloadBinary, version = version + 1, modified_at = now()
                where {Key} and version = @GrainStateVersion returning version),
            made as (
                insert into cluster.states (service_id, type, key_n0, key_n1, key_text, payload)
                select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary
                where @GrainStateVersion is null
                on conflict do nothing returning version)
            select version as "NewGrainStateVersion" from changed union all select version from made
            """),
        ("ClearStorageKey", $"""
            update cluster.states set payload = null, version = version + 1, modified_at = now()
            where {Key} and version = @GrainStateVersion returning version as "NewGrainStateVersion"
            """),
        ("DeleteStorageKey", $"""
            delete from cluster.states where {Key} and version = @GrainStateVersion returning version + 1 as "NewGrainStateVersion"
            """),
    ];
}
