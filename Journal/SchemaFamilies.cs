namespace Commerce.Journal;

/// <summary>How entities are spread over the partitions.</summary>
internal static class SchemaFamilies
{
    /// <summary>
    /// The kinds whose entities lie in the partition of their family (<see cref="Partitioning"/>), noted when the database is made; all
    /// others go by their names, as they did before there were families.
    /// </summary>
    public const string Sql = "create table journal.families (kind text primary key)";
}
