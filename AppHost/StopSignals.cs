using System.Runtime.InteropServices;

namespace Commerce.AppHost;

/// <summary>
/// Turns Ctrl-C, SIGTERM and a closed terminal into a cancellation, so that what was started can be put away. With
/// <c>COMMERCE_STOP_WITH_STDIN=1</c> the end of the standard input does the same: it ends with the parent process.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignals()
    {
        PosixSignal[] stopping = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. stopping.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
        if (Environment.GetEnvironmentVariable("COMMERCE_STOP_WITH_STDIN") == "1")
            new Thread(WatchInput) { IsBackground = true, Name = "Watching the parent" }.Start();
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void WatchInput()
    {
        using var input = Console.OpenStandardInput();
        input.CopyTo(Stream.Null);
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // the command has ended before its parent
        }
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }
}
