using System.ComponentModel;
using System.Diagnostics;

namespace Commerce.Testing;

/// <summary>Programs of others that tests run to their end, in a folder: compilers, generators, linters.</summary>
/// <param name="folder">Where they run.</param>
/// <param name="environment">Settings that they read there.</param>
public sealed class Tool(string folder, params (string Name, string Value)[] environment)
{
    /// <summary>Why a test that needs Node.js is skipped.</summary>
    public const string NoNode = "Node.js 20 or newer is not installed.";

    /// <summary>True where Node.js and its package manager are installed; they are not needed for anything else.</summary>
    public static async Task<bool> HasNode()
    {
        var here = new Tool(Path.GetTempPath());
        try
        {
            var version = Version.Parse((await here.Run("node", "--version")).TrimStart('v'));
            return version.Major >= 20 && (await here.Ask("npm", "--version")).Code == 0;
        }
        catch (Win32Exception)
        {
            return false; // the answer to the question
        }
    }

    /// <summary>Installs what the folder's <c>package-lock.json</c> names, unless it is there already.</summary>
    public async Task InstallPackages()
    {
        var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
            await Run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    }

    /// <summary>What it prints. It must succeed.</summary>
    public async Task<string> Run(params string[] command)
    {
        var (code, output, errors) = await Ask(command);
        return code == 0
            ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}:\n{output}\n{errors}");
    }

    /// <summary>Its exit code and what it prints.</summary>
    public async Task<(int Code, string Output, string Errors)> Ask(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
