using System.Globalization;

namespace Commerce.AppHost;

/// <summary>How one of the processes is.</summary>
/// <param name="Name">silo-1, gateway, PostgreSQL.</param>
/// <param name="State">In one or two words.</param>
/// <param name="Pid">Its process id; null while it is not running.</param>
/// <param name="Address">Where it can be reached.</param>
/// <param name="Restarts">How often it was started again, after its death or on request.</param>
/// <param name="Since">Since when it is in this state.</param>
internal sealed record ProcessState(string Name, string State, int? Pid, string Address, int Restarts, DateTimeOffset Since)
{
    private static readonly string[] Headings = ["process", "state", "pid", "restarts", "since", "address"];

    /// <summary>All of them as lines of a table.</summary>
    public static IReadOnlyList<string> Table(IEnumerable<ProcessState> states)
    {
        var rows = states.Select(s => s.Cells()).Prepend(Headings).ToList();
        var widths = Headings.Select((_, column) => rows.Max(r => r[column].Length)).ToList();
        return [.. rows.Select(r => string.Join("  ", r.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }

    private string[] Cells() =>
    [
        Name, State, Pid?.ToString(CultureInfo.InvariantCulture) ?? "-", Restarts.ToString(CultureInfo.InvariantCulture),
        Since.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture), Address,
    ];
}
