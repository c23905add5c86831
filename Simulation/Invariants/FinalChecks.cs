using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>What must be right once nothing goes wrong any more: everything comes to rest, and all books agree with each other.</summary>
internal sealed class FinalChecks(SimulationContext world, RetryingClient requests)
{
    private Invariants Books => world.Books;

    private RunVerdict Verdict => world.Verdict;

    /// <summary>Fails the run when it takes longer, in simulated time.</summary>
    public async Task Within(TimeSpan time, string rule, Func<Task> work)
    {
        var working = work();
        world.After(time, () =>
        {
            if (!working.IsCompleted) Verdict.Broken(rule, $"not so after {time.TotalDays} days without any fault. {Unsettled()}");
        });
        await working;
    }

    /// <summary>Waits until every order has settled and every subscription has seen everything.</summary>
    public async Task Settle()
    {
        foreach (var id in Books.Orders.Sheets.Keys.ToArray())
            while (Verdict.Violation is null && (await Order(id)) is not { Settled: true }) await world.Delay(TimeSpan.FromSeconds(20));
        foreach (var purse in Books.Money.Purses.Values.ToArray())
            while (Verdict.Violation is null && (await Payment(purse.Payment)) is not { Settled: true })
                await world.Delay(TimeSpan.FromSeconds(20));
        while (Verdict.Violation is null && (Books.Feed.Unhandled.Any() || await Behind())) await world.Delay(TimeSpan.FromSeconds(5));
    }

    /// <summary>The same after a month without any process: then nothing may be held or authorized any more.</summary>
    public async Task Lapse()
    {
        while (Verdict.Violation is null && Held().Any()) await world.Delay(TimeSpan.FromSeconds(20));
        await Settle();
        if (Held().FirstOrDefault() is { } held) Verdict.Broken("after a month nothing is held or authorized", held);
    }

    /// <summary>All books against each other.</summary>
    public async Task Check()
    {
        await world.Delay(TimeSpan.FromSeconds(65)); // by then no process trusts memory from when there were two
        foreach (var sheet in Books.Orders.Sheets.Values)
        {
            if (Verdict.Violation is not null) return;
            CheckMoney(sheet);
            CheckHolds(sheet);
        }

        foreach (var till in Books.Money.Purses.Values.Where(p => p.IsTill)) CheckMoved(till.Payment, world.Bank.Of(till.Payment), till);
        CheckStock();
        CheckLedger();
        CheckParties();
        await new EntityAudit(world, requests).Check();
        foreach (var scenario in Books.Scenarios) await scenario.Check();
    }

    private IEnumerable<string> Held() =>
        Books.Orders.Sheets.Values.Where(s => s.IsOpen || s.AwaitsUnits).Select(s => $"{s.Id} is open, or waits for units")
            .Concat(Books.Stock.Shelves.Where(s => s.Value.Held > 0).Select(s => $"{s.Value.Held} of {s.Key} are held"))
            .Concat(Books.Money.Purses.Values.Where(p => p.Held > 0).Select(p => $"{p.Held} {p.Currency} of {p.Payment} are authorized"));

    private Task<OrderView?> Order(string id) => requests.Read((e, deadline) => e.Get<IOrder>(id).WhenSettled(deadline));

    private Task<PaymentView?> Payment(string id) => requests.Read((e, deadline) => e.Get<IPayment>(id).WhenSettled(deadline));

    private async Task<bool> Behind() =>
        world.AnyLife is not { } life
        || (await requests.Read((_, _) => life.Dead ? Task.FromResult(true) : Lag(life)));

    private static async Task<bool> Lag(SimulatedProcess life) => (await life.Lag()).Any(l => l.Facts > 0);

    private string Unsettled()
    {
        var open = Books.Orders.Sheets.Values.Where(s => !s.IsConfirmed && s.Closed is null).Select(s => s.Id).Take(5);
        return $"Not confirmed and not closed: {string.Join(", ", open)}. {string.Join("; ", Books.Feed.Unhandled.Concat(Held()).Take(5))}";
    }

    private void CheckMoved(string payment, BankBooks.Authorization? bank, MoneyInvariants.ExpectedPayment? purse)
    {
        if (purse is not null && bank is not null && purse.Currency != bank.Currency)
            Verdict.Broken(
                MoneyInvariants.CurrencyRule, $"{payment}: the bank has it in {bank.Currency}, and recorded is {purse.Currency}");
        if ((bank?.Captured ?? 0, bank?.Refunded ?? 0) != (purse?.Captured ?? 0, purse?.Refunded ?? 0))
            Verdict.Broken(
                "what the bank moved is what is recorded",
                $"{payment}: the bank captured {bank?.Captured} and refunded {bank?.Refunded}, "
                + $"recorded are {purse?.Captured} and {purse?.Refunded}");
    }

    private void CheckMoney(OrderInvariants.Sheet sheet)
    {
        foreach (var payment in sheet.Payments) CheckMoved(payment, world.Bank.Of(payment), Books.Money.Purses.GetValueOrDefault(payment));
        var (captured, refunded) = Moved(sheet);
        var unearned = captured - refunded - sheet.Earned - sheet.Credited;
        if (unearned < 0 || (unearned > 0 && !sheet.IsOpen)) // a clerk captures ahead
            Verdict.Broken(
                "we have the money for what has shipped, and no other",
                $"{sheet.Id}: {captured} captured, {refunded} refunded; earned {sheet.Earned}, to credit {sheet.Credited}");
        var due = sheet.IsOpen ? sheet.Covered + sheet.PaidBack - captured : 0;
        foreach (var bank in sheet.Payments.Select(world.Bank.Of).OfType<BankBooks.Authorization>())
            CheckLeft(sheet, bank, bank.Payment == sheet.Current ? due : 0);
    }

    // The bank lets go of what a payment holds when its time is up, and of what was replaced at the latest then.
    private void CheckLeft(OrderInvariants.Sheet sheet, BankBooks.Authorization bank, long due)
    {
        var left = world.Clock.Now - sheet.PlacedAt > OrderToCash.HeldFor ? 0 : bank.Left;
        if (left == due || (left == 0 && world.Clock.Now - sheet.PlacedAt >= OrderToCash.HeldFor)) return;
        if (left > 0 && sheet.IsOpen && bank.Payment != sheet.Current) return; // it did not take the void
        Verdict.Broken(
            "no authorization outlives its order", $"{sheet.Id}: the bank holds {left} of {bank.Payment}, {due} may still be captured");
    }

    private (long Captured, long Refunded) Moved(OrderInvariants.Sheet sheet)
    {
        var banks = sheet.Payments.Select(world.Bank.Of).OfType<BankBooks.Authorization>().ToArray();
        return (banks.Sum(b => b.Captured), banks.Sum(b => b.Refunded));
    }

    private void CheckHolds(OrderInvariants.Sheet sheet)
    {
        foreach (var line in sheet.Goods)
        {
            var due = sheet.IsOpen ? line.Quantity - sheet.Shipped[line.Line - 1] : 0;
            var held = Books.Stock.Held(line.Sku, $"{sheet.Id}/{line.Line}");
            if (held != due && (held > 0 || !Books.Accepted.HasLost(sheet.Id)))
                Verdict.Broken("no hold outlives its order", $"{sheet.Id}, line {line.Line}: {held} held, {due} to ship");
        }
    }

    private void CheckStock()
    {
        var (left, back) = (new Dictionary<string, long>(), new Dictionary<string, long>(Books.Orders.Restocked));
        foreach (var sheet in Books.Orders.Sheets.Values)
        {
            foreach (var line in sheet.Goods)
            {
                left[line.Sku] = left.GetValueOrDefault(line.Sku) + sheet.Shipped[line.Line - 1];
                back[line.Sku] = back.GetValueOrDefault(line.Sku) + sheet.Returned[line.Line - 1];
            }
        }

        foreach (var (sku, shelf) in Books.Stock.Shelves)
            if (shelf.OnHand != shelf.Received - left.GetValueOrDefault(sku) + back.GetValueOrDefault(sku))
                Verdict.Broken(
                    "units are conserved",
                    $"{sku}: {shelf.OnHand} on hand; {shelf.Received} came, {left.GetValueOrDefault(sku)} shipped, "
                    + $"{back.GetValueOrDefault(sku)} came back");
    }

    private void CheckLedger()
    {
        var due = new Dictionary<(string Currency, string Account), long>();
        foreach (var sheet in Books.Orders.Sheets.Values)
        {
            Post(sheet.Currency, OrderAccounts.Sales.Name, -sheet.Sold);
            Post(sheet.Currency, OrderAccounts.Refunds.Name, sheet.Refunded);
            Post(sheet.Currency, OrderAccounts.CustomerCredit.Name, -sheet.Credited);
            Post(sheet.Currency, OrderAccounts.Receivable.Name, sheet.Earned + sheet.Credited);
        }

        foreach (var bank in world.Bank.Authorizations)
        {
            Post(bank.Currency, PaymentAccounts.ProviderClearing.Name, bank.Captured - bank.Refunded);
            Post(bank.Currency, OrderAccounts.Receivable.Name, bank.Refunded - bank.Captured);
        }

        foreach (var (currency, worth) in Books.Orders.CreditNotes)
        {
            Post(currency, OrderAccounts.Refunds.Name, worth);
            Post(currency, OrderAccounts.CustomerCredit.Name, -worth);
        }

        foreach (var account in due.Keys.Union(Books.Ledger.Balances.Keys))
            if (Books.Ledger.Balances.GetValueOrDefault(account) != due.GetValueOrDefault(account))
                Verdict.Broken(
                    "the ledger agrees with orders and bank",
                    $"{account.Account} in {account.Currency} is {Books.Ledger.Balances.GetValueOrDefault(account)} "
                    + $"and should be {due.GetValueOrDefault(account)}");

        void Post(string currency, string account, long amount) =>
            due[(currency, account)] = due.GetValueOrDefault((currency, account)) + amount;
    }

    // What was shipped is paid by now, so that no customer owes anything; what orders and credit notes credited is owed to each, and so is
    // what was captured ahead of an order that is still open.
    private void CheckParties()
    {
        var due = new Dictionary<(string Currency, string Account, string Party), long>();
        foreach (var sheet in Books.Orders.Sheets.Values.Where(s => s.CustomerId is not null))
        {
            Credit(sheet.Currency, sheet.CustomerId!, sheet.Credited);
            var (captured, refunded) = Moved(sheet);
            Due(
                sheet.Currency, OrderAccounts.Receivable.Name, sheet.CustomerId!,
                sheet.Earned + sheet.Credited - captured + refunded);
        }

        foreach (var ((currency, customer), worth) in Books.Orders.CreditedTo) Credit(currency, customer, worth);
        foreach (var part in due.Keys.Union(Books.Ledger.Parties.Keys))
            if (Books.Ledger.Parties.GetValueOrDefault(part) != due.GetValueOrDefault(part))
                Verdict.Broken(
                    "each customer's part of the ledger agrees with their orders",
                    $"{part.Account} of {part.Party} in {part.Currency} is {Books.Ledger.Parties.GetValueOrDefault(part)} "
                    + $"and should be {due.GetValueOrDefault(part)}");

        void Credit(string currency, string customer, long worth) => Due(currency, OrderAccounts.CustomerCredit.Name, customer, -worth);

        void Due(string currency, string account, string customer, long amount)
        {
            var part = (currency, account, customer);
            due[part] = due.GetValueOrDefault(part) + amount;
        }
    }
}
