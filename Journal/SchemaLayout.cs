namespace Commerce.Journal;

/// <summary>How entities are spread over the partitions.</summary>
internal static class SchemaLayout
{
    /// <summary>Entities lie in the partition of their family.</summary>
    public const string ByFamily = "family";

    /// <summary>One row: whether <see cref="Partitioning"/> goes by families or by names. What was there before goes by names.</summary>
    public const string Sql = """
        create table journal.layout (spread_by text not null check (spread_by in ('name', 'family')));
        insert into journal.layout select 'name' where exists (select from journal.partitions);
        """;
}
