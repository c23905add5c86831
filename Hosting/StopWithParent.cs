using System.Runtime.InteropServices;

namespace Commerce.Hosting;

/// <summary>
/// Stops this process when its parent has gone. A parent that wants that (<c>COMMERCE_STOP_WITH_STDIN=1</c>) keeps this process's standard
/// input open; it ends with the parent, even when the parent is killed.
/// </summary>
public static class StopWithParent
{
    private const string Variable = "COMMERCE_STOP_WITH_STDIN";
    private const int Sigterm = 15;

    /// <summary>
    /// Grace period. A parent that stops in good order stops its children itself; one that has just gone may have taken the database with
    /// it, and waiting long for it would be in vain.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Starts to watch, if the parent wants that.</summary>
    public static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1") return;
        new Thread(Watch) { IsBackground = true, Name = "Watching the parent" }.Start();
    }

    private static void Watch()
    {
        using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (input.Read(ignored) > 0)
        {
            // any input is ignored: only its end matters
        }

        // The same as any other stop signal: work in flight is finished.
        _ = Kill(Environment.ProcessId, Sigterm);
        Thread.Sleep(Patience);
        Environment.Exit(1);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
