using Commerce.Customers;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all customers, from the read model in the capability's database.</summary>
public sealed class CustomerQueries(NpgsqlDataSource customers, PersonalData personal) : ICustomerQueries
{
    private readonly ReadModelReader _reader = new(CustomerModel.Instance, customers);

    private readonly KeysetList<CustomerView> _customers = new(
        "customers", $"select id, version, profile, keys, lifetime, id from {CustomerModel.Instance.Schema}.customers",
        ["id"], [typeof(string)], descending: false, new("id", Channel: "channel"),
        row => CustomerRules.View(row.GetString(0), CustomerModel.Of(row, personal), row.GetInt64(1)));

    public async Task<Page<CustomerView>> Search(string? name, string? email, Reach reach, PageRequest page, CancellationToken cancel) =>
        await _customers.Page(_reader, reach, page, [await Named(name, cancel), With(email)], cancel);

    private async Task<Condition?> Named(string? name, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var typed = name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var folded = await _reader.All(
            $"select {CustomerModel.Instance.Schema}.folded(w) from unnest($1) w", [typed], row => row.GetString(0), cancel);
        return BlindWords.Find(folded, personal) is { } tokens ? new("words @> {0}", tokens) : Condition.Never;
    }

    private Condition? With(string? email) =>
        string.IsNullOrWhiteSpace(email) ? null : new Condition("email = {0}", CustomerModel.EmailToken(email.Trim(), personal));
}
