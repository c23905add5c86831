using Commerce.Kernel;
using Commerce.Ledger;

namespace Commerce.Simulation;

/// <summary>
/// Two accountants close the books now and then, sometimes at once, while orders are paid and shipped. Closed days are not opened
/// again, and once they are final nothing is booked in them, however late a fact arrives.
/// </summary>
internal sealed class ClosingScenario(SimulationContext world, RetryingClient requests) : Scenario(world, requests)
{
    private readonly SeededRandom _dice = new(world.Seed, "accountants");
    private readonly List<BooksClosed> _closings = [];
    private readonly List<(LedgerEntry Entry, DateTimeOffset At)> _entries = [];

    public override Task Run(SimulatedShop shop, TimeSpan open) => Task.WhenAll(Accountant(open, 1), Accountant(open, 2));

    public override void Committed(string key, object fact)
    {
        if (fact is EntryPosted { Entry: var entry })
        {
            _entries.Add((entry, World.Clock.Now));
            if (entry.DocumentDate is not null && !_closings.Exists(c => c.OpenFrom == entry.OccurredAt && c.OpenFrom > entry.DocumentDate))
                Verdict.Broken(
                    "what belongs to a closed day is booked on the first open one",
                    $"{entry.Id} of {entry.DocumentDate:O} is booked at {entry.OccurredAt:O}");
        }

        if (fact is not BooksClosed closed) return;
        if (_closings.Count > 0 && closed.OpenFrom <= _closings[^1].OpenFrom)
            Verdict.Broken("closed days are not opened again", $"open from {_closings[^1].OpenFrom:O}, and then from {closed.OpenFrom:O}");
        _closings.Add(closed);
    }

    public override async Task Check()
    {
        if (_closings.Count == 0) return;
        var books = await Requests.Read((e, _) => e.Get<IBooks>(IBooks.Key).Get(), $"books/{IBooks.Key}");
        if (books?.OpenFrom != _closings[^1].OpenFrom)
            Verdict.Broken("the last closing holds", $"open from {books?.OpenFrom:O}, and closed up to {_closings[^1].OpenFrom:O}");
        var final = books!.FinalAt - _closings[^1].ClosedAt;
        foreach (var closing in _closings)
        foreach (var (entry, at) in _entries)
            if (entry.OccurredAt < closing.OpenFrom && at >= closing.ClosedAt + final)
                Verdict.Broken(
                    "closed days stay as they are",
                    $"{entry.Id} was booked at {entry.OccurredAt:O}, {at - closing.ClosedAt} after the closing up to {closing.OpenFrom:O}");
    }

    private async Task Accountant(TimeSpan open, int number)
    {
        for (var n = 0; n < 5; n++)
        {
            await World.Delay(open / 6);
            if (number > 1) await World.Delay(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)));
            var until = World.Clock.Now - _dice.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(6));
            var answer = await Requests.Insist(
                $"books/{IBooks.Key}", $"close-{number}-{n}", (e, call) => e.Get<IBooks>(IBooks.Key).Close(
                    new CloseBooks(DateOnly.FromDateTime(until.UtcDateTime).AddDays(-1), until), call));
            if (answer is { Accepted: false, Refusal.Code: not "already_closed" })
                Verdict.Broken("the books can be closed", answer.Refusal.Detail);
        }
    }
}
