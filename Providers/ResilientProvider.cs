using Commerce.Kernel;
using Commerce.Payments;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Commerce.Providers;

/// <summary>
/// A provider with timeouts, retries and a circuit breaker: each attempt has a timeout, a request that was certainly not carried out is
/// repeated after a jittered delay, and the circuit breaker gives a failing provider a rest. A timed-out attempt is never repeated here:
/// only a lookup shows its outcome. Lookups have a circuit of their own: a provider may lose requests and still answer lookups. Time and
/// randomness are arguments, so that a simulation owns both.
/// </summary>
public sealed class ResilientProvider : IPaymentProvider
{
    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);

    private readonly IPaymentProvider _inner;
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<ProviderEvent> _report;
    private readonly RequestPipeline _requests;
    private readonly RequestPipeline _lookups;

    /// <summary>Adds resilience to <paramref name="inner"/>.</summary>
    /// <param name="inner">The provider that moves the money.</param>
    /// <param name="clock">The only clock.</param>
    /// <param name="random">For jitter: 0 to below 1, from any thread.</param>
    /// <param name="report">For the log.</param>
    public ResilientProvider(
        IPaymentProvider inner, ResilienceOptions options, TimeProvider clock, Func<double> random, Action<ProviderEvent>? report = null)
    {
        (_inner, _options, _clock, _report) = (inner, options, clock, report ?? (_ => { }));
        (_requests, _lookups) = (NewPipeline("requests"), NewPipeline("lookups"));

        RequestPipeline NewPipeline(string what)
        {
            var pipeline = new RequestPipeline(what) { Circuit = new Circuit(inner.Name, CircuitStatus.Closed, clock.GetUtcNow(), null) };
            pipeline.Steps = Pipeline(pipeline, random);
            return pipeline;
        }
    }

    public string Name => _inner.Name;

    /// <summary>Where the circuit of all that moves money stands now.</summary>
    public Circuit Circuit => _requests.Circuit is { Status: CircuitStatus.Open, Until: { } until } && until <= _clock.GetUtcNow()
        ? new Circuit(Name, CircuitStatus.HalfOpen, until, null) // the breaker itself notices only with the next request
        : _requests.Circuit;

    public async Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel) =>
        (await Send(_requests, reference, (inner, c) => inner.Authorize(reference, amount, method, c)!, cancel))!;

    public async Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
        (await Send(_requests, reference, (inner, c) => inner.Capture(reference, authorization, amount, c)!, cancel))!;

    public async Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) =>
        (await Send(_requests, reference, (inner, c) => inner.Void(reference, authorization, c)!, cancel))!;

    public async Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
        (await Send(_requests, reference, (inner, c) => inner.Refund(reference, authorization, amount, c)!, cancel))!;

    public Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel) =>
        Send(_lookups, reference, (inner, c) => inner.Lookup(reference, authorization, c), cancel);

    private async Task<ProviderResult?> Send(
        RequestPipeline pipeline, string reference, Func<IPaymentProvider, CancellationToken, Task<ProviderResult?>> request,
        CancellationToken cancel)
    {
        var inDoubt = false; // true while the outcome of an attempt is unknown
        Exception? failure = null;
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancel); // stay on the scheduler of the caller
        try
        {
            return await pipeline.Steps.ExecuteAsync(
                async c =>
                {
                    inDoubt = true;
                    Observe(pipeline, failure);
                    try
                    {
                        return await request(_inner, c.CancellationToken);
                    }
                    catch (Exception problem)
                    {
                        failure = problem;
                        inDoubt = problem is not ProviderUnavailableException;
                        throw;
                    }
                },
                context);
        }
        catch (BrokenCircuitException)
        {
            throw new ProviderUnavailableException(
                $"{Name} is failing and is given a rest (its circuit is open).", UntilHalfOpen(pipeline));
        }
        catch (OperationCanceledException given) when (!inDoubt)
        {
            throw new ProviderUnavailableException($"{Name} was not asked in time; nothing was carried out.", MinRetryAfter, given);
        }
        catch (Exception problem) when (problem is not ProviderUnavailableException)
        {
            throw Unknown(reference, problem);
        }
        finally
        {
            Observe(pipeline, failure);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // After any failure of a request that was sent, it may have been carried out.
    private ProviderTimeoutException Unknown(string reference, Exception problem)
    {
        if (problem is TimeoutRejectedException or ProviderTimeoutException or OperationCanceledException)
        {
            _report(new(Name, ProviderEventKind.TimedOut, $"{reference} got no answer.", problem));
            return problem as ProviderTimeoutException ?? new ProviderTimeoutException($"{Name} did not answer in time.", problem);
        }

        _report(new(Name, ProviderEventKind.Faulted, $"{reference} failed with an unknown outcome: {problem.Message}", problem));
        return new ProviderTimeoutException($"{Name} failed without telling what became of the request.", problem);
    }

    private TimeSpan UntilHalfOpen(RequestPipeline pipeline)
    {
        var left = pipeline.Circuit.Until - _clock.GetUtcNow() ?? TimeSpan.Zero;
        return left > MinRetryAfter ? left : MinRetryAfter;
    }

    private ResiliencePipeline Pipeline(RequestPipeline pipeline, Func<double> random) =>
        new ResiliencePipelineBuilder { TimeProvider = _clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<ProviderUnavailableException>(),
            MaxRetryAttempts = _options.Retries,
            Delay = _options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = random,
            OnRetry = a =>
            {
                Observe(pipeline, a.Outcome.Exception);
                return Report(ProviderEventKind.Retrying, $"Again in {a.RetryDelay.TotalMilliseconds:0} ms.", a.Outcome.Exception);
            },
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = _options.FailureRatio,
            MinimumThroughput = _options.MinimumAttempts,
            SamplingDuration = _options.Sampling,
            BreakDuration = _options.Break,
            StateProvider = pipeline.State,
        })
        .AddTimeout(_options.Timeout)
        .Build();

    /// <summary>
    /// Checks whether the state of the breaker has changed. It is polled: its callbacks come on the thread pool, and the request that
    /// changes it would wait for that.
    /// </summary>
    private void Observe(RequestPipeline pipeline, Exception? cause)
    {
        var now = _clock.GetUtcNow();
        DateTimeOffset? Until(CircuitStatus status) => status == CircuitStatus.Open ? now + _options.Break : null;
        if (pipeline.Turned(status => new Circuit(Name, status, now, Until(status))) is not { } turned) return;
        var kind = turned.Status switch
        {
            CircuitStatus.Closed => ProviderEventKind.CircuitClosed,
            CircuitStatus.HalfOpen => ProviderEventKind.CircuitHalfOpened,
            _ => ProviderEventKind.CircuitOpened,
        };
        var rest = turned.Until is null ? "" : $" until {turned.Until:O}";
        Report(kind, $"The circuit of {pipeline.What} is {turned.Status}{rest}.", turned.Status == CircuitStatus.Open ? cause : null);
    }

    private ValueTask Report(ProviderEventKind kind, string detail, Exception? cause)
    {
        _report(new(Name, kind, detail, cause));
        return ValueTask.CompletedTask;
    }

    private sealed class RequestPipeline(string what)
    {
        private readonly Lock _gate = new();
        private volatile Circuit _circuit = null!;

        public string What => what;

        public CircuitBreakerStateProvider State { get; } = new();

        public ResiliencePipeline Steps { get; set; } = null!;

        public Circuit Circuit
        {
            get => _circuit;
            set => _circuit = value;
        }

        /// <summary>
        /// The state, if it has changed. The breaker is read under the lock, so that the first reader reports the change.
        /// </summary>
        public Circuit? Turned(Func<CircuitStatus, Circuit> now)
        {
            lock (_gate)
            {
                var status = State.CircuitState switch
                {
                    CircuitState.Closed => CircuitStatus.Closed,
                    CircuitState.HalfOpen => CircuitStatus.HalfOpen,
                    _ => CircuitStatus.Open,
                };
                return _circuit.Status == status ? null : _circuit = now(status);
            }
        }
    }
}
