using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;

namespace Commerce.ReadModels;

/// <summary>Finds the classes that answer lists and reports: their contracts are marked <see cref="IQueries"/>.</summary>
public static class Queries
{
    /// <summary>
    /// One of each, over the database of its capability: the contract's namespace is the capability's name, <c>Commerce.Inventory</c>.
    /// </summary>
    public static IReadOnlyList<(Type Contract, object Instance)> Over(CommerceDatabases databases) =>
    [
        .. from type in typeof(Queries).Assembly.GetTypes()
           where type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IQueries))
           let contract = type.GetInterfaces().Single(i => i != typeof(IQueries))
           let capability = contract.Namespace!.Split('.')[^1]
           let needs = type.GetConstructors()[0].GetParameters()
           let given = needs.Select(n => n.ParameterType == typeof(PersonalData) ? databases.Personal(capability)
               : (object)databases.DataSource(capability)).ToArray()
           select (contract, Activator.CreateInstance(type, given)!),
    ];
}
