using Commerce.Kernel;

namespace Commerce.Customers;

internal sealed class Customer : ICustomer
{
    /// <summary>How many facts are searched in one step.</summary>
    private const int Portion = 1_000;

    private readonly EntityContext _context;
    private readonly Decider<CustomerState, CustomerFact> _customer;

    public Customer(EntityContext context)
    {
        _context = context;
        _customer = context.Decider(CustomerRules.Definition);
        context.Process<CustomerState, CustomerFact, CustomerStep>(_customer, CustomerErasureRules.Next, Run);
    }

    public Task<Result<CustomerView>> Register(RegisterCustomer command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.Register(_context.Key, s, command, call.Caller, _context.Now), View, makes: true);

    public Task<Result<CustomerView>> ChangeContact(ChangeContact command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.ChangeContact(_context.Key, s, command), View);

    public Task<Result<CustomerView>> PutAddress(PutAddress command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.PutAddress(_context.Key, s, command), View);

    public Task<Result<CustomerView>> RemoveAddress(RemoveAddress command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.RemoveAddress(_context.Key, s, command), View);

    public Task<Result<CustomerView>> RecordActivity(OrderActivity command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.RecordActivity(_context.Key, s, command), View);

    public Task<Result<CustomerErasure>> Erase(CallContext call) =>
        _customer.Decide(call, s => CustomerErasureRules.Request(_context.Key, s, _context.Now), Erasure);

    public Task<Result<CustomerView>> NoteErased(ErasedDocument command, CallContext call) =>
        _customer.Decide(call, s => CustomerErasureRules.NoteErased(_context.Key, s, command.Document, _context.Now), View);

    public Task<CustomerView?> Get() => _customer.Read(View);

    public Task<CustomerErasure?> GetErasure() => _customer.Read<CustomerErasure>(
        (s, version) => s.Erasing is null ? null! : Erasure(s, version));

    private async Task<StepOutcome<CustomerState, CustomerFact>> Run(CustomerStep step, CustomerState state, StepContext call)
    {
        if (step is not CustomerStep.Search search)
            return new StepOutcome<CustomerState, CustomerFact>.Done(s => CustomerErasureRules.Erased(s, _context.Now));
        var recorded = await _context.History(search.After, Portion);
        return new StepOutcome<CustomerState, CustomerFact>.Done(s => CustomerErasureRules.Found(
            s, recorded, search.After + recorded.Count, all: recorded.Count < Portion));
    }

    private CustomerErasure Erasure(CustomerState state, long version) => CustomerErasureRules.View(_context.Key, state, version);

    private CustomerView View(CustomerState state, long version) => CustomerRules.View(_context.Key, state, version);
}
