using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>The way from one process to the payment provider: requests and answers are lost, late or doubled.</summary>
internal sealed class BankLink(BankBooks bank, SimulatedProcess life, SimulationContext world) : IPaymentProvider
{
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(5);

    public string Name => "bank";

    private FaultInjector Chaos => world.Chaos;

    public Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel) =>
        Send(new(ProviderOperation.Authorize, reference, null, amount), cancel);

    public Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
        Send(new(ProviderOperation.Capture, reference, authorization, amount), cancel);

    public Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) =>
        Send(new(ProviderOperation.Void, reference, authorization, null), cancel);

    public Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
        Send(new(ProviderOperation.Refund, reference, authorization, amount), cancel);

    public async Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel)
    {
        await Travel(cancel);
        return bank.Find(reference);
    }

    private async Task<ProviderResult> Send(BankBooks.Request request, CancellationToken cancel)
    {
        world.Books.Silence.Asked(life, request.Reference);
        await Travel(cancel);
        if (Chaos.Strikes(FaultKind.ProviderRequestLate)) Again(FaultKind.ProviderRequestLate);
        else if (!Chaos.Strikes(FaultKind.ProviderRequestLost))
        {
            var result = bank.CarryOut(request);
            if (Chaos.Strikes(FaultKind.ProviderRequestTwice)) Again(FaultKind.ProviderRequestTwice);
            if (!Chaos.Strikes(FaultKind.ProviderAnswerLost))
            {
                await Task.Yield();
                return result;
            }
        }

        world.Books.Silence.NoAnswer(life, request.Reference);
        await Silence(cancel);
        throw new OperationCanceledException(cancel);

        void Again(FaultKind fault) =>
            world.After(Chaos.Of(fault).Between(TimeSpan.FromMilliseconds(1), Latest), () => bank.CarryOut(request));
    }

    private async Task Travel(CancellationToken cancel)
    {
        if (life.Dead) await life.Never;
        await Task.Yield();
        if (Chaos.Strikes(FaultKind.ProviderSlow))
            await Task.Delay(Chaos.Of(FaultKind.ProviderSlow).Between(TimeSpan.FromMilliseconds(1), Slowest), life.Clock, cancel);
        if (bank.AwayUntil > world.Clock.Now || Chaos.Strikes(FaultKind.ProviderAway))
            throw new ProviderUnavailableException("The bank is away; nothing was carried out.", TimeSpan.FromSeconds(2));
    }

    private Task Silence(CancellationToken cancel) => Task.Delay(Timeout.InfiniteTimeSpan, life.Clock, cancel);
}
