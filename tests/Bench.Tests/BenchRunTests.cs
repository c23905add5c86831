using Xunit;

namespace Commerce.Bench.Tests;

public sealed class BenchRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-out-").FullName;
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_run_that_is_stopped_keeps_the_sections_before()
    {
        Assert.Equal(130, await Run(_folder, new TestSection("first"), new TestSection("second", _stop.Cancel)));
        Assert.Equal(["first"], Written().Sections.Select(s => s.Name));
    }

    [Fact]
    public async Task A_complete_run_keeps_all_sections()
    {
        Assert.Equal(0, await Run(_folder, new TestSection("first"), new TestSection("second")));
        Assert.Equal(["first", "second"], Written().Sections.Select(s => s.Name));
    }

    [Fact]
    public async Task A_section_that_cannot_be_measured_fails_the_run_and_not_the_others()
    {
        var broken = new TestSection("first", () => throw new BenchException("no\nfolder"));
        Assert.Equal(1, await Run(_folder, broken, new TestSection("second")));
        Assert.Equal(["Not measured: no", null], Written().Sections.Select(s => s.Problem));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_refused_before_anything_is_measured()
    {
        var (file, measured) = (Path.Combine(_folder, "file"), false);
        await File.WriteAllTextAsync(file, "", _stop.Token);
        Assert.Equal(1, await Run(Path.Combine(file, "below"), new TestSection("first", () => measured = true)));
        Assert.False(measured);
    }

    private BenchResults Written() => BenchResults.Read(Path.Combine(_folder, BenchResults.DataFile));

    private Task<int> Run(string folder, params ISection[] sections) =>
        new BenchRun(BenchOptions.Short with { Sections = sections, Programs = _folder, Root = _folder, Out = folder }).Run(_stop.Token);

    private sealed class TestSection(string name, Action? measure = null) : ISection
    {
        public string Name => name;

        public string About => "A test.";

        public Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel)
        {
            measure?.Invoke();
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(new SectionFindings([new ResultTable("Title", [new("column", "0")], [new("row", [[1]])])]));
        }
    }
}
