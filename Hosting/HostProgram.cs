using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>Runs a process of ours to its end; a failure to start becomes one clear line and an exit code.</summary>
public static class HostProgram
{
    /// <summary>It stopped on request.</summary>
    public const int Done = 0;

    /// <summary>It could not be started, for a reason that has no code of its own.</summary>
    public const int Failed = 1;

    /// <summary>Its port is taken.</summary>
    public const int PortInUse = 2;

    /// <summary>The database cannot be reached or used.</summary>
    public const int NoDatabase = 3;

    /// <summary>Its configuration cannot be used.</summary>
    public const int BadConfiguration = 4;

    /// <summary>It is a client of a cluster of which it found no silo.</summary>
    public const int NoCluster = 5;

    /// <summary>Runs until a stop signal.</summary>
    /// <param name="args">What it was started with.</param>
    /// <param name="build">Puts the process together.</param>
    /// <param name="portVariables">The environment variables that choose its ports, for the message about a port in use.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> Run(string[] args, Func<string[], Task<WebApplication>> build, string portVariables)
    {
        if (KeyCommand.Run(args) is { } code) return Task.FromResult(code);
        StopWithParent.Begin();
        return Run(
            async started =>
            {
                await using var app = await build(args);
                await app.StartAsync();
                started();
                await app.WaitForShutdownAsync();
            },
            portVariables);
    }

    /// <summary>Runs to the end of a piece of work.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> Run(Func<Task> work) => Run(_ => work(), "its settings");

    private static async Task<int> Run(Func<Action, Task> work, string portVariables)
    {
        var started = false;
        try
        {
            await work(() => started = true);
            return Done;
        }
        catch (InvalidConfigurationException bad)
        {
            return Fail(bad.Message, BadConfiguration);
        }
        catch (NoDatabaseException none)
        {
            return Fail(none.Message, NoDatabase);
        }
        catch (NoClusterException none)
        {
            return Fail(none.Message, NoCluster);
        }
        catch (IOException taken) when (taken is PortInUseException || taken.InnerException is AddressInUseException)
        {
            return Fail($"{taken.Message} Stop what listens there, or choose another port with {portVariables}.", PortInUse);
        }
        catch (NpgsqlException gone) when (!started) // after it was opened
        {
            return Fail($"PostgreSQL cannot be used: {gone.GetBaseException().Message}", NoDatabase);
        }
        catch (Exception problem) when (!started)
        {
            var why = problem.GetBaseException().Message.ReplaceLineEndings(" ");
            return Fail($"It could not be started: {why} (Its log, on standard output, has the details.)", Failed);
        }
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
