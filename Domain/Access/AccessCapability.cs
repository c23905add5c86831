using Commerce.Kernel;

namespace Commerce.Access;

/// <summary>Access: the API keys of machines.</summary>
public static class AccessCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<ApiKeyMade>("api-key-made")
        .Add<ApiKeyRolled>("api-key-rolled")
        .Add<ApiKeyRevoked>("api-key-revoked");

    public static readonly Capability Definition = new(
        "Access", [EntityKind.Of<IApiKey>("api_key", context => new ApiKey(context))], Facts, []);
}

internal sealed class ApiKey(EntityContext context) : IApiKey
{
    private readonly Decider<ApiKeyState, ApiKeyFact> _key = context.Decider(ApiKeyRules.Definition);

    public Task<Result<ApiKeyView>> Make(MakeApiKey command, CallContext call) =>
        _key.Create(call, s => ApiKeyRules.Make(s, context.Key, command, call.Caller, context.Now), View);

    public Task<Result<ApiKeyView>> Roll(RollApiKey command, CallContext call) =>
        _key.Decide(call, s => ApiKeyRules.Roll(s, context.Key, command, call.Caller, context.Now), View);

    public Task<Result<ApiKeyView>> Revoke(CallContext call) =>
        _key.Decide(call, s => ApiKeyRules.Revoke(s, context.Key, context.Now), View);

    public Task<ApiKeyView?> Get() => _key.Read(View);

    private ApiKeyView View(ApiKeyState state, long version) => ApiKeyRules.View(context.Key, state, version);
}
