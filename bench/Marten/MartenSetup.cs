using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Resources;
using Marten;
using Marten.Exceptions;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Marten;

namespace Commerce.Marten;

/// <summary>Marten and Wolverine as their documentation sets them for throughput, on one node.</summary>
internal static class MartenSetup
{
    public static void AddOrders(this IServiceCollection services, string postgres)
    {
        services
            .AddMarten(options =>
            {
                options.Connection($"{postgres};Max Auto Prepare=50;Auto Prepare Min Usages=2;No Reset On Close=true");
                options.Events.StreamIdentity = StreamIdentity.AsString;
                options.Events.AppendMode = EventAppendMode.Quick;
                options.Projections.Snapshot<Order>(SnapshotLifecycle.Inline);
                options.Projections.Snapshot<Stock>(SnapshotLifecycle.Inline);
                options.RegisterDocumentTypes([typeof(Product), typeof(Payment), typeof(LedgerEntry)]);
            })
            .UseLightweightSessions()
            .IntegrateWithWolverine();
        services.AddResourceSetupOnStartup();
        services.AddWolverine(options =>
        {
            options.Durability.Mode = DurabilityMode.Solo;
            options.Policies.AutoApplyTransactions();

            // Two requests for one order: the second finds the step done.
            options.OnException<ConcurrencyException>().Or<DocumentAlreadyExistsException>().RetryWithCooldown(
                [.. new[] { 0, 5, 20, 50, 100, 200 }.Select(ms => TimeSpan.FromMilliseconds(ms))]);
        });
    }
}
