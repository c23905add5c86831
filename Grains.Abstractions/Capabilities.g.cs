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
using Orleans.CodeGeneration;

namespace Commerce.Grains;

[Alias("commerce.customer")]
[Version(1)]
public interface ICustomerGrain : ICustomer, IGrainWithStringKey;

[Alias("commerce.product")]
[Version(1)]
public interface IProductGrain : IProduct, IGrainWithStringKey;

[Alias("commerce.stock")]
[Version(1)]
public interface IStockGrain : IStock, IGrainWithStringKey;

[Alias("commerce.order")]
[Version(1)]
public interface IOrderGrain : IOrder, IGrainWithStringKey;

[Alias("commerce.credit_note")]
[Version(1)]
public interface ICreditNoteGrain : ICreditNote, IGrainWithStringKey;

[Alias("commerce.payment")]
[Version(1)]
public interface IPaymentGrain : IPayment, IGrainWithStringKey;

[Alias("commerce.ledger_entry")]
[Version(1)]
public interface ILedgerEntryGrain : ILedgerEntry, IGrainWithStringKey;

[Alias("commerce.books")]
[Version(1)]
public interface IBooksGrain : IBooks, IGrainWithStringKey;

[Alias("commerce.api_key")]
[Version(1)]
public interface IApiKeyGrain : IApiKey, IGrainWithStringKey;
