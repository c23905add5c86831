using System.Runtime.InteropServices;

namespace Commerce.Hosting;

/// <summary>
/// Stops this process when the one that started it has gone. A parent that asks for it (<c>COMMERCE_STOP_WITH_STDIN=1</c>) keeps this
/// process's standard input open; it ends with the parent, however the parent ended, even when it was killed.
/// </summary>
public static class StopWithParent
{
    private const string Variable = "COMMERCE_STOP_WITH_STDIN";
    private const int Sigterm = 15;

    /// <summary>
    /// A parent that stops in good order tells its children to; one that has just gone may have taken the database with it, and there is
    /// no use in waiting long for what will not come back.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Begins to watch, if the parent asks for it.</summary>
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
            // whatever it says: only the end of it matters
        }

        // The same as being told to stop by anybody else: what is in flight is finished.
        _ = Kill(Environment.ProcessId, Sigterm);
        Thread.Sleep(Patience);
        Environment.Exit(1);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
