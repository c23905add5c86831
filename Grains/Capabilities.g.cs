// Written from the contracts by tests/Domain.Tests/GrainCodeTests; run ./commerce test --write after a contract has changed.
#nullable disable

using Commerce.Access;
using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Grains;

[GrainType("customer")]
internal sealed class CustomerGrain(IGrainContext context, EntityHost host)
    : EntityGrain<ICustomer>(context, host), ICustomerGrain
{
    public Task<Result<CustomerView>> Register(RegisterCustomer command, CallContext call) =>
        Entity.Register(command, call);

    public Task<Result<CustomerView>> ChangeContact(ChangeContact command, CallContext call) =>
        Entity.ChangeContact(command, call);

    public Task<Result<CustomerView>> PutAddress(PutAddress command, CallContext call) =>
        Entity.PutAddress(command, call);

    public Task<Result<CustomerView>> RemoveAddress(RemoveAddress command, CallContext call) =>
        Entity.RemoveAddress(command, call);

    public Task<Result<CustomerView>> RecordActivity(OrderActivity command, CallContext call) =>
        Entity.RecordActivity(command, call);

    public Task<Result<CustomerErasure>> Erase(CallContext call) =>
        Entity.Erase(call);

    public Task<Result<CustomerView>> NoteErased(ErasedDocument command, CallContext call) =>
        Entity.NoteErased(command, call);

    public Task<CustomerView> Get() =>
        Entity.Get();

    public Task<CustomerErasure> GetErasure() =>
        Entity.GetErasure();
}

[GrainType("customers-alarms")]
[OfCapability("Customers")]
internal sealed class CustomersAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[GrainType("product")]
internal sealed class ProductGrain(IGrainContext context, EntityHost host)
    : EntityGrain<IProduct>(context, host), IProductGrain
{
    public Task<Result<ProductView>> Create(CreateProduct command, CallContext call) =>
        Entity.Create(command, call);

    public Task<Result<ProductView>> Revise(ReviseProduct command, CallContext call) =>
        Entity.Revise(command, call);

    public Task<Result<ProductView>> SetPrice(Price command, CallContext call) =>
        Entity.SetPrice(command, call);

    public Task<Result<ProductView>> Withdraw(CallContext call) =>
        Entity.Withdraw(call);

    public Task<Result<ProductView>> Reinstate(CallContext call) =>
        Entity.Reinstate(call);

    public Task<ProductView> Get() =>
        Entity.Get();
}

[GrainType("catalogue-alarms")]
[OfCapability("Catalogue")]
internal sealed class CatalogueAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[GrainType("stock")]
internal sealed class StockGrain(IGrainContext context, EntityHost host)
    : EntityGrain<IStock>(context, host), IStockGrain
{
    public Task<Result<StockLevel>> Receive(ReceiveStock command, CallContext call) =>
        Entity.Receive(command, call);

    public Task<Result<StockLevel>> Adjust(AdjustStock command, CallContext call) =>
        Entity.Adjust(command, call);

    public Task<Result<StockLevel>> Hold(HoldStock command, CallContext call) =>
        Entity.Hold(command, call);

    public Task<Result<StockLevel>> Post(PostHold command, CallContext call) =>
        Entity.Post(command, call);

    public Task<Result<StockLevel>> Unpost(UnpostHold command, CallContext call) =>
        Entity.Unpost(command, call);

    public Task<Result<StockLevel>> Void(VoidHold command, CallContext call) =>
        Entity.Void(command, call);

    public Task<Result<StockLevel>> Return(ReturnStock command, CallContext call) =>
        Entity.Return(command, call);

    public Task<Result<StockLevel>> AllowBackorder(AllowBackorder command, CallContext call) =>
        Entity.AllowBackorder(command, call);

    public Task<StockLevel> Get() =>
        Entity.Get();
}

[GrainType("inventory-alarms")]
[OfCapability("Inventory")]
internal sealed class InventoryAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[GrainType("order")]
internal sealed class OrderGrain(IGrainContext context, EntityHost host)
    : EntityGrain<IOrder>(context, host), IOrderGrain
{
    public Task<Result<OrderAnswer>> Place(PlaceOrder command, CallContext call) =>
        Entity.Place(command, call);

    public Task<Result<OrderAnswer>> Cancel(CancelOrder command, CallContext call) =>
        Entity.Cancel(command, call);

    public Task<Result<OrderAnswer>> Ship(ShipOrder command, CallContext call) =>
        Entity.Ship(command, call);

    public Task<Result<OrderAnswer>> Pay(PayOrder command, CallContext call) =>
        Entity.Pay(command, call);

    public Task<Result<OrderAnswer>> Return(ReturnItems command, CallContext call) =>
        Entity.Return(command, call);

    public Task<Result<OrderAnswer>> ReceiveReturn(ReceiveReturn command, CallContext call) =>
        Entity.ReceiveReturn(command, call);

    public Task<Result<OrderAnswer>> RejectReturn(RejectReturn command, CallContext call) =>
        Entity.RejectReturn(command, call);

    public Task<Result<OrderAnswer>> CancelExpired(CancelExpiredOrder command, CallContext call) =>
        Entity.CancelExpired(command, call);

    public Task<Result<OrderAnswer>> NotePayments(CallContext call) =>
        Entity.NotePayments(call);

    public Task<Result<OrderErasure>> Erase(CallContext call) =>
        Entity.Erase(call);

    public Task Continue(CallContext call) =>
        Entity.Continue(call);

    public Task<OrderView> Get() =>
        Entity.Get();

    public Task<OrderErasure> GetErasure() =>
        Entity.GetErasure();

    public Task<OrderView> WhenSettled(DateTimeOffset deadline) =>
        Entity.WhenSettled(deadline);
}

[GrainType("credit_note")]
internal sealed class CreditNoteGrain(IGrainContext context, EntityHost host)
    : EntityGrain<ICreditNote>(context, host), ICreditNoteGrain
{
    public Task<Result<CreditNoteView>> Issue(IssueCreditNote command, CallContext call) =>
        Entity.Issue(command, call);

    public Task<Result<CreditNoteView>> Erase(CallContext call) =>
        Entity.Erase(call);

    public Task<CreditNoteView> Get() =>
        Entity.Get();

    public Task<CreditNoteView> WhenSettled(DateTimeOffset deadline) =>
        Entity.WhenSettled(deadline);
}

[GrainType("orders-alarms")]
[OfCapability("Orders")]
internal sealed class OrdersAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[ImplicitStreamSubscription("Inventory")]
[OfCapability("Orders")]
[GrainType("orders-from-inventory")]
public sealed class OrdersFromInventory(ReactionHost host) : ReactionGrain(host);

[ImplicitStreamSubscription("Payments")]
[OfCapability("Orders")]
[GrainType("orders-from-payments")]
public sealed class OrdersFromPayments(ReactionHost host) : ReactionGrain(host);

[ImplicitStreamSubscription("Customers")]
[OfCapability("Orders")]
[GrainType("orders-from-customers")]
public sealed class OrdersFromCustomers(ReactionHost host) : ReactionGrain(host);

[ImplicitStreamSubscription("Orders")]
[OfCapability("Orders")]
[GrainType("orders-to-customers")]
public sealed class OrdersToCustomers(ReactionHost host) : ReactionGrain(host);

[GrainType("payment")]
internal sealed class PaymentGrain(IGrainContext context, EntityHost host)
    : EntityGrain<IPayment>(context, host), IPaymentGrain
{
    public Task<Result<PaymentView>> Authorize(AuthorizePayment command, CallContext call) =>
        Entity.Authorize(command, call);

    public Task<Result<PaymentView>> CancelAuthorization(CallContext call) =>
        Entity.CancelAuthorization(call);

    public Task<Result<PaymentView>> Capture(CapturePayment command, CallContext call) =>
        Entity.Capture(command, call);

    public Task<Result<PaymentView>> CaptureUpTo(CaptureTotal command, CallContext call) =>
        Entity.CaptureUpTo(command, call);

    public Task<Result<PaymentView>> Void(VoidPayment command, CallContext call) =>
        Entity.Void(command, call);

    public Task<Result<PaymentView>> Refund(RefundPayment command, CallContext call) =>
        Entity.Refund(command, call);

    public Task<Result<PaymentView>> Erase(CallContext call) =>
        Entity.Erase(call);

    public Task Continue(CallContext call) =>
        Entity.Continue(call);

    public Task<PaymentView> Get() =>
        Entity.Get();

    public Task<PaymentView> GetLatest() =>
        Entity.GetLatest();

    public Task<PaymentView> WhenSettled(DateTimeOffset deadline) =>
        Entity.WhenSettled(deadline);
}

[GrainType("payments-alarms")]
[OfCapability("Payments")]
internal sealed class PaymentsAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[GrainType("ledger_entry")]
internal sealed class LedgerEntryGrain(IGrainContext context, EntityHost host)
    : EntityGrain<ILedgerEntry>(context, host), ILedgerEntryGrain
{
    public Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call) =>
        Entity.Post(entry, call);

    public Task<LedgerEntry> Get() =>
        Entity.Get();
}

[GrainType("books")]
internal sealed class BooksGrain(IGrainContext context, EntityHost host)
    : EntityGrain<IBooks>(context, host), IBooksGrain
{
    public Task<Result<BooksView>> Close(CloseBooks command, CallContext call) =>
        Entity.Close(command, call);

    public Task<BooksView> Get() =>
        Entity.Get();
}

[GrainType("ledger-alarms")]
[OfCapability("Ledger")]
internal sealed class LedgerAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[ImplicitStreamSubscription("Orders")]
[OfCapability("Ledger")]
[GrainType("ledger-from-orders")]
public sealed class LedgerFromOrders(ReactionHost host) : ReactionGrain(host);

[ImplicitStreamSubscription("Payments")]
[OfCapability("Ledger")]
[GrainType("ledger-from-payments")]
public sealed class LedgerFromPayments(ReactionHost host) : ReactionGrain(host);

[GrainType("api_key")]
internal sealed class ApiKeyGrain(IGrainContext context, EntityHost host)
    : EntityGrain<IApiKey>(context, host), IApiKeyGrain
{
    public Task<Result<ApiKeyView>> Make(MakeApiKey command, CallContext call) =>
        Entity.Make(command, call);

    public Task<Result<ApiKeyView>> Roll(RollApiKey command, CallContext call) =>
        Entity.Roll(command, call);

    public Task<Result<ApiKeyView>> Revoke(CallContext call) =>
        Entity.Revoke(call);

    public Task<ApiKeyView> Get() =>
        Entity.Get();
}

[GrainType("access-alarms")]
[OfCapability("Access")]
internal sealed class AccessAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
