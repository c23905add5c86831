using Commerce.Customers;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all customers, from the read model in the capability's database.</summary>
public sealed class CustomerQueries(NpgsqlDataSource customers) : ICustomerQueries
{
    private static readonly KeysetList<CustomerView> Customers = new(
        "customers", $"select state, version, id from {CustomerModel.Instance.Schema}.customers",
        ["id"], [typeof(string)], descending: false, new("id", Channel: "channel"), View);

    private readonly ReadModelReader _reader = new(CustomerModel.Instance, customers);

    public Task<Page<CustomerView>> Search(string? name, string? email, Reach reach, PageRequest page, CancellationToken cancel) =>
        Customers.Page(_reader, reach, page, [Named(name), With(email)], cancel);

    private static Condition? Named(string? name) =>
        string.IsNullOrWhiteSpace(name) ? null : SearchWords.Find(CustomerModel.Instance.Schema, "folded_name", name) ?? Condition.Never;

    private static Condition? With(string? email)
    {
        if (string.IsNullOrWhiteSpace(email)) return null;
        var start = CustomerRules.EmailValue(email.Trim()).Value;
        return new Condition("email >= {0} and email < {1}", start, SearchWords.EndOf(start));
    }

    private static CustomerView View(NpgsqlDataReader row)
    {
        var (key, version, state) = CustomerModel.Of(row);
        return CustomerRules.View(key, state, version);
    }
}
