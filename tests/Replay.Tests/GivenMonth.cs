namespace Commerce.Replay.Tests;

/// <summary>The retailer's real December, where it lies next to the project; else the sample.</summary>
internal static class GivenMonth
{
    private const string Place = "shared/data/online-retail/orders-2010-12.csv.gz";

    private static readonly Lazy<SampleMonth> Sample = new(() => new SampleMonth());

    private static readonly Lazy<string> SampleFile = new(() => Sample.Value.Saved());

    /// <summary>The real file, or null.</summary>
    public static string? Real { get; } = Find();

    /// <summary>The real file, or the sample.</summary>
    public static string File => Real ?? SampleFile.Value;

    /// <summary>The control totals of that file: the real ones are those of the README that comes with it.</summary>
    public static Totals Totals(InvoiceKind kind) => Real is null
        ? Sample.Value.Totals.GetValueOrDefault(kind)
        : kind switch
        {
            InvoiceKind.Sale => new(41683, 1629, 362316, 82374614),
            InvoiceKind.Cancellation => new(728, 326, -16042, -7478912),
            InvoiceKind.Correction => new(70, 70, -4046, 0),
            _ => default,
        };

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, Place) is var path && System.IO.File.Exists(path)) return path;
        return null;
    }
}
