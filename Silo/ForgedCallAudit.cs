using Commerce.Engine;
using Commerce.Grains;
using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.Silo;

/// <summary>Refused calls are in the audit (decision 29), or one in place of many.</summary>
internal sealed class ForgedCallAudit(AuditTrail trail, RefusalSampling sampling, ILogger<ForgedCallAudit> log) : IForgedCalls
{
    private const string Event = "forgedCall";

    public async Task Record(ForgedCall call)
    {
        if (sampling.Take() is not { } times) return;
        try
        {
            await trail.Write(new AuditEntry(
                Event, "refused", EnumWords.Of(call.Kind), times, call.Caller ?? "none", null, call.Method, call.Target, call.Operation,
                call.Sender));
        }
        catch (UnavailableException away)
        {
            log.LogWarning(away, "A refused call of {Method} is not in the audit", call.Method);
        }
    }
}
