using Xunit;

namespace Commerce.Journal.Tests;

public sealed class JournalOptionsTests
{
    [Theory]
    [InlineData(85, 1)]
    [InlineData(85, 5)]
    [InlineData(80, 7)]
    [InlineData(96, 16)]
    [InlineData(500, 40)]
    public void Databases_share_the_connections_of_a_process_however_many_they_are(int connections, int databases)
    {
        var each = new JournalOptions().Sharing(connections, databases);
        var opened = databases * ((2 * each.MaxConnections) + JournalOptions.JournalConnections + JournalOptions.SealConnections);
        Assert.InRange(opened, databases * JournalOptions.LeastConnections, connections);
    }

    [Fact]
    public void A_database_gets_no_more_connections_than_it_has_use_for() => Assert.Equal(
        new JournalOptions().MaxConnections, new JournalOptions().Sharing(10_000, 1).MaxConnections);
}
