using System.Net;
using Commerce.Kernel;
using Commerce.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>A gift voucher; the shape that a next capability may bring.</summary>
internal sealed record NewVoucher(
    string? Id, Money Amount, Money? Tip, IReadOnlyList<Money> Parts, IReadOnlyList<Money?>? Gaps,
    IReadOnlyDictionary<string, Money>? Shares, Span Valid);

/// <summary>From when to when.</summary>
internal readonly record struct Span(DateTimeOffset From, DateTimeOffset? To, int Days = 1)
{
    /// <summary>Computed; not to be sent.</summary>
    public bool Open => To is null;
}

/// <summary>What the conventions give an endpoint that they have never seen: one that the next capability may bring.</summary>
public sealed class OwnEndpointTests
{
    private const string Voucher = """
        {
          "amount": { "minor": 500, "currency": "GBP" },
          "parts": [ { "minor": 200, "currency": "GBP" }, { "minor": 300, "currency": "GBP" } ],
          "gaps": [ null, { "minor": 1, "currency": "GBP" } ],
          "shares": { "ada": { "minor": 500, "currency": "GBP" } },
          "valid": { "from": "2026-01-01T00:00:00Z" }
        }
        """;

    private static readonly Heading Vouchers = new("Vouchers", "What is given away.");

    private static readonly PathParameter Id = new("id", "The voucher's id.", "vou_1", "unknown_voucher");

    [Fact]
    public async Task An_endpoint_that_does_not_say_who_may_use_it_ends_the_start()
    {
        await using var host = await Host.Start(app =>
        {
            app.MapPost("/vouchers", () => "").Needs("stock:receive");
            app.MapGet("/open", () => "open").AllowAnonymous();
            AccessRules.Check(app);
            app.MapGet("/vouchers/{id}", () => "whose?");
            Assert.Contains("'/vouchers/{id}'", Assert.Throws<InvalidOperationException>(() => AccessRules.Check(app)).Message);
            Assert.Throws<InvalidOperationException>(() => app.MapGet("/other", () => "").Needs("stock:receives"));
        });
        (await host.Api.Get("/open")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Record_structs_in_a_body_are_read_wherever_they_stand()
    {
        await using var host = await Host.Start(app => Issue(app.Area(Vouchers, Id)));
        var reply = (await host.Api.Post("/vouchers", Voucher)).Expect(HttpStatusCode.OK);
        Assert.Equal((500, "GBP"), (reply["amount.minor"].GetInt64(), reply["amount.currency"].GetString()));
        Assert.Equal((300, 500), (reply["parts.1.minor"].GetInt64(), reply["shares.ada.minor"].GetInt64()));
        Assert.Equal(("GBP", true), (reply["gaps.1.currency"].GetString(), reply["valid.open"].GetBoolean()));
        Assert.False(reply.Json.TryGetProperty("tip", out _));
    }

    [Theory]
    [InlineData("""{"minor":500,"currency":"GBP"}""", """{"minor":500}""", "missing_member", "/amount/currency")]
    [InlineData("""{"minor":500,"currency":"GBP"}""", """{"minor":500,"currency":null}""", "wrong_type", "/amount/currency")]
    [InlineData("""{"minor":500,"currency":"GBP"}""", """{"minor":500,"currency":"GBP","x":1}""", "unknown_member", "/amount/x")]
    [InlineData("""{"minor":500,"currency":"GBP"}""", "null", "wrong_type", "/amount")]
    [InlineData("""{"minor":500,"currency":"GBP"}""", """500""", "wrong_type", "/amount")]
    [InlineData("""{"minor":300,"currency":"GBP"}""", """{"minor":"3","currency":"GBP"}""", "wrong_type", "/parts/1/minor")]
    [InlineData("""{"minor":300,"currency":"GBP"}""", "null", "wrong_type", "/parts/1")]
    [InlineData("""{"minor":1,"currency":"GBP"}""", """{"currency":"GBP"}""", "missing_member", "/gaps/1/minor")]
    [InlineData("""{"from":"2026-01-01T00:00:00Z"}""", """{"from":"2026-01-01T00:00:00Z","open":true}""", "unknown_member", "/valid/open")]
    [InlineData("""{"from":"2026-01-01T00:00:00Z"}""", """{}""", "missing_member", "/valid/from")]
    public async Task What_is_wrong_with_a_record_struct_is_told(string good, string bad, string code, string field)
    {
        await using var host = await Host.Start(app => Issue(app.Area(Vouchers, Id)));
        var body = Voucher.Replace(" ", "").Replace("\n", "");
        Assert.Contains(good, body);
        var at = body.IndexOf(good, StringComparison.Ordinal);
        var reply = (await host.Api.Post("/vouchers", body[..at] + bad + body[(at + good.Length)..])).Expect(HttpStatusCode.BadRequest);
        Assert.Equal((code, field), (reply.Code, reply["field"].GetString()));
    }

    [Fact]
    public async Task The_document_tells_a_record_struct_as_it_is_read()
    {
        await using var host = await Host.Start(app => Issue(app.Area(Vouchers, Id)));
        var schemas = (await host.Api.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK)["components.schemas"];
        Assert.Equal(
            ["minor", "currency"], schemas.GetProperty("Money").GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.DoesNotContain("readOnly", schemas.GetProperty("Money").ToString());
        Assert.Equal(["from"], schemas.GetProperty("Span").GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.True(schemas.GetProperty("Span").GetProperty("properties").GetProperty("open").GetProperty("readOnly").GetBoolean());
    }

    [Fact]
    public async Task A_segment_of_a_path_without_a_description_fails_the_document()
    {
        await using var host = await Host.Start(app =>
            Get(app.Area(Vouchers, new PathParameter("sku", "Another.", "x"))).Means(200, "The voucher."));
        var reply = await host.Api.Get("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.InternalServerError, reply.Status);
        Assert.Contains("'{id}' of 'vouchers/{id}'", host.Failure!.Message);
    }

    [Fact]
    public async Task An_answer_that_is_not_described_and_a_description_without_an_answer_are_found()
    {
        await using var silent = await Host.Start(app => Get(app.Area(Vouchers, Id)));
        Assert.Equal(HttpStatusCode.InternalServerError, (await silent.Api.Get("/openapi/v1.json")).Status);
        Assert.Contains("what 200 of 'vouchers/{id}' means", silent.Failure!.Message);
        await using var boasting = await Host.Start(app => Get(app.Area(Vouchers, Id)).Means(200, "The voucher.").Means(201, "Never."));
        Assert.Equal(HttpStatusCode.InternalServerError, (await boasting.Api.Get("/openapi/v1.json")).Status);
        Assert.Contains("never answers 201", boasting.Failure!.Message);
    }

    [Fact]
    public async Task A_refusal_with_a_code_that_is_not_listed_and_not_explained_is_seen()
    {
        await using var host = await Host.Start(app => Issue(app.Area(Vouchers, Id)));
        (await host.Api.Post("/vouchers", Voucher.Replace("500", "0"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Empty(host.Service<RefusalWatch>().Undeclared);
        (await host.Api.Post("/vouchers", Voucher.Replace("500", "13"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["issueVoucher 422 unlucky", "unlucky, which has no page"], host.Service<RefusalWatch>().Undeclared);
    }

    [Fact]
    public async Task A_body_other_than_the_documented_one_is_not_read()
    {
        await using var host = await Host.Start(app =>
            app.Area(Vouchers, Id).MapPost("/vouchers", (ApiRequest request) => request.Read<NewProduct>())
                .As("issueVoucher", "Issues one").Reads<NewVoucher>(Voucher).Changes().Means(200, "Issued."));
        (await host.Api.Post("/vouchers", Voucher)).Expect(HttpStatusCode.InternalServerError);
        Assert.Contains("reads NewProduct, but its document says NewVoucher", host.Failure!.Message);
    }

    private static void Issue(RouteGroupBuilder area) => area
        .MapPost("/vouchers", async Task<Ok<NewVoucher>> (ApiRequest request) =>
        {
            var voucher = await request.Read<NewVoucher>();
            return voucher.Amount.Minor switch
            {
                0 => throw Problems.Invalid("invalid_amount", "/amount", "It is nothing.", "Give some."),
                13 => throw Problems.Invalid("unlucky", "/amount", "It is thirteen.", "Give more."),
                _ => TypedResults.Ok(voucher),
            };
        })
        .As("issueVoucher", "Issues one").Reads<NewVoucher>(Voucher).Changes().Refuses(422, "invalid_amount").Means(200, "Issued.");

    private static RouteHandlerBuilder Get(RouteGroupBuilder area) =>
        area.MapGet("/vouchers/{id}", (string id) => TypedResults.Ok(id)).As("getVoucher", "Gets one");

    /// <summary>The conventions on an address of their own, with other endpoints and no business.</summary>
    private sealed class Host(WebApplication app) : IAsyncDisposable
    {
        public Api Api { get; } = new(new Uri(app.Urls.Single())) { Credentials = TestCredentials.Secret };

        /// <summary>What became an internal error last.</summary>
        public Exception? Failure { get; private set; }

        public T Service<T>() where T : notnull => app.Services.GetRequiredService<T>();

        public static async Task<Host> Start(Action<WebApplication> map)
        {
            var builder = WebApplication.CreateBuilder([
                "--Commerce:Postgres=Host=127.0.0.1", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
                .. TestCredentials.Options]);
            builder.AddConventions(GatewaySettings.Read(builder.Configuration));
            var app = builder.Build();
            app.UseConventions();
            Host? host = null;
            app.Use(async (http, next) =>
            {
                try
                {
                    await next(http);
                }
                catch (Exception failure)
                {
                    host!.Failure = failure;
                    throw;
                }
            });
            map(app);
            app.MapApiDocument();
            await app.StartAsync();
            return host = new Host(app);
        }

        public ValueTask DisposeAsync()
        {
            Api.Dispose();
            return app.DisposeAsync();
        }
    }
}
