using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Kernel;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("255", 6, 1530)]
    [InlineData("0.5", 1, 0)]
    [InlineData("1.5", 1, 2)]
    [InlineData("2.5", 1, 2)]
    [InlineData("0.1", 5, 0)]
    [InlineData("0.1", 15, 2)]
    [InlineData("416.125", 4, 1664)]
    [InlineData("0", 1_000_000, 0)]
    public void A_line_total_is_rounded_once_half_to_even(string unitPrice, long quantity, long total) =>
        Assert.Equal(total, Money.LineTotal(decimal.Parse(unitPrice), quantity));

    [Theory]
    [InlineData("1000000000000000", 2)]
    [InlineData("79228162514264337593543950335", 1)]
    [InlineData("1", long.MaxValue)]
    public void A_line_total_beyond_the_limit_is_none(string unitPrice, long quantity) =>
        Assert.Null(Money.LineTotal(decimal.Parse(unitPrice), quantity));

    [Fact]
    public void A_line_total_at_the_limit_is_exact() => Assert.Equal(Money.Limit, Money.LineTotal(Money.Limit, 1));

    [Fact]
    public void Different_currencies_do_not_add_up() =>
        Assert.Throws<InvalidOperationException>(() => new Money(1, "GBP") + new Money(1, "EUR"));

    [Fact]
    public void A_sum_that_overflows_is_an_error() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, "GBP") + new Money(1, "GBP"));

    [Theory]
    [InlineData("GBP", true)]
    [InlineData("JPY", true)]
    [InlineData("gbp", false)]
    [InlineData("GBX", false)]
    [InlineData("XAU", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_currency_is_an_active_code_in_upper_case(string? code, bool known) => Assert.Equal(known, Currencies.Known(code));
}
