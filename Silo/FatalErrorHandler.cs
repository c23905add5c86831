using System.Runtime.InteropServices;

namespace Commerce.Silo;

/// <summary>
/// Ends the process at once when the cluster has voted this silo dead, or when Orleans finds itself beyond repair: nothing may be done
/// any more by a silo whose entities live elsewhere. One line says why; Orleans' own way is a page of memory addresses.
/// </summary>
internal sealed class FatalErrorHandler(ILogger<FatalErrorHandler> log) : IFatalErrorHandler
{
    private const int ExitCode = 6;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        log.LogCritical(exception, "This silo ends at once: {Reason}", context);
        Console.Error.WriteLine(
            $"This silo ends at once: {context ?? exception?.Message} Was the machine frozen or overloaded? Its entities live elsewhere.");
        Exit(ExitCode); // without the orderly stop, which would go on serving
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void Exit(int code);
}
