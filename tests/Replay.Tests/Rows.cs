using System.Text;

namespace Commerce.Replay.Tests;

internal static class Rows
{
    public const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    /// <summary>Reads text as the command would read it from a file.</summary>
    public static RetailFile Of(string csv) => With(Encoding.UTF8.GetBytes(csv), "rows.csv", RetailFile.Read);

    /// <summary>The header and these lines.</summary>
    public static RetailFile Lines(params string[] lines) => Of(string.Join('\n', [Header, .. lines]) + "\n");

    /// <summary>Does something with a file of this content, then removes it.</summary>
    public static T With<T>(byte[] content, string name, Func<string, T> use)
    {
        var folder = Directory.CreateTempSubdirectory("replay-rows-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(path, content);
            return use(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
