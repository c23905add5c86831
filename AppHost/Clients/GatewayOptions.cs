using System.CommandLine;
using System.CommandLine.Parsing;

namespace Commerce.AppHost;

/// <summary>Which gateway a client talks to, and with which key: that of the running <c>up</c>, unless another one is named.</summary>
internal sealed class GatewayOptions
{
    /// <summary>The environment variable for the key.</summary>
    public const string KeyVariable = "COMMERCE_API_KEY";

    private const int LongestKey = 200;

    private readonly Option<string?> _url = new("--gateway")
    {
        HelpName = "URL", Description = "the gateway (default: that of the running ./commerce up)",
    };

    private readonly Option<string?> _key = new("--api-key")
    {
        HelpName = "WHERE",
        Description = $"where the key is, of a gateway that is named: {Secrets.Forms} (or the variable {KeyVariable})",
    };

    private readonly Option<string> _data;

    private GatewayOptions(Workspace workspace)
    {
        _data = RunningSession.DataOption(workspace);
        _url.Validators.Add(CheckUrl);
        _key.Validators.Add(given =>
        {
            if (!Secrets.IsElsewhere(given.GetValueOrDefault<string>() ?? ""))
                given.AddError($"--api-key is not the key itself, which every user of this machine would see. Give {Secrets.Forms}.");
        });
    }

    private static string KeyRule { get; } = $"A key is 1 to {LongestKey} visible ASCII characters.";

    /// <summary>Gives a command the options.</summary>
    public static GatewayOptions AddTo(Command verb, Workspace workspace)
    {
        var options = new GatewayOptions(workspace);
        foreach (var option in new Option[] { options._url, options._data, options._key }) verb.Add(option);
        return options;
    }

    /// <summary>Where the gateway is. Without the option, the running <c>up</c> says so.</summary>
    /// <exception cref="CommandFailedException">None is named, and no <c>up</c> is running.</exception>
    public async Task<string> Url(ParseResult parsed, CancellationToken cancel) =>
        parsed.GetValue(_url)?.TrimEnd('/') ?? await RunningSession.Gateway(parsed.GetRequiredValue(_data), cancel);

    /// <summary>The key of the option or of the environment; null when there is none.</summary>
    /// <exception cref="CommandFailedException">It cannot be one.</exception>
    public string? Key(ParseResult parsed)
    {
        if (parsed.GetValue(_key) is { } given)
            return Secrets.Read("--api-key", given) is var read && IsKey(read) ? read
                : throw new CommandFailedException($"--api-key {given} does not give a key. {KeyRule}");
        if (Environment.GetEnvironmentVariable(KeyVariable) is not { Length: > 0 } key) return null;
        return IsKey(key) ? key : throw new CommandFailedException($"The environment variable {KeyVariable} is not a key. {KeyRule}");
    }

    /// <summary>
    /// The environment of a program that is to call the gateway as a caller of <paramref name="role"/>: with the key that was given, or
    /// with tokens of the running <c>up</c>, where its gateway is meant.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string?>> Credentials(ParseResult parsed, string role, CancellationToken cancel) =>
        Key(parsed) is { } key ? new Dictionary<string, string?> { [KeyVariable] = key }
        : parsed.GetValue(_url) is null ? (await RunningSession.Identity(parsed.GetRequiredValue(_data), cancel)).VariablesFor(role)
        : new Dictionary<string, string?>();

    /// <summary>The same as one bearer token; null where there is none.</summary>
    public async Task<string?> Bearer(ParseResult parsed, string role, CancellationToken cancel) =>
        Key(parsed) is { } key ? key
        : parsed.GetValue(_url) is not null ? null
        : await (await RunningSession.Identity(parsed.GetRequiredValue(_data), cancel)).Token(role, null, null, null, cancel);

    private static bool IsKey(string? text) => text is { Length: > 0 and <= LongestKey } && text.All(c => c is > ' ' and <= '~');

    private static void CheckUrl(OptionResult given)
    {
        var url = given.GetValueOrDefault<string>();
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            given.AddError($"'{url}' is not the address of a gateway. It looks like this: --gateway http://127.0.0.1:8080");
    }
}
