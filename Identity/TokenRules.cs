using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Commerce.Hosting;
using Commerce.Kernel;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Commerce.Identity;

/// <summary>Which client gets which token.</summary>
internal static class TokenRules
{
    /// <summary>A client that can keep no secret: it has no password here, and has to prove that the code is its own (PKCE).</summary>
    public const string PublicClient = "storefront";

    private const string NoClient = "The client is unknown, or its secret is wrong.";
    private const string Role = "role";
    private const string Customer = "customer";
    private const string SignIn = "sign_in";

    /// <summary>The roles that a token can have, by their names: links to one order are the gateway's.</summary>
    public static readonly IReadOnlyDictionary<string, Role> Roles =
        AccessTable.Roles.Where(r => r.Value.Reach != ReachKind.Order).ToDictionary();

    private static readonly TimeSpan OfPersons = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OfMachines = TimeSpan.FromMinutes(15);

    /// <summary>Adds the rules to the server.</summary>
    public static void AddTo(OpenIddictServerBuilder server, IdentitySettings settings)
    {
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(Check));
        server.AddEventHandler<ValidateRevocationRequestContext>(handler => handler.UseInlineHandler(Check));
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != PublicClient)
                context.Reject(Errors.InvalidClient, $"Only the client '{PublicClient}' signs persons in.");
            else if (!IsHere(context.RedirectUri)) context.Reject(Errors.InvalidRequest, "The redirect_uri is not one of this machine.");
            return default;
        }));
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler
            .UseSingletonHandler<TokenHandler>().SetOrder(OpenIddictServerHandlers.Exchange.AttachPrincipal.Descriptor.Order + 500));
        server.AddEventHandler<HandleRevocationRequestContext>(handler => handler
            .UseSingletonHandler<RevocationHandler>().SetOrder(OpenIddictServerHandlers.Revocation.AttachPrincipal.Descriptor.Order + 500));
        server.AddEventHandler<HandleConfigurationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            context.Metadata["commerce_development"] = true; // a gateway in production refuses such an issuer
            return default;
        }));

        ValueTask Check(BaseValidatingContext context)
        {
            if (!IsClient(context.Transaction.Request!, settings)) context.Reject(Errors.InvalidClient, NoClient);
            return default;
        }
    }

    /// <summary>Whom a token is for, and what it allows; or what is wrong with the request.</summary>
    public static (ClaimsPrincipal? Principal, string? Fault) Of(
        string roles, string? customer, string subject, IEnumerable<string> wanted, bool person)
    {
        var names = roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || !names.All(Roles.ContainsKey))
            return (null, $"'{string.Join(',', names)}' is no role. There are {string.Join(", ", Roles.Keys)}.");
        if (AccessTable.Of(names) is not var (allowed, reach))
            return (null, $"The roles {string.Join(" and ", names)} see different things, and do not go together.");
        if (reach == ReachKind.Customer && customer is not { Length: > 0 })
            return (null, $"The role '{names[0]}' needs a customer, such as cus_ada.");
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, "roles");
        identity.SetClaim(Claims.Subject, subject).SetClaims("roles", [.. names]);
        if (reach == ReachKind.Customer) identity.SetClaim(Customer, customer);
        var scopes = wanted.ToHashSet();
        identity.SetScopes(allowed.Where(scope => scopes.Count == 0 || scopes.Contains(scope)));
        if (person) identity.SetScopes(identity.GetScopes().Add(Scopes.OfflineAccess));
        identity.SetAudiences(IdentitySettings.Audience).SetAccessTokenLifetime(person ? OfPersons : OfMachines);
        identity.SetClaim(SignIn, Guid.NewGuid().ToString("n"));
        identity.SetDestinations(claim => claim.Type == SignIn ? [] : [Destinations.AccessToken]);
        return (new ClaimsPrincipal(identity), null);
    }

    private static bool IsClient(OpenIddictRequest request, IdentitySettings settings) =>
        request.IsClientCredentialsGrantType() || request.ClientSecret is not null
            ? Same(request.ClientSecret ?? "", settings.Secret) && request.ClientId is { Length: > 0 and <= 100 }
            : request.ClientId == PublicClient;

    private static bool Same(string given, string secret) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static bool IsHere(string? redirect) => Uri.TryCreate(redirect, UriKind.Absolute, out var url) && url.IsLoopback;

    /// <summary>Answers at the token endpoint.</summary>
    internal sealed class TokenHandler(Revocations revocations) : IOpenIddictServerHandler<HandleTokenRequestContext>
    {
        public ValueTask HandleAsync(HandleTokenRequestContext context)
        {
            var request = context.Request;
            if (request.IsClientCredentialsGrantType())
            {
                var (principal, fault) = Of(
                    (string?)request[Role] ?? "", (string?)request[Customer], (string?)request["subject"] ?? request.ClientId!,
                    request.GetScopes(), person: false);
                if (principal is null) context.Reject(Errors.InvalidRequest, fault);
                else context.SignIn(principal);
                return default;
            }

            var given = (request.Code ?? request.RefreshToken)!; // without a database, tokens of this server have no ids
            var token = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(given)));
            if (revocations.Use(token, context.Principal!.GetClaim(SignIn)!)) context.SignIn(context.Principal!);
            else context.Reject(Errors.InvalidGrant, "The code or refresh token was used or revoked.");
            return default;
        }
    }

    /// <summary>Ends the sign-in of a token that is given back.</summary>
    internal sealed class RevocationHandler(Revocations revocations) : IOpenIddictServerHandler<HandleRevocationRequestContext>
    {
        public ValueTask HandleAsync(HandleRevocationRequestContext context)
        {
            if (context.GenericTokenPrincipal.GetClaim(SignIn) is { } signIn) revocations.End(signIn);
            return default;
        }
    }
}
