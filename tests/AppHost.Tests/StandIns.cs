namespace Commerce.AppHost.Tests;

/// <summary>
/// Small programs in place of the silo, the gateway and the authorization server: they listen at the addresses of their settings, print
/// their settings, and stop as they should. The tests are about the code that starts, watches and stops them.
/// </summary>
internal static class StandIns
{
    /// <summary>A silo that ends at once: its name. Settings of the log reach every process.</summary>
    public const string Breaks = "Logging__StandIn__Breaks";

    /// <summary>A silo that never gets ready: its name.</summary>
    public const string Hangs = "Logging__StandIn__Hangs";

    private const string Program = """
        using System.Net;
        using System.Net.Sockets;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.AspNetCore.Http;
        using Microsoft.Extensions.Hosting;

        string? Told(string name) => System.Environment.GetEnvironmentVariable(name);
        var identity = Told("Commerce__Identity__Url");
        var name = Told("Commerce__Silo__Name") ?? (identity is null ? "gateway" : "identity");
        var (cluster, engine) = (Told("Commerce__Cluster__Id") ?? "no cluster", Told("Commerce__Engine") ?? "-");
        Console.WriteLine($"{name} of {cluster}, engine {engine}");
        if (Told("Logging__StandIn__Breaks") == name)
        {
            Console.Error.WriteLine("this one was told to break");
            return 4;
        }

        var listeners = new[] { "Commerce__Silo__Port", "Commerce__Silo__GatewayPort" }.Select(Told).Where(p => p is not null)
            .Select(p => new TcpListener(IPAddress.Loopback, int.Parse(p!))).ToList();
        try
        {
            foreach (var listener in listeners) listener.Start();
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls(identity ?? $"http://127.0.0.1:{Told("Commerce__Silo__HealthPort") ?? Told("Commerce__Port")}");
            await using var app = builder.Build();
            app.MapGet("/health/ready", () => Told("Logging__StandIn__Hangs") == name ? Results.StatusCode(503) : Results.Ok());
            if (Told("COMMERCE_STOP_WITH_STDIN") == "1")
                new Thread(() =>
                {
                    while (Console.In.Read() >= 0) Thread.Yield();
                    app.Lifetime.StopApplication();
                }) { IsBackground = true }.Start();
            await app.RunAsync();
            return 0;
        }
        catch (Exception taken) when (taken is SocketException or IOException)
        {
            Console.Error.WriteLine(taken.Message);
            return 2;
        }
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <AssemblyName>Commerce.NAME</AssemblyName>
            <OutputType>Exe</OutputType>
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>Adds all of them to a checkout.</summary>
    public static async Task AddTo(SmallCheckout checkout)
    {
        await Add(checkout, "Silo");
        await Add(checkout, "ApiGateway");
        await Add(checkout, "Identity");
    }

    private static async Task Add(SmallCheckout checkout, string name)
    {
        checkout.Write($"{name}/{name}.csproj", Project.Replace("NAME", name));
        checkout.Write($"{name}/Program.cs", Program);
        await checkout.AddToSolution($"{name}/{name}.csproj");
    }
}
