using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>
/// Requests that the provider did not answer are kept, looked up, and never repeated blindly. The money cannot show that, because the
/// provider takes the same reference for the same request; but that is only the second line of defence.
/// </summary>
internal sealed class IdleInvariants(RunVerdict verdict)
{
    private const string Rule = "what got no answer is looked up before it is asked for again";

    private readonly Dictionary<(SimulatedProcess, string Payment), string> _silent = [];
    private readonly Dictionary<(SimulatedProcess, string Payment), string> _asking = [];
    private readonly Dictionary<string, SimulatedProcess> _unanswered = [];

    /// <summary>A process makes a request.</summary>
    public void Asked(SimulatedProcess life, string reference)
    {
        if (_unanswered.GetValueOrDefault(reference) == life)
            verdict.Broken(Rule, $"process {life.Number} knows that {reference} got no answer, and asks for it again");
        if (_silent.TryGetValue((life, PaymentOf(reference)), out var before) && before == reference)
            verdict.Broken(Rule, $"process {life.Number} got no answer to {reference}, told nobody, and asks for it again");
        _asking[(life, PaymentOf(reference))] = reference;
    }

    /// <summary>A request of a process gets no answer.</summary>
    public void NoAnswer(SimulatedProcess life, string reference)
    {
        var payment = (life, PaymentOf(reference));
        if (_asking.Remove(payment, out var asked) && asked == reference) _silent[payment] = reference; // and it still has it in memory
    }

    /// <summary>A process reads a payment: it may have forgotten what it was about.</summary>
    public void Looks(SimulatedProcess life, EntityId entity)
    {
        _silent.Remove((life, entity.Key));
        _asking.Remove((life, entity.Key));
    }

    /// <summary>A process appends the outcome of a request, or forgets it when the append fails.</summary>
    public void Tells(SimulatedProcess life, AppendRequest append)
    {
        if (append.Entity.Kind == "payment") Looks(life, append.Entity);
    }

    /// <summary>It was committed while the process was listening.</summary>
    public void Told(SimulatedProcess life, AppendRequest append)
    {
        foreach (var fact in Facts(append))
            if (fact is RequestTimedOut silent) _unanswered[silent.Reference] = life;
    }

    /// <summary>A lookup has shown that the provider never saw it; any process may commit that, at any time.</summary>
    public void NotFound(string reference) => _unanswered.Remove(reference);

    private static IEnumerable<object> Facts(AppendRequest append) =>
        append.Entity.Kind == "payment"
            ? append.Facts.Select(f => PersonalData.Withheld.Decode(PaymentsCapability.Facts, append.Entity, f))
            : [];

    private static string PaymentOf(string reference) => reference[..reference.IndexOf('/')];
}
