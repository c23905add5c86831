using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ReadModels;

/// <summary>Every credit note with its lines, to list.</summary>
internal sealed class CreditNoteModel() : ReadModel(OrdersCapability.Definition, "credit_notes", 2, typeof(CreditNoteFact))
{
    public static readonly CreditNoteModel Instance = new();

    public override int BatchSize => 1_000;

    public override string Tables =>
        """
        create table credit_notes (
            id text collate "C" primary key,
            version bigint not null,
            status text not null,
            customer_id text collate "C",
            total bigint not null,
            currency text not null,
            lines json not null,
            reason text not null, -- sealed
            keys text,
            reference text,
            channel text collate "C",
            issued_at timestamptz not null);
        create index on credit_notes (issued_at, id);
        create index on credit_notes (channel, issued_at, id) where channel is not null;
        create index on credit_notes (customer_id, issued_at, id) where customer_id is not null;
        """;

    public override Task Apply(ProjectionBatch batch)
    {
        var issued = batch.Facts.Where(f => f.Fact is CreditNoteIssued)
            .Select(f => (f.Recorded.Entity.Key, f.Recorded.Version, Fact: (CreditNoteIssued)f.Fact)).ToList();
        var reasons = issued.Select(i => Sealed(batch.Personal, i.Key, i.Fact.Reason)).ToList();
        if (issued.Count > 0)
            batch.Write(
                $"""
                insert into {batch.Schema}.credit_notes
                    (id, version, status, customer_id, total, currency, lines, reason, reference, channel, issued_at, keys)
                select id, version, $12, customer_id, total, currency, lines::json, reason, reference, channel, issued_at, keys
                from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                    as new(id, version, customer_id, total, currency, lines, reason, reference, channel, issued_at, keys)
                """,
                issued.Select(i => i.Key).ToArray(),
                issued.Select(i => i.Version).ToArray(),
                issued.Select(i => i.Fact.CustomerId).ToArray(),
                issued.Select(i => i.Fact.Total.Minor).ToArray(),
                issued.Select(i => i.Fact.Total.Currency).ToArray(),
                issued.Select(i => SqlValues.Json(i.Fact.Lines)).ToArray(),
                reasons.Select(r => r.Json).ToArray(),
                issued.Select(i => i.Fact.Reference).ToArray(),
                issued.Select(i => i.Fact.Channel).ToArray(),
                issued.Select(i => i.Fact.IssuedAt).ToArray(),
                reasons.Select(r => r.Keys).ToArray(),
                EnumWords.Of(CreditNoteStatus.Issued));

        var completed = batch.Facts.Where(f => f.Fact is CreditNoteCompleted).Select(f => f.Recorded).ToList();
        if (completed.Count > 0)
            batch.Write(
                $"""
                update {batch.Schema}.credit_notes set status = $3, version = new.version from unnest($1, $2) as new(id, version)
                where credit_notes.id = new.id
                """,
                completed.Select(c => c.Entity.Key).ToArray(),
                completed.Select(c => c.Version).ToArray(),
                EnumWords.Of(CreditNoteStatus.Completed));
        var erased = batch.Facts.Where(f => f.Fact is CreditNoteErased).Select(f => f.Recorded).ToList();
        if (erased.Count > 0)
            batch.Write(
                $"""
                update {batch.Schema}.credit_notes set reason = $3, keys = null, version = new.version
                from unnest($1, $2) as new(id, version) where credit_notes.id = new.id
                """,
                erased.Select(c => c.Entity.Key).ToArray(),
                erased.Select(c => c.Version).ToArray(),
                SqlValues.Json(new Said(Marks.Erased)));
        return Task.CompletedTask;
    }

    /// <summary>The reason of a row.</summary>
    public static string Reason(string id, string kept, string? keys, PersonalData personal) =>
        personal.Read<Said>(new EntityId("credit_note", id), kept, keys).Reason;

    private static (string Json, string? Keys) Sealed(PersonalData personal, string id, string reason) =>
        personal.Write(new EntityId("credit_note", id), new Said(reason));

    private sealed record Said([Personal(Purpose.Contact)] string Reason);
}
