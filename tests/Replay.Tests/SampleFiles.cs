namespace Commerce.Replay.Tests;

/// <summary>Sample months as files.</summary>
internal static class SampleFiles
{
    /// <summary>Writes one, packed, into a new folder that the test leaves to the system to clean up.</summary>
    public static string Saved(this SampleMonth month)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("replay-sample-").FullName, "orders.csv.gz");
        month.Save(path);
        return path;
    }
}
