using System.Net;
using System.Text;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace Commerce.Identity;

/// <summary>The page on which a person chooses a role. There are no passwords: this is for development.</summary>
internal static class AuthorizationPage
{
    public const string Path = "/authorize";

    public const string Style = "/page.css";

    private const string Choice = "chosen_role";
    private const string Customer = "chosen_customer";

    /// <summary>Shows the page; with a choice, goes back to the application with a code.</summary>
    public static async Task<IResult> Answer(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";
        http.Response.Headers.CacheControl = "no-store";
        var request = http.GetOpenIddictServerRequest()!;
        var form = HttpMethods.IsPost(http.Request.Method) ? await http.Request.ReadFormAsync() : null;
        if (form?[Choice].ToString() is not { Length: > 0 } role) return Page(request, null);
        var (principal, fault) = TokenRules.Of(
            role, form[Customer].ToString(), $"{role}@development", request.GetScopes(), person: true);
        return principal is null
            ? Page(request, fault)
            : Results.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>The style of the page.</summary>
    public static IResult Css() => Results.Stream(Resource("page.css"), "text/css; charset=utf-8");

    private static IResult Page(OpenIddictRequest request, string? fault)
    {
        using var reader = new StreamReader(Resource("page.html"));
        var kept = new StringBuilder();
        foreach (var (name, value) in request.GetParameters().Where(p => p.Key is not Choice and not Customer))
            kept.Append($"<input type=\"hidden\" name=\"{Text(name)}\" value=\"{Text((string?)value ?? "")}\">\n");
        var buttons = new StringBuilder();
        foreach (var (name, role) in TokenRules.Roles)
            buttons.Append($"<p><button name=\"{Choice}\" value=\"{name}\">{name}</button> {Text(role.About)}</p>\n");
        return Results.Content(
            reader.ReadToEnd().Replace("{fault}", fault is null ? "" : $"<p class=\"fault\">{Text(fault)}</p>")
                .Replace("{kept}", kept.ToString()).Replace("{client}", Text(request.ClientId ?? ""))
                .Replace("{roles}", buttons.ToString()),
            "text/html; charset=utf-8");
    }

    private static Stream Resource(string name) => typeof(AuthorizationPage).Assembly.GetManifestResourceStream(name)!;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
