using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>Notifications of commits, in the format of any version and from any sender.</summary>
public sealed class NotificationTests
{
    [Theory]
    [InlineData("a/3", "a", "3")]
    [InlineData("a/0,12,3", "a", "0,12,3")]
    [InlineData("a/", "a", "")]
    [InlineData("a", "a", null)]
    [InlineData("", "", null)]
    [InlineData("a/3,x", "a", null)]
    [InlineData("a/-1", "a", null)]
    [InlineData("a/99999999999", "a", null)]
    public void Who_tells_something_else_may_mean_any_partition(string payload, string sender, string? partitions)
    {
        var heard = CommitSignal.Read(payload);
        Assert.Equal(sender, heard.Sender);
        Assert.Equal(partitions, heard.Partitions is { } some ? string.Join(',', some) : null);
    }
}
