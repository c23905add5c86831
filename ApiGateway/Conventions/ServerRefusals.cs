using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Commerce.ApiGateway;

/// <summary>
/// Kestrel itself refuses what is no proper HTTP: a bad request line, no Host, headers that are too long or do not end. Its answer is a
/// status alone, as no request has begun. It tells of that by a diagnostic event, when the status is set and nothing is sent, so that
/// the answer gets a problem here, as all others have. Its body goes to the connection: without a request there is no response stream.
/// </summary>
internal sealed class ServerRefusals(DiagnosticListener events, ILoggerFactory logs)
    : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private readonly ILogger _log = logs.CreateLogger("Commerce.Request");
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancel)
    {
        _subscription = events.Subscribe(this, name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancel)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> happened)
    {
        if (happened.Value is not IFeatureCollection connection || IsRequest(connection)
            || connection.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException refusal
            || connection.Get<IHttpResponseFeature>() is not { HasStarted: false } response
            || connection.Get<IConnectionTransportFeature>()?.Transport.Output is not { } output) return;
        var (problem, id) = (Problems.OfServer(refusal, response.StatusCode), RequestIds.New());
        _log.LogInformation("{Status} before a request began: {Reason} ({RequestId})", problem.Status, refusal.Message, id);
        var body = JsonSerializer.SerializeToUtf8Bytes(problem.Details(id), RequestBody.Json);
        SecurityHeaders.Set(response.Headers, "/");
        response.Headers[RequestIds.Header] = id;
        response.Headers.ContentType = Problem.MediaType;
        response.Headers.ContentLength = body.Length;
        response.Headers.Connection = "close";
        if (!connection.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync().IsCompletedSuccessfully
            || connection.Get<IHttpRequestFeature>()?.Method == HttpMethods.Head) return;
        body.CopyTo(output.GetSpan(body.Length));
        output.Advance(body.Length);
        _ = output.FlushAsync(); // Kestrel flushes before it closes
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    // Named already, so that its own boundary answers; or a stream among others of one connection.
    private static bool IsRequest(IFeatureCollection connection) => connection.Get<IItemsFeature>() is not null
        || connection.Get<IHttpRequestFeature>()?.Protocol is not ("" or "HTTP/1.0" or "HTTP/1.1");
}
