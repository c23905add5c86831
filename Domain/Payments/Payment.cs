using Commerce.Kernel;

namespace Commerce.Payments;

internal sealed class Payment : IPayment
{
    private readonly EntityContext _context;
    private readonly IPaymentProvider _provider;
    private readonly Decider<PaymentState, PaymentFact> _payment;
    private readonly Process _process;

    public Payment(EntityContext context)
    {
        _context = context;
        _provider = context.Port<IPaymentProvider>();
        _payment = context.Decider(PaymentRules.Definition);
        _process = context.Process<PaymentState, PaymentFact, PaymentStep>(_payment, PaymentProcess.Next, Run);
    }

    private string Id => _context.Key;

    public Task<Result<PaymentView>> Authorize(AuthorizePayment command, CallContext call) => Settled(call, _payment.Create(
        call, s => PaymentRules.Authorize(s, Id, command, _provider.Name, _context.Now, AwaitedUntil(call)), View));

    public Task<Result<PaymentView>> CancelAuthorization(CallContext call) =>
        _payment.Decide(call, PaymentRules.CancelAuthorization, View);

    public Task<Result<PaymentView>> Capture(CapturePayment command, CallContext call) => Move(
        command, call, (s, closed) => PaymentRules.Capture(s, Id, command, _context.Now, AwaitedUntil(call), closed));

    public Task<Result<PaymentView>> CaptureUpTo(CaptureTotal command, CallContext call) => Settled(call, _payment.Decide(
        call, s => PaymentRules.CaptureUpTo(s, Id, command, _context.Now, AwaitedUntil(call)), View));

    public Task<Result<PaymentView>> Void(VoidPayment command, CallContext call) => Settled(call, _payment.Decide(
        call, s => PaymentRules.Void(s, Id, command, _context.Now, AwaitedUntil(call)), View));

    public Task<Result<PaymentView>> Refund(RefundPayment command, CallContext call) => Move(
        command, call, (s, closed) => PaymentRules.Refund(s, Id, command, _context.Now, AwaitedUntil(call), closed));

    public Task<Result<PaymentView>> Erase(CallContext call) =>
        _payment.Decide(call, s => PaymentRules.Erase(s, Id, _context.Now), View);

    public Task Continue(CallContext call)
    {
        _process.Signal();
        return Task.CompletedTask;
    }

    public Task<PaymentView?> Get() => _payment.Read(View);

    public async Task<PaymentView?> GetLatest()
    {
        var (state, version) = await _payment.ReadLatest();
        return version == 0 ? null : View(state, version);
    }

    public async Task<PaymentView?> WhenSettled(DateTimeOffset deadline)
    {
        var view = await Get();
        while (view is { Settled: false } && _context.Now < deadline)
        {
            await _payment.When(s => s.Current is null, deadline);
            view = await Get();
        }

        return view;
    }

    // Money moves on a day that may be given, and must be open then.
    private async Task<Result<PaymentView>> Move(
        MovementCommand command, CallContext call, Func<PaymentState, Refusal?, Decision<PaymentFact>> decide)
    {
        var closed = await Books.RefusalIfClosed(_context.Entities, "/occurredAt", command.OccurredAt, call);
        return await Settled(call, _payment.Decide(call, s => decide(s, closed), View));
    }

    private async Task<Result<PaymentView>> Settled(CallContext call, Task<Result<PaymentView>> deciding)
    {
        var answer = await deciding;
        return answer.Accepted && call.WaitUntil is { } until
            ? answer.With(await _payment.Outcome(s => s.Current is null, until, View) ?? answer.Value)
            : answer;
    }

    // Of the order: another caller's waiting does not make the order know the outcome.
    private static DateTimeOffset? AwaitedUntil(CallContext call) => call.Caller.IsSystem ? call.WaitUntil : null;

    private async Task<StepOutcome<PaymentState, PaymentFact>> Run(PaymentStep step, PaymentState state, StepContext context)
    {
        if (state.Terms!.Provider != _provider.Name)
            throw new InvalidOperationException($"{Id} belongs to {state.Terms.Provider}, but the provider is {_provider.Name}.");
        using var deadline = new CancellationTokenSource(context.Call.Deadline - _context.Now, _context.Clock);
        try
        {
            var result = await PaymentProcess.Ask(_provider, step, state, Id, deadline.Token);
            return Done(s => result is null
                ? PaymentRules.NotFound(s, Id, step.Request)
                : PaymentRules.Outcome(s, Id, step.Request, result, _context.Now));
        }
        catch (ProviderUnavailableException away)
        {
            return Retry(ProviderAnswers.Readable(away.Message), ProviderAnswers.Pause(away.RetryAfter));
        }
        catch (Exception silent) when (silent is ProviderTimeoutException or OperationCanceledException)
        {
            return step is PaymentStep.LookUp
                ? Retry($"{_provider.Name} does not tell what became of a request: {silent.Message}")
                : Done(s => PaymentRules.TimedOut(s, Id, step.Request));
        }
    }

    private static StepOutcome<PaymentState, PaymentFact> Done(Func<PaymentState, Decision<PaymentFact>> decide) =>
        new StepOutcome<PaymentState, PaymentFact>.Done(decide);

    private static StepOutcome<PaymentState, PaymentFact> Retry(string reason, TimeSpan notBefore = default) =>
        new StepOutcome<PaymentState, PaymentFact>.Retry(s => PaymentRules.Wait(s, reason), notBefore);

    private PaymentView View(PaymentState state, long version) => new(
        Id, state.Terms!.OrderId, state.Terms.Provider, state.Status, state.Current is null, Waiting(state), state.Reason,
        state.Terms.Amount.Currency, state.Terms.Amount.Minor, state.Holds.Held, state.Captured, state.Refunded, state.Movements, version,
        state.DeclineCode);

    private static string? Waiting(PaymentState state) => (state.Waiting, state.Current) switch
    {
        ({ } away, _) => away,
        (_, { LostAgain: true }) => $"{state.Terms!.Provider} loses the request again and again; it is repeated from time to time.",
        (_, { Unanswered: true }) => $"{state.Terms!.Provider} did not answer; what became of it is looked up.",
        _ => null,
    };
}
