using Commerce.Bench.Sections;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class MeasurementTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-out-").FullName;
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    [Fact]
    public async Task Stopped_in_its_second_section_it_leaves_the_first()
    {
        var first = new Section("first", () => { });
        var second = new Section("second", _stop.Cancel);
        Assert.Equal(130, await Run(first, second));
        var kept = Results.Read(Path.Combine(_folder, ResultFolder.Json));
        Assert.Equal(["first"], kept.Sections.Select(s => s.Name));
    }

    [Fact]
    public async Task Stopped_in_its_first_section_it_leaves_nothing()
    {
        Assert.Equal(130, await Run(new Section("first", _stop.Cancel), new Section("second", () => { })));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Run_to_its_end_it_leaves_all()
    {
        Assert.Equal(0, await Run(new Section("first", () => { }), new Section("second", () => { })));
        Assert.Equal(
            ["first", "second"], Results.Read(Path.Combine(_folder, ResultFolder.Json)).Sections.Select(s => s.Name));
    }

    [Fact]
    public async Task With_nowhere_to_write_it_measures_nothing()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", _stop.Token);
        var measured = false;
        Assert.Equal(1, await Run(Path.Combine(file, "under"), new Section("first", () => measured = true)));
        Assert.False(measured);
    }

    private Task<int> Run(params ISection[] sections) => Run(_folder, sections);

    private Task<int> Run(string results, params ISection[] sections) => new Measurement(
        new Wishes(sections, Settings.InMinutes, _folder, _folder, false, results, null, false)).Run(_stop.Token);

    private sealed class Section(string name, Action measure) : ISection
    {
        public string Name => name;

        public string About => "Tells what happens to results.";

        public Task<Findings> Measure(Workbench bench, CancellationToken cancel)
        {
            measure();
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(new Findings([new Sheet(name, [""], [["row"]])], [], new { }));
        }
    }
}
