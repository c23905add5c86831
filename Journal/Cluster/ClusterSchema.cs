namespace Commerce.Journal;

/// <summary>The tables of the cluster's database, and the statements that Orleans' ADO.NET providers read out of it and send.</summary>
/// <remarks>
/// The providers bring no SQL: they look up each statement by a name that they know in a table <c>OrleansQuery</c>, and give it
/// parameters by name. Names and types of parameters and columns are theirs, all else is ours. Each statement is a whole, and right when
/// several silos send it at once, because it changes a row only under the version that its sender has seen.
/// </remarks>
internal static class ClusterSchema
{
    /// <summary>The schema of the tables; the connections look there first.</summary>
    public const string Name = "cluster";

    /// <summary>In order; one that was released is never edited, a change is a further one.</summary>
    public static readonly string[] Steps =
    [
        Tables + Statements(ClusterMembership.Statements) + Statements(ClusterReminders.Statements) + Statements(ClusterStates.Statements),
    ];

    private const string Tables = $"""
        create table cluster.orleansquery (
            querykey  text not null constraint orleansquery_key primary key,
            querytext text not null
        );
        comment on table cluster.orleansquery is 'The statements of the ADO.NET providers of Orleans, by the names that they know them by.';

        {ClusterMembership.Tables}
        {ClusterReminders.Tables}
        {ClusterStates.Tables}

        """;

    private static string Statements(IReadOnlyList<(string Name, string Sql)> statements) => string.Concat(statements.Select(s => $"""
        insert into cluster.orleansquery (querykey, querytext) values ('{s.Name}', $statement${s.Sql}$statement$);

        """));
}
