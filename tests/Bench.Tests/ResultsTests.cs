using System.Text;
using System.Text.Json;
using Commerce.Bench.Sections;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class ResultsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-results-").FullName;

    [Fact]
    public void A_pipe_in_a_cell_does_not_end_it_and_neither_does_a_line_break()
    {
        var page = new StringBuilder();
        Markdown.Table(page, new Sheet("", ["", "b"], [["a|b", "1\n2"]]));
        Assert.Equal("|  | b |\n| --- | ---: |\n| a\\|b | 1 2 |\n", page.ToString());
    }

    [Fact]
    public void The_page_tells_the_machine_the_sources_and_every_table_and_shows_every_chart()
    {
        var page = Markdown.Of(Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "5 (4 to 6)"))));
        Assert.Contains("| cores | 2 |", page);
        Assert.Contains("| memory | 8.0 GB |", page);
        Assert.Contains("| PostgreSQL | 16.4, durable, on the same cores as the load |", page);
        Assert.Contains("| sources | 0123abc, with changes that are not committed |", page);
        Assert.Contains("| settings | quick: 3 rounds of 3 s in turns, after 4 s to warm up; 64 customers at a time |", page);
        Assert.Contains("### Rates\n\n|  | orders a second |\n| --- | ---: |\n| single | 5 (4 to 6) |\n", page);
        Assert.Contains("![Orders to cash a second, orders/s](orders-to-cash-a-second.svg)", page);
        Assert.Contains("**What must not be:** one failed", page);
    }

    [Fact]
    public void All_files_are_written_and_charts_that_are_no_more_are_removed()
    {
        var results = Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "5")));
        ResultFolder.Write(_folder, results);
        foreach (var file in new[] { "orders-that-was.svg", "growth-of-another-section.svg" })
            File.WriteAllText(Path.Combine(_folder, file), "<svg/>");
        var written = ResultFolder.Write(_folder, results);
        Assert.Equal(["latest.md", "latest.json", "orders-to-cash-a-second.svg"], written.Select(Path.GetFileName));
        Assert.All(written, file => Assert.True(new FileInfo(file).Length > 0));
        Assert.False(File.Exists(Path.Combine(_folder, "orders-that-was.svg")));
        Assert.True(File.Exists(Path.Combine(_folder, "growth-of-another-section.svg")));
    }

    [Fact]
    public void Only_whole_runs_go_to_the_repositorys_results()
    {
        Assert.Equal(Path.Combine("r", "bench", "results"), ResultFolder.Usual("r", whole: true));
        Assert.Equal(Path.Combine("r", "artifacts", "bench"), ResultFolder.Usual("r", whole: false));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_said()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var problem = Assert.Throws<BenchException>(() => ResultFolder.Write(Path.Combine(file, "under"), Made.Results()));
        Assert.StartsWith($"The results cannot be written to '{Path.Combine(file, "under")}': ", problem.Message);
        Assert.EndsWith(" Give another folder with --out.", problem.Message);
    }

    [Fact]
    public void What_was_written_is_read_again_and_the_raw_figures_are_in_it()
    {
        var results = Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "5")));
        var file = Path.Combine(_folder, "latest.json");
        File.WriteAllText(file, results.ToJson());
        var read = Results.Read(file);
        Assert.Equal(results.Machine, read.Machine);
        Assert.Equal((results.Settings.Rounds, results.Settings.Time), (read.Settings.Rounds, read.Settings.Time));
        Assert.Equal("5", read.Sections[0].Found.Sheets[0].Rows[0][1]);
        using var raw = JsonDocument.Parse(results.ToJson(indented: false));
        var found = raw.RootElement.GetProperty("sections")[0].GetProperty("found");
        Assert.Equal(7, found.GetProperty("raw").GetProperty("single").GetInt32());
    }

    [Fact]
    public void The_machines_name_and_its_folders_are_nobodys_business()
    {
        var here = Surroundings.Of(_folder, DateTimeOffset.UnixEpoch);
        var written = JsonSerializer.Serialize(here);
        Assert.DoesNotContain(Environment.MachineName, written);
        Assert.DoesNotContain(_folder, written);
        Assert.Equal((null, false), (here.Commit, here.Changed));
        Assert.True(here is { Cores: > 0, MemoryBytes: > 0 });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
