using Xunit;

namespace Commerce.AppHost.Tests;

/// <summary>The ports of several commands at a time.</summary>
public sealed class PortsTests
{
    private const int First = 29_500;

    [Fact]
    public void A_port_is_given_once_also_among_several_commands()
    {
        using var one = new Ports(First);
        using var other = new Ports(0);
        var given = new[] { one.From(First), other.From(First), one.From(First), other.From(First) };
        Assert.Equal(given, given.Distinct());
        Assert.DoesNotContain(First, new[] { given[0], given[2] });
    }

    [Fact]
    public void A_port_of_a_command_that_has_ended_is_given_again()
    {
        int before;
        using (var ended = new Ports(0)) before = ended.From(First + 100);
        using var next = new Ports(0);
        Assert.Equal(before, next.From(First + 100));
    }
}
