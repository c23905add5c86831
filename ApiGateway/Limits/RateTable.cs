using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>How often something may be.</summary>
/// <param name="PerMinute">In the long run.</param>
/// <param name="Burst">At once.</param>
internal sealed record Rate(int PerMinute, int Burst);

/// <summary>What is counted together.</summary>
internal enum RouteClass
{
    /// <summary>Every request but a list; a change counts here, too, as it may be a repeat that only gets its answer.</summary>
    Read,

    /// <summary>Lists, searches and reports, which cost more.</summary>
    List,

    /// <summary>What changes something.</summary>
    Write,

    /// <summary>Placing orders: each may hold stock and authorize a payment.</summary>
    Place,

    /// <summary>Changes that the business refused: the answer to each is kept.</summary>
    Refused,
}

/// <summary>Whom limits are for.</summary>
internal enum CallerClass
{
    /// <summary>A caller without credentials, where the catalogue is open; counted by address.</summary>
    Visitor,

    /// <summary>A person who shops: customers, guests, bearers of a guest's link.</summary>
    Shopper,

    /// <summary>Staff, devices and partners.</summary>
    Client,

    /// <summary>A program that may import, and so brings much at once.</summary>
    Import,
}

/// <summary>The limits by caller and class of route, and how a configuration changes them (decision 30).</summary>
internal static class RateTable
{
    /// <summary>Wrong credentials, by address.</summary>
    public const string WrongCredentials = "wrong-credentials";

    /// <summary>All of them, as they are without a configuration.</summary>
    public static readonly IReadOnlyDictionary<string, Rate> Usual = new Dictionary<string, Rate>
    {
        [Name(CallerClass.Visitor, RouteClass.Read)] = new(300, 60),
        [Name(CallerClass.Visitor, RouteClass.List)] = new(60, 20),
        [Name(CallerClass.Shopper, RouteClass.Read)] = new(600, 60),
        [Name(CallerClass.Shopper, RouteClass.List)] = new(120, 30),
        [Name(CallerClass.Shopper, RouteClass.Write)] = new(60, 20),
        [Name(CallerClass.Shopper, RouteClass.Place)] = new(10, 10),
        [Name(CallerClass.Shopper, RouteClass.Refused)] = new(20, 20),
        [Name(CallerClass.Client, RouteClass.Read)] = new(6_000, 600),
        [Name(CallerClass.Client, RouteClass.List)] = new(1_200, 120),
        [Name(CallerClass.Client, RouteClass.Write)] = new(3_000, 300),
        [Name(CallerClass.Client, RouteClass.Place)] = new(3_000, 300),
        [Name(CallerClass.Client, RouteClass.Refused)] = new(300, 300),
        [Name(CallerClass.Import, RouteClass.Read)] = new(300_000, 10_000),
        [Name(CallerClass.Import, RouteClass.List)] = new(30_000, 1_000),
        [Name(CallerClass.Import, RouteClass.Write)] = new(300_000, 10_000),
        [Name(CallerClass.Import, RouteClass.Place)] = new(300_000, 10_000),
        [Name(CallerClass.Import, RouteClass.Refused)] = new(30_000, 10_000),
        [WrongCredentials] = new(10, 10),
    };

    /// <summary>The name of the limit of a class of callers for a class of routes: <c>shopper-write</c>.</summary>
    public static string Name(CallerClass caller, RouteClass route) => $"{EnumWords.Of(caller)}-{EnumWords.Of(route)}";

    /// <summary>All limits: the usual ones, and in their places those of the configuration.</summary>
    /// <exception cref="InvalidConfigurationException">There is no such limit, or it is no number.</exception>
    public static IReadOnlyDictionary<string, Rate> Read(IConfigurationSection section)
    {
        var all = new Dictionary<string, Rate>(Usual, StringComparer.OrdinalIgnoreCase);
        foreach (var entry in section.GetChildren())
        {
            if (!all.TryGetValue(entry.Key, out var usual))
                throw new InvalidConfigurationException(
                    entry.Path, $"there is no such limit; did you mean {all.Keys.MinBy(k => Spelling.Distance(k, entry.Key))}? "
                    + "docs/access.md lists all of them.");
            all[entry.Key] = new Rate(
                Number(entry, nameof(Rate.PerMinute), GatewayKeys.LimitPerMinute) ?? usual.PerMinute,
                Number(entry, nameof(Rate.Burst), GatewayKeys.LimitBurst) ?? usual.Burst);
        }

        return all;
    }

    /// <summary>Which limits a caller has.</summary>
    public static CallerClass ClassOf(Caller caller) => caller.Reach.Kind switch
    {
        ReachKind.Customer or ReachKind.Order or ReachKind.Nothing => CallerClass.Shopper,
        ReachKind.Everything when caller.May("orders:import") => CallerClass.Import,
        _ => CallerClass.Client,
    };

    private static int? Number(IConfigurationSection entry, string name, Setting<int> setting) =>
        entry[name] is { } text ? setting.Parse(text) : null;
}
