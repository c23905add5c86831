using System.Globalization;

namespace Commerce.Bench;

/// <summary>The CPU time of a process, as <c>/proc</c> tells it.</summary>
/// <param name="Own">Its seconds.</param>
/// <param name="Ended">The seconds of its children that have ended.</param>
/// <param name="Parent">Its parent's id.</param>
internal readonly record struct ProcessStat(double Own, double Ended, int Parent)
{
    private const double TicksPerSecond = 100; // USER_HZ, which Linux shows to programs on every architecture

    /// <summary>Null: it has ended.</summary>
    public static ProcessStat? Of(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' '); // from the third field on
            double Field(int n) => double.Parse(fields[n - 3], CultureInfo.InvariantCulture);
            return new((Field(14) + Field(15)) / TicksPerSecond, (Field(16) + Field(17)) / TicksPerSecond, (int)Field(4));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>All living processes, by their ids.</summary>
    public static Dictionary<int, ProcessStat> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => (Is: int.TryParse(Path.GetFileName(folder), out var id), Id: id)).Where(p => p.Is)
        .Select(p => (p.Id, Stat: Of(p.Id))).Where(p => p.Stat is not null)
        .ToDictionary(p => p.Id, p => p.Stat!.Value);

    /// <summary>CPU seconds of a process and all its descendants. Those that have ended count in their parent.</summary>
    public static double OfTree(int root)
    {
        var all = All();
        var children = all.ToLookup(p => p.Value.Parent, p => p.Key);
        return Sum(root);

        double Sum(int id) => all.TryGetValue(id, out var stat) ? stat.Own + stat.Ended + children[id].Sum(Sum) : 0;
    }

    /// <summary>CPU seconds of all processes; interrupts belong to none.</summary>
    public static double BusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[1..4].Sum(f => double.Parse(f, CultureInfo.InvariantCulture)) / TicksPerSecond; // user, nice, system
    }
}
