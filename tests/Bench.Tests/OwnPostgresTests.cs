using Commerce.LocalPostgres;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>What benches leave behind when they are killed.</summary>
public sealed class OwnPostgresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_next_bench_removes_the_database_of_one_that_was_killed_and_leaves_all_else()
    {
        var killed = Made("commerce-bench-postgres-killed");
        FolderLock.Take(killed).Dispose(); // the kernel unlocks it for who is killed
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(killed, "cluster")).FullName, "1"), "rows");
        var running = Made("commerce-bench-postgres-running");
        var begun = Made("commerce-bench-postgres-begun");
        var other = Made("commerce-postgres-other");
        FolderLock.Take(other).Dispose();

        using (FolderLock.Take(running))
        {
            Assert.Equal(1, OwnPostgres.RemoveLeftOvers(_folder));
            Assert.False(Directory.Exists(Path.GetDirectoryName(killed)));
            Assert.All([running, begun, other], folder => Assert.True(Directory.Exists(folder), folder));
        }

        Assert.Equal(1, OwnPostgres.RemoveLeftOvers(_folder)); // it has ended by now
        Assert.False(Directory.Exists(running));
    }

    private string Made(string name) => Directory.CreateDirectory(Path.Combine(_folder, name, "postgres")).FullName;
}
