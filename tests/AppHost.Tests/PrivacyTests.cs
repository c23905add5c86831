using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

/// <summary>What other users of the machine, and other processes of ours, can see of a running <c>up</c>.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivacyTests(PrivacyTests.Running running) : IClassFixture<PrivacyTests.Running>
{
    private const string Planted = "a-secret-of-24-characters";

    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public void What_up_makes_is_for_its_user_only()
    {
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(running.Data) & OfOthers);
        string[] names = ["silo", "gateway", "identity"];
        var programs = names.Select(p => Path.Combine(running.Data, p)).ToList(); // copies of the checkout's
        var kept = Directory.EnumerateFileSystemEntries(running.Data, "*", SearchOption.AllDirectories)
            .Where(f => !programs.Any(p => f.StartsWith(p, StringComparison.Ordinal))).ToList();
        Assert.Contains(Path.Combine(running.Data, "logs", "gateway.log"), kept);
        Assert.Contains(Path.Combine(running.Data, "control"), kept);
        Assert.Contains(Path.Combine(running.Data, "postgres", "password"), kept);
        Assert.DoesNotContain(kept, f => File.Exists(f) && (File.GetUnixFileMode(f) & OfOthers) != 0);
        Assert.DoesNotContain(kept, f => Directory.Exists(f) && (File.GetUnixFileMode(f) & OfOthers) != 0);
    }

    [Fact]
    public void Each_process_gets_the_variables_that_it_needs_and_no_more()
    {
        var (silo, gateway, postgres) = (Environment("Silo"), Environment("ApiGateway"), Environment("bin/postgres"));
        Assert.Equal(Planted, gateway["Commerce__ApiKeys__tour__Key"]);
        Assert.Equal("Warning", silo["Logging__LogLevel__Default"]);
        Assert.DoesNotContain("Commerce__TimeZone", silo.Keys);
        Assert.All(new[] { silo, gateway }, e => Assert.Equal("no-token", e["Commerce__Keys__Pkcs11__Token"]));
        Assert.DoesNotContain(
            Environment("Identity").Keys, name => name.StartsWith("Commerce__Keys__", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("Commerce__Silo__ProbeSeconds", gateway.Keys);
        Assert.All(new[] { silo, postgres }, e => Assert.DoesNotContain(Planted, e.Values));
        Assert.All(new[] { silo, gateway, postgres }, e => Assert.DoesNotContain("SOME_TOKEN", e.Keys));
        Assert.DoesNotContain(postgres.Keys, name => name.Contains("__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_process_has_a_secret_among_its_arguments()
    {
        var password = await File.ReadAllTextAsync(
            Path.Combine(running.Data, "postgres", "password"));
        var control = await File.ReadAllTextAsync(Path.Combine(running.Data, "control"));
        var arguments = string.Join('\n', running.Up.Children().Select(c => c.Command));
        Assert.Contains("postgres", arguments);
        Assert.All(new[] { password.Trim(), control.Split(' ')[1], Planted }, secret => Assert.DoesNotContain(secret, arguments));
    }

    [Theory]
    [InlineData("up --single --postgres Host=127.0.0.1;Password=swordfish", 1, "--postgres holds a password")]
    [InlineData("rebuild --api-key swordfish-of-24-characters", 2, "--api-key is not the key itself")]
    [InlineData("up --single --postgres @/nowhere/at-all", 1, "--postgres @/nowhere/at-all cannot be read")]
    public async Task A_secret_that_is_an_argument_is_refused_and_not_shown(string typed, int code, string said)
    {
        using var checkout = new Checkout();
        var (exit, output) = await checkout.Run([.. typed.Split(' '), "--data", Path.Combine(checkout.Temporary, "data")]);
        Assert.Equal(code, exit);
        Assert.Contains(said, output);
        Assert.DoesNotContain("swordfish", output);
    }

    [Fact]
    public async Task A_request_of_the_control_port_has_a_bounded_length()
    {
        var control = (await File.ReadAllTextAsync(
            Path.Combine(running.Data, "control"))).Split(' ');
        Assert.StartsWith(">", await Ask("status"));
        Assert.Equal("", await Ask("status" + new string(' ', 300)));

        async Task<string> Ask(string word)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, int.Parse(control[0]));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{control[1]} {word}\n"));
            using var answer = new StreamReader(client.GetStream());
            try
            {
                return await answer.ReadToEndAsync();
            }
            catch (IOException)
            {
                return ""; // closed with some of the request unread
            }
        }
    }

    [Fact]
    public async Task A_folder_that_others_may_read_is_closed_or_left_alone()
    {
        using var checkout = new Checkout();
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var (empty, shared) = (Path.Combine(checkout.Temporary, "empty"), Path.Combine(checkout.Temporary, "shared"));
        foreach (var folder in new[] { empty, shared })
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, open);
        }

        await File.WriteAllTextAsync(Path.Combine(shared, "letter.txt"), "Dear all");
        Task<(int, string)> Up(string data) =>
            checkout.Run("up", "--single", "--port", "0", "--data", data, "--postgres", "Host=127.0.0.1;Port=1");

        Assert.Contains("No PostgreSQL answers", (await Up(empty)).Item2);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(empty) & OfOthers);
        var (exit, said) = await Up(shared);
        Assert.Equal(1, exit);
        Assert.Contains($"The data folder '{shared}' is open to other users (mode 705) and holds 'letter.txt'", said);
        Assert.Equal(open, File.GetUnixFileMode(shared));
    }

    private Dictionary<string, string> Environment(string program)
    {
        var pid = running.Up.Children().Single(c => c.Command.Contains(program, StringComparison.Ordinal)).Pid;
        return File.ReadAllText($"/proc/{pid}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
    }

    public sealed class Running : IAsyncLifetime
    {
        private readonly Checkout _checkout = new();

        internal RunningProgram Up { get; private set; } = null!;

        internal string Data => Path.Combine(_checkout.Temporary, "data");

        public async ValueTask InitializeAsync()
        {
            var planted = new Dictionary<string, string?>
            {
                ["Commerce__ApiKeys__tour__Key"] = Planted, ["Commerce__ApiKeys__tour__Roles__0"] = "operator",
                ["Commerce__TimeZone"] = "Europe/London", ["Commerce__Silo__ProbeSeconds"] = "2",
                ["Logging__LogLevel__Default"] = "Warning", ["SOME_TOKEN"] = Planted, ["Commerce__Keys__Pkcs11__Token"] = "no-token",
            };
            Up = RunningProgram.StartCommand(
                Path.Combine(Checkout.Root, "commerce"), ["up", "--silos", "1", "--port", "0", "--data", Data], _checkout.Temporary,
                planted);
            await Up.Line("ready: ");
        }

        public async ValueTask DisposeAsync()
        {
            await Up.Stop();
            await Up.DisposeAsync();
            _checkout.Dispose();
        }
    }
}
