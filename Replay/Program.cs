using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Net;

namespace Commerce.Replay;

internal static class Program
{
    private const int Agrees = 0;
    private const int Differs = 1;
    private const int Unusable = 2;
    private const int Stopped = 130;

    public static Task<int> Main(string[] args) => Invoke(args, Console.Out, Console.Error, CancellationToken.None);

    /// <summary>The command with these arguments; the tables and the JSON go to one place, progress and complaints to the other.</summary>
    internal static async Task<int> Invoke(string[] args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var parsed = Command(output, error).Parse(args);
        var console = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
        var code = await parsed.InvokeAsync(console, cancel);
        return parsed.Errors.Count > 0 ? Unusable : code;
    }

    private static Command Command(TextWriter output, TextWriter error)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A month in the form of the Online Retail data, .csv.gz or .csv; without it, a sample.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var save = new Option<string?>("--save") { Description = "Only write the sample to a new file.", HelpName = "FILE" };
        var gateway = new Option<string>("--gateway")
        {
            Description = "Where the REST API is.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var key = new Option<string?>("--api-key")
        {
            Description = "The API key to send; otherwise taken from COMMERCE_API_KEY. Instead of a key, COMMERCE_TOKEN_URL, "
                + "COMMERCE_CLIENT_ID, COMMERCE_CLIENT_SECRET and COMMERCE_TOKEN_ROLE say where to get tokens.",
            HelpName = "KEY",
        };
        var json = new Option<bool>("--json") { Description = "End standard output with one line of JSON." };
        var concurrency = new Option<int>("--concurrency")
        {
            Description = "Requests under way at once, 1 to 256.", HelpName = "N", DefaultValueFactory = _ => 32,
        };
        gateway.Validators.Add(r =>
        {
            if (!Uri.TryCreate(r.GetValueOrDefault<string>(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                r.AddError($"--gateway {r.GetValueOrDefault<string>()} is not an http or https URL such as http://127.0.0.1:8080.");
        });
        file.Validators.Add(NotEmpty);
        save.Validators.Add(NotEmpty);
        key.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<string>() is not { Length: > 0 } text || !text.All(c => c is > ' ' and <= '~'))
                r.AddError("--api-key is not a key: visible ASCII characters without spaces.");
        });
        concurrency.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() is < 1 or > 256) r.AddError($"--concurrency is 1 to 256, not {r.GetValueOrDefault<int>()}.");
        });
        var command = new Command(
            "replay",
            "Pushes a month of orders through the REST API, reads everything back and compares it with the file to the " +
            "penny. Interrupted and run again, it continues and doubles nothing. Exit code 0: no differences; 1: differences; 2: the " +
            "file or the gateway cannot be used; 130: stopped.")
        {
            file, gateway, key, json, concurrency, save, new HelpOption(),
        };
        command.SetAction((parse, cancel) => parse.GetValue(save) is { } target ? Save(target, output, error) : Run(
            new(
                parse.GetValue(file), new Uri(parse.GetValue(gateway)!),
                parse.GetValue(key) ?? Environment.GetEnvironmentVariable("COMMERCE_API_KEY"), parse.GetValue(json),
                parse.GetValue(concurrency)),
            output, error, cancel));
        return command;
    }

    private static void NotEmpty(SymbolResult given)
    {
        if (given.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value))) given.AddError("The path of a file is empty. Give one, or none.");
    }

    private static async Task<int> Save(string path, TextWriter output, TextWriter error)
    {
        try
        {
            new SampleMonth().Save(path);
            await output.WriteLineAsync($"The sample month is in {path}. Replay it: ./commerce replay {path}");
            return Agrees;
        }
        catch (ReplayException e)
        {
            await error.WriteLineAsync(e.Message);
            return Unusable;
        }
    }

    private static async Task<int> Run(Options options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            var plan = Planner.Of(options.File is { } path ? RetailFile.Read(path) : RetailFile.Sample());
            var gateway = new CommerceOptions(options.Gateway)
            {
                ApiKey = options.ApiKey, Credentials = Credentials(), Connections = options.Concurrency,
            };
            using var impatient = new CommerceClient(gateway with { Patience = TimeSpan.FromSeconds(3) });
            await impatient.GetReadinessAsync(cancel);
            using var shop = new CommerceClient(gateway);
            var outcome = await BarDisplay.Run(error, async progress =>
            {
                var sent = await new Replayer(shop, plan, options.Concurrency, progress).Run(cancel);
                return await new ReadBack(shop, plan, sent, options.Concurrency, progress).Run(cancel);
            });
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            ReplayReport.Print(output, plan, outcome, seconds);
            if (options.Json) output.WriteLine(ReplayReport.Json(outcome, seconds));
            return outcome.Differences.Count == 0 ? Agrees : Differs;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped. What was sent is kept; running the same command again continues from here.");
            return Stopped;
        }
        catch (Exception e) when (e is ReplayException or NoAnswerException or CommerceException)
        {
            await error.WriteLineAsync(InWords(e, options));
            return Unusable;
        }
    }

    private static string InWords(Exception failure, Options options) => failure switch
    {
        NoAnswerException =>
            $"The gateway at {options.Gateway} cannot be used: {failure.Message} Is it running? Start it with ./commerce up, or name "
            + "another one with --gateway. Running the same replay again continues where this one stopped.",
        CommerceException { StatusCode: HttpStatusCode.Unauthorized } =>
            $"The gateway at {options.Gateway} does not let this client in: {failure.Message} Give a key with --api-key.",
        CommerceException { Problem: null } strange =>
            $"{options.Gateway} answers, but not as a gateway of Commerce on Orleans does ({(int)strange.StatusCode}): {failure.Message}",
        CommerceException refused => $"The gateway at {options.Gateway} refuses ({(int)refused.StatusCode}): {failure.Message}",
        _ => failure.Message,
    };

    // By the environment: other users of the machine see arguments.
    private static ClientCredentials? Credentials()
    {
        if (!Uri.TryCreate(Environment.GetEnvironmentVariable("COMMERCE_TOKEN_URL"), UriKind.Absolute, out var url)) return null;
        var (id, secret) = (Told("COMMERCE_CLIENT_ID"), Told("COMMERCE_CLIENT_SECRET"));
        var parameters = new Dictionary<string, string> { ["role"] = Told("COMMERCE_TOKEN_ROLE") };
        return new ClientCredentials(url, id, secret) { Parameters = parameters };

        static string Told(string name) => Environment.GetEnvironmentVariable(name) ?? "";
    }

    private sealed record Options(string? File, Uri Gateway, string? ApiKey, bool Json, int Concurrency);
}
