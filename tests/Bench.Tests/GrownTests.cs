using Commerce.Bench.Data;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class GrownTests
{
    [Fact]
    public async Task What_one_section_has_made_the_next_one_finds_running_and_with_its_orders()
    {
        var programs = Directory.CreateTempSubdirectory("commerce-bench-programs-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(programs, "ApiGateway"), AppContext.BaseDirectory);
            var cancel = TestContext.Current.CancellationToken;
            await using var grown = new Workbench(programs, Settings.InMinutes, TestContext.Current.SendDiagnosticMessage).Grown;
            var made = await grown.With(10, cancel);
            await grown.Stop();
            Assert.Same(made, await grown.With(10, cancel));
            using var reader = new ReadClient(made.Subject.Address, 1);
            await reader.Order(9, cancel);
        }
        finally
        {
            Directory.Delete(programs, recursive: true);
        }
    }
}
