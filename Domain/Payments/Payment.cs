using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>The money of one order, with an address and a process.</summary>
public sealed class Payment(EntityContext context, IPaymentProvider provider)
    : ProcessEntity<PaymentState, PaymentFact, PaymentStep>(context), IPayment
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private string? _pausedBefore;

    /// <inheritdoc/>
    protected override PaymentState Initial => PaymentState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "payment/1";

    /// <inheritdoc/>
    public Task<Result<PaymentView>> Authorize(AuthorizePayment command, CallContext call) =>
        Execute(call, s => PaymentRules.Authorize(s, Key, command, provider.Name, Now), View, begins: true);

    /// <inheritdoc/>
    public Task<Result<PaymentView>> Capture(MoveMoney command, CallContext call) =>
        Execute(call, s => PaymentRules.Capture(s, Key, command, Now), View);

    /// <inheritdoc/>
    public Task<Result<PaymentView>> Void(VoidPayment command, CallContext call) =>
        Execute(call, s => PaymentRules.Void(s, Key, command, Now), View);

    /// <inheritdoc/>
    public Task<Result<PaymentView>> Refund(MoveMoney command, CallContext call) =>
        Execute(call, s => PaymentRules.Refund(s, Key, command, Now), View);

    /// <inheritdoc/>
    public Task Continue(CallContext call)
    {
        Nudge();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<PaymentView?> Get()
    {
        var (state, version) = await Read();
        return version == 0 ? null : View(state, version);
    }

    /// <inheritdoc/>
    public async Task<PaymentView?> WhenSettled(DateTimeOffset deadline)
    {
        var view = await Get();
        while (view is { Settled: false } && Now < deadline)
        {
            await When(s => s.Current is null, deadline);
            view = await Get();
        }

        return view;
    }

    /// <inheritdoc/>
    protected override PaymentState Evolve(PaymentState state, PaymentFact fact) => PaymentRules.Evolve(state, fact);

    /// <inheritdoc/>
    protected override PaymentStep? Next(PaymentState state) => PaymentProcess.Next(state);

    /// <inheritdoc/>
    protected override string NameOf(PaymentStep step) => step.Name;

    /// <inheritdoc/>
    protected override async Task<StepResult<PaymentState, PaymentFact>> Run(PaymentStep step, PaymentState state, CallContext call)
    {
        if (state.Terms!.Provider != provider.Name)
            throw new InvalidOperationException($"{Key} belongs to {state.Terms.Provider}, but the provider is {provider.Name}.");
        if (PauseBefore(step) is { } pause) return Later(pause);
        using var deadline = new CancellationTokenSource(StepTimeout, Clock);
        try
        {
            var result = await PaymentProcess.Ask(provider, step, Key, deadline.Token);
            return Done(s => result is null
                ? PaymentRules.NotFound(s, Key, step.Request)
                : PaymentRules.Outcome(s, Key, step.Request, result));
        }
        catch (ProviderUnavailableException away)
        {
            return Later(state, away.RetryAfter, away.Message);
        }
        catch (Exception silent) when (silent is ProviderTimeoutException or OperationCanceledException)
        {
            return step is PaymentStep.LookUp
                ? Later(state, LookAgain, $"{provider.Name} does not tell what became of a request: {silent.Message}")
                : Done(s => PaymentRules.TimedOut(s, Key, step.Request));
        }
    }

    /// <inheritdoc/>
    protected override DateTimeOffset? DueAt(PaymentState state) =>
        state.Current is null && state.Holds.Held > 0 ? state.Terms!.ExpiresAt : null;

    /// <inheritdoc/>
    protected override Task OnDue()
    {
        var now = Now;
        var call = new CallContext($"expire/{now:O}", Caller.System, now + StepTimeout);
        return Execute(call, s => PaymentRules.Expire(s, now), (_, version) => version);
    }

    private static StepResult<PaymentState, PaymentFact> Done(Func<PaymentState, Decision<PaymentFact>> decide) =>
        new StepResult<PaymentState, PaymentFact>.Done(decide);

    // A request that was lost once is repeated at once; one that is lost again and again would otherwise be repeated without end or rest.
    private TimeSpan? PauseBefore(PaymentStep step)
    {
        if (step is PaymentStep.LookUp || !step.Request.LostAgain || _pausedBefore == step.Name) return null;
        _pausedBefore = step.Name;
        var pause = LookAgain * Math.Pow(2, Math.Min(step.Request.Attempt - 3, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private StepResult<PaymentState, PaymentFact> Later(PaymentState state, TimeSpan delay, string reason) =>
        Later(delay, state.Waiting is null ? s => PaymentRules.Wait(s, reason) : null);

    // Spread out, so that all who wait for one provider do not come back in the same instant.
    private StepResult<PaymentState, PaymentFact> Later(TimeSpan delay, Func<PaymentState, Decision<PaymentFact>>? note = null) =>
        new StepResult<PaymentState, PaymentFact>.Later(delay * (1 + (Random.NextDouble() / 4)), note);

    private PaymentView View(PaymentState state, long version) => new(
        Key, state.Terms!.OrderId, state.Terms.Provider, state.Status, state.Current is null, Waiting(state), state.Reason,
        state.Terms.Amount.Currency, state.Terms.Amount.Minor, state.Holds.Held, state.Captured, state.Refunded, state.Movements, version);

    private static string? Waiting(PaymentState state) => (state.Waiting, state.Current) switch
    {
        ({ } away, _) => away,
        (_, { LostAgain: true }) => $"{state.Terms!.Provider} loses the request again and again; it is repeated from time to time.",
        (_, { Unanswered: true }) => $"{state.Terms!.Provider} did not answer; what became of it is looked up.",
        _ => null,
    };
}
