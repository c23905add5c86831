using Commerce.Journal;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Commerce.ApiGateway;

/// <summary>Runs the process to its end; whatever keeps it from starting is one clear line and an exit code.</summary>
internal static class GatewayProgram
{
    /// <summary>It stopped as it was told to.</summary>
    public const int Done = 0;

    /// <summary>Its port is taken.</summary>
    public const int PortInUse = 2;

    /// <summary>The database cannot be reached or used.</summary>
    public const int NoDatabase = 3;

    /// <summary>Its configuration cannot be used.</summary>
    public const int BadConfiguration = 4;

    /// <summary>Runs until it is told to stop.</summary>
    public static async Task<int> Run(string[] args)
    {
        ParentWatch.Begin();
        try
        {
            await using var app = await GatewayHost.Build(args);
            await app.RunAsync();
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
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return Fail($"{taken.Message} Stop what listens there, or choose another port with Commerce__Port.", PortInUse);
        }
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
