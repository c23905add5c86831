using System.Text.Json;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>
/// Sends requests as a careful client would: a request without an answer is sent again under the same operation id until there is one.
/// Every answer is compared with an earlier one to the same operation.
/// </summary>
internal sealed class RetryingClient(SimulationContext world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Useful = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(29); // answers are kept for 30 days
    private static readonly Caller Client = new("client", ["*"], Reach.Everything);

    private readonly Dictionary<(string Entity, string Operation), Given> _answers = []; // those that are kept
    private readonly SeededRandom _dice = new(world.Seed, "clients");
    private readonly MonotonicReads _sessions = new(world.Verdict);

    /// <summary>Retries until there is an answer.</summary>
    public async Task<Result<T>> Insist<T>(string entity, string operation, Func<IEntities, CallContext, Task<Result<T>>> request)
    {
        while (true)
        {
            var life = world.AnyLife;
            var answer = life is null ? null : await Once(life, entity, operation, request);
            if (answer is not null || world.Verdict.Violation is not null) return answer!;
            await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(8)));
        }
    }

    /// <summary>Reads, until there is an answer.</summary>
    public async Task<T> Read<T>(Func<IEntities, DateTimeOffset, Task<T>> request, string? entity = null)
    {
        while (true)
        {
            if (world.AnyLife is { } life)
            {
                var (done, value) = await Send(
                    life, entity, e => request(e, life.Clock.GetUtcNow() + TimeSpan.FromSeconds(20)), () => _ => { });
                if (done) return value;
            }

            await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(8)));
        }
    }

    private async Task<Result<T>?> Once<T>(
        SimulatedProcess life, string entity, string operation, Func<IEntities, CallContext, Task<Result<T>>> request)
    {
        world.Trace.Add("ask", entity, life.Number, operation);
        var (done, answer) = await Send<Result<T>>(life, entity, Ask(life), Arrived);
        return done ? answer : null;

        Func<IEntities, Task<Result<T>>> Ask(SimulatedProcess by) =>
            e => request(e, new CallContext(
                operation, Client with { Name = $"{operation} of {entity}" }, by.Clock.GetUtcNow() + Useful, operation));

        Action<Result<T>> Arrived()
        {
            var (before, there) = (_answers.GetValueOrDefault((entity, operation)), world.Books.Has(entity));
            return given => Compare(entity, operation, given, before, there);
        }
    }

    // A lost request, a lost answer and a process that dies look the same from here: no answer.
    private async Task<(bool Done, T Value)> Send<T>(
        SimulatedProcess life, string? entity, Func<IEntities, Task<T>> request, Func<Action<T>> arrived)
    {
        var reply = new TaskCompletionSource<(bool, T)>();
        var lost = world.Chaos.Strikes(FaultKind.AnswerLost);
        if (!world.Chaos.Strikes(FaultKind.RequestLost)) Serve(life);
        if (world.Chaos.Strikes(FaultKind.RequestTwice))
        {
            var late = world.Chaos.Of(FaultKind.RequestTwice).Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
            world.After(late, () =>
            {
                if (world.AnyLife is { } other) Serve(other);
            });
        }

        using var patience = world.Clock.World.CreateTimer(
            _ => reply.TrySetResult((false, default!)), null, Patience, Timeout.InfiniteTimeSpan);
        return await reply.Task;

        void Serve(SimulatedProcess by)
        {
            var (told, given) = (0L, default(Action<T>)!);
            by.Serve(Begin, Told, Failed);

            Task<T> Begin(IEntities entities)
            {
                (told, given) = (_sessions.Told(by, entity), arrived());
                return request(entities);
            }

            void Told(T value)
            {
                _sessions.Answered(by, entity, value, told);
                given(value);
                if (!lost) reply.TrySetResult((true, value));
            }
        }

        void Failed(Exception? problem)
        {
            if (problem is not (null or UnavailableException)) world.Verdict.Reported("a request", problem);
            if (!lost) reply.TrySetResult((false, default!));
        }
    }

    private void Compare<T>(string entity, string operation, Result<T> answer, Given? before, bool there)
    {
        // What an entity that nothing has happened to refuses is not kept: the same operation may find it later.
        var kept = answer.Refusal?.Kind != RefusalKind.NotFound;
        var now = new Given(JsonSerializer.Serialize(answer with { Replayed = false }, FactCatalog.Json), world.Clock.Now);
        world.Trace.Add("answer", entity, 0, answer.Accepted ? operation : $"{operation} {answer.Refusal.Code}");
        if (answer.Refusal?.Kind == RefusalKind.Gone) return; // no answer is kept of what is erased, or is about to be

        // What is not kept may have been under way when another process gave the answer that is; but it comes after those it found.
        var first = kept ? _answers.GetValueOrDefault((entity, operation)) : before;
        if (first is not null && first.Json != now.Json && now.At - first.At < Kept && !world.Books.IsErased(entity))
            world.Verdict.Broken("one answer per operation", $"{operation} of {entity} was answered {first.Json}, and then {now.Json}");
        else if (kept) _answers.TryAdd((entity, operation), now);
        if (!kept && there)
            world.Verdict.Broken(
                "what was there before somebody asked is found", $"{operation} of {entity}, which there was, was answered {now.Json}");
    }

    private sealed record Given(string Json, DateTimeOffset At);
}
