using System.Globalization;
using System.Text.Json;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>One thing that happened.</summary>
/// <param name="Version">The version of the thing that this made; 1 is the first.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Type">What kind of thing happened, for programs: <c>order-placed</c>.</param>
/// <param name="What">What happened, for a person.</param>
/// <param name="Caller">Who did it; <c>system</c> when it followed by itself. For staff only.</param>
/// <param name="Cause">Whose call it followed from, where it followed by itself. For staff only.</param>
/// <param name="Data">The fact as it is kept. For staff only.</param>
internal sealed record TimelineEntry(
    long Version, DateTimeOffset At, string Type, string What, string? Caller, string? Cause, JsonElement? Data);

/// <summary>The history of one entity for a person, straight from the journal.</summary>
internal sealed class TimelineReader(IReadOnlyList<CapabilityStore> stores)
{
    private const string CursorPrefix = "v";

    /// <summary>The log of a capability's facts.</summary>
    public IFactLog LogOf(Capability capability) => StoreOf(capability).Log;

    /// <summary>A page of an entity's history; unknown entities end the request.</summary>
    public async Task<Page<TimelineEntry>> Read(
        Capability capability, string kind, string key, ApiRequest request, Func<object, string> tell)
    {
        var after = After(request.Page.Cursor);
        var facts = await LogOf(capability).History(new EntityId(kind, key), after, request.Page.Limit + 1, request.Cancel);
        if (facts.Count == 0 && after == 0) throw Problems.Unknown(kind, key);
        var shown = facts.Take(request.Page.Limit).Select(f => Entry(capability, f, tell, IsStaff(request))).ToList();
        return new Page<TimelineEntry>(shown, facts.Count > shown.Count ? $"{CursorPrefix}{shown[^1].Version}" : null);
    }

    /// <summary>A fact's kept name without the version of its shape.</summary>
    public static string NameOf(RecordedFact fact) => fact.Fact.Type[..fact.Fact.Type.LastIndexOf('/')];

    /// <summary>True for callers that see who did it, and all that is kept.</summary>
    public static bool IsStaff(ApiRequest request) => request.Caller.Reach.Kind == ReachKind.Everything;

    /// <summary>A fact, opened.</summary>
    public object Open(Capability capability, RecordedFact recorded) => StoreOf(capability).Personal.Decode(capability.Facts, recorded);

    /// <summary>A fact, opened, as a caller sees it.</summary>
    public TimelineEntry Entry(Capability capability, RecordedFact recorded, Func<object, string> tell, bool staff)
    {
        var fact = Open(capability, recorded);
        return new TimelineEntry(
            recorded.Version, recorded.At, NameOf(recorded), tell(fact), staff ? recorded.Caller : null, staff ? recorded.Cause : null,
            staff ? JsonSerializer.SerializeToElement(fact, fact.GetType(), RequestBody.Json) : null);
    }

    private CapabilityStore StoreOf(Capability capability) => stores.First(s => s.Capability == capability);

    private static long After(string? cursor) => cursor is null ? 0
        : cursor.StartsWith(CursorPrefix, StringComparison.Ordinal)
            && long.TryParse(cursor.AsSpan(CursorPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw new BadCursorException(Text.Shorten(cursor));
}
