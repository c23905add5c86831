using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class FreshCheckoutTests
{
    private const string Building = "commerce: building the command";

    [Fact]
    public async Task The_command_builds_itself_only_after_its_sources_changed_with_any_home()
    {
        using var fresh = await SmallCheckout.Make(commandBuilt: false);
        var (first, built) = await fresh.Run("help");
        Assert.Contains(Building, built);
        Assert.Equal(0, first);

        var (second, notBuilt) = await fresh.Run("help");
        Assert.DoesNotContain(Building, notBuilt);
        Assert.Equal(0, second);

        fresh.Write("AppHost/Broken.cs", "namespace Commerce.AppHost; internal sealed class Broken : DoesNotExist;");
        var (third, broken) = await fresh.Run("help");
        Assert.Contains("Broken.cs(1,", broken);
        Assert.Contains("error CS0246", broken);
        Assert.Equal(1, third);

        File.Delete(Path.Combine(fresh.Root, "AppHost", "Broken.cs"));
        Assert.Equal(0, (await fresh.Run("help")).Exit);
    }

    [Fact]
    [Trait("readme", "./commerce test")]
    public async Task Tests_are_counted_failures_are_shown_and_the_last_line_tells_it_all()
    {
        using var fresh = await SmallCheckout.Make();
        var (exit, output) = await fresh.Run("test");
        Assert.Equal("2 passed, 1 failed, 1 skipped", LastLine(output));
        Assert.Contains("FAILED Commerce.Sample.Tests.SampleTests.This_one_passes_once_and_fails_once(n: 2)", output);
        Assert.Contains("Expected: 1", output);
        Assert.Equal(1, exit);
        Assert.True(File.Exists(Path.Combine(fresh.Root, "artifacts", "test", "Sample.Tests.trx")));

        var (some, filtered) = await fresh.Run("test", "this_one_PASSES_once");
        Assert.Equal(("1 passed, 1 failed", 1), (LastLine(filtered), some));

        var (none, nothing) = await fresh.Run("test", "No_such_test");
        Assert.Equal(("0 passed, 0 failed", 1), (LastLine(nothing), none));
        Assert.Contains("no test's name contains 'No_such_test'", nothing);
    }

    [Fact]
    [Trait("readme", "./commerce test --quick")]
    public async Task A_quick_test_runs_rules_and_guards_and_a_hundred_simulated_runs_and_nothing_else()
    {
        using var fresh = await SmallCheckout.Make(); // its Sample.Tests would fail
        fresh.Write("tests/Style.Tests/GuardTests.cs", """
            namespace Commerce.Style.Tests;

            public sealed class GuardTests
            {
                [Xunit.Fact] public void This_guard_holds() => Xunit.Assert.Equal(2, 1 + 1);
            }
            """);
        var project = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "tests/Style.Tests/Style.Tests.csproj"));
        fresh.Write("tests/Style.Tests/Style.Tests.csproj", project);
        WriteSimulation(exit: 0);
        fresh.Write("Simulation/Simulation.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <AssemblyName>Commerce.Simulation</AssemblyName>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
            </Project>
            """);
        await fresh.AddToSolution("tests/Style.Tests/Style.Tests.csproj");
        await fresh.AddToSolution("Simulation/Simulation.csproj");

        var (good, passed) = await fresh.Run("test", "--quick");
        Assert.Equal(("2 passed, 0 failed", 0), (LastLine(passed), good));

        WriteSimulation(exit: 1);
        var (bad, failed) = await fresh.Run("test", "--quick");
        Assert.Equal(("1 passed, 1 failed", 1), (LastLine(failed), bad));
        Assert.Contains("simulating --seeds 1-100", failed);

        void WriteSimulation(int exit) => fresh.Write("Simulation/Program.cs", $$"""
            Console.WriteLine($"simulating {string.Join(' ', args)}");
            return {{exit}};
            """);
    }

    [Fact]
    public async Task A_test_that_writes_runs_only_the_tests_that_compare_files_with_the_code()
    {
        using var fresh = await SmallCheckout.Make(); // its Sample.Tests would fail
        fresh.Write("tests/Domain.Tests/FileTests.cs", """
            namespace Commerce.Domain.Tests;

            public sealed class FileTests
            {
                [Xunit.Fact] public void This_one_is_not_run() => Xunit.Assert.Fail("run");

                [Xunit.Fact, Xunit.Trait("writes", "files")]
                public void This_one_writes() => Xunit.Assert.Equal("1", Environment.GetEnvironmentVariable("COMMERCE_WRITE"));
            }
            """);
        var project = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "tests/Style.Tests/Style.Tests.csproj"));
        fresh.Write("tests/Domain.Tests/Domain.Tests.csproj", project.Replace("Style.Tests", "Domain.Tests", StringComparison.Ordinal));
        await fresh.AddToSolution("tests/Domain.Tests/Domain.Tests.csproj");

        var (exit, output) = await fresh.Run("test", "--write");
        Assert.Equal(("1 passed, 0 failed", 0), (LastLine(output), exit));
    }

    [Fact]
    public async Task Passing_tests_are_a_success_and_a_test_program_that_breaks_off_is_not()
    {
        using var fresh = await SmallCheckout.Make();
        fresh.Write("tests/Sample.Tests/SampleTests.cs", """
            namespace Commerce.Sample.Tests;

            public sealed class SampleTests
            {
                [Xunit.Fact] public void This_one_passes() => Xunit.Assert.Equal(2, 1 + 1);

                [Xunit.Fact] public void This_one_breaks_off() => System.Environment.FailFast("broken off");
            }
            """);
        var (good, passed) = await fresh.Run("test", "This_one_passes");
        Assert.Equal(("1 passed, 0 failed", 0), (LastLine(passed), good));

        var (bad, brokenOff) = await fresh.Run("test", "This_one_breaks_off");
        Assert.Equal(("0 passed, 1 failed", 1), (LastLine(brokenOff), bad));
        Assert.Contains("tests/Sample.Tests: the test program ended with exit code", brokenOff);

        fresh.Write("tests/Sample.Tests/Broken.cs", "namespace Commerce.Sample.Tests; internal sealed class Broken : DoesNotExist;");
        var (unbuilt, errors) = await fresh.Run("test");
        Assert.Equal(1, unbuilt);
        Assert.Contains("error CS0246", errors);
    }

    [Fact]
    public async Task A_test_program_that_hangs_is_ended_and_named_with_the_test_that_it_was_in()
    {
        using var fresh = await SmallCheckout.Make();
        fresh.Write("tests/Sample.Tests/SampleTests.cs", """
            namespace Commerce.Sample.Tests;

            public sealed class SampleTests
            {
                [Xunit.Fact] public void This_one_hangs() => System.Threading.Thread.Sleep(-1);
            }
            """);
        fresh.Environment["COMMERCE_TEST_MINUTES"] = "0.25";
        var (exit, output) = await fresh.Run("test");
        Assert.Equal(("0 passed, 1 failed", 1), (LastLine(output), exit));
        Assert.Contains("tests/Sample.Tests: the test program was ended: it had not come to its end in 0.25 minutes", output);
        Assert.Contains("This_one_hangs", output);

        fresh.Environment["COMMERCE_TEST_MINUTES"] = "long";
        (exit, output) = await fresh.Run("test");
        Assert.Equal(1, exit);
        Assert.Contains("COMMERCE_TEST_MINUTES is 'long'. Give a number of minutes", output);
    }

    private static string LastLine(string output) => output.TrimEnd('\n').Split('\n')[^1];
}
