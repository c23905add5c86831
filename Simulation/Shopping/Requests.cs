using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>
/// Sends requests as a careful client would: whatever is not answered is sent again under the same operation id until it is. Every
/// answer is compared with the one that was given to the same operation before.
/// </summary>
internal sealed class Requests(World world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Useful = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(29); // answers are kept for 30 days
    private static readonly Caller Client = new("client", ["*"]);

    private readonly Dictionary<(string Entity, string Operation), (bool Kept, string Json, DateTimeOffset At)> _answers = [];
    private readonly Dice _dice = new(world.Seed, "clients");
    private readonly Sessions _sessions = new(world.Verdict);

    /// <summary>How many operations were answered.</summary>
    public int Answered => _answers.Count;

    /// <summary>Asks until there is an answer.</summary>
    public async Task<Answer<T>> Insist<T>(string entity, string operation, Func<IEntities, Call, Task<Answer<T>>> request)
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
                var (done, value) = await Send(life, entity, e => request(e, life.Clock.GetUtcNow() + TimeSpan.FromSeconds(20)), _ => { });
                if (done) return value;
            }

            await world.Delay(_dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(8)));
        }
    }

    private async Task<Answer<T>?> Once<T>(
        Life life, string entity, string operation, Func<IEntities, Call, Task<Answer<T>>> request)
    {
        world.Trace.Add("ask", entity, life.Number, operation);
        var (done, answer) = await Send(life, entity, Ask(life), Given);
        return done ? answer : null;

        Func<IEntities, Task<Answer<T>>> Ask(Life by) =>
            e => request(e, new Call(operation, Client, by.Clock.GetUtcNow() + Useful, operation));

        void Given(Answer<T> given) => Compare(entity, operation, given);
    }

    // A lost request, a lost answer and a process that dies look the same from here: no answer.
    private async Task<(bool Done, T Value)> Send<T>(Life life, string? entity, Func<IEntities, Task<T>> request, Action<T> given)
    {
        var reply = new TaskCompletionSource<(bool, T)>();
        var lost = world.Chaos.Strikes(Fault.AnswerLost);
        if (!world.Chaos.Strikes(Fault.RequestLost)) Serve(life);
        if (world.Chaos.Strikes(Fault.RequestTwice))
        {
            var late = world.Chaos.Of(Fault.RequestTwice).Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
            world.After(late, () =>
            {
                if (world.AnyLife is { } other) Serve(other);
            });
        }

        using var patience = world.Clock.World.CreateTimer(
            _ => reply.TrySetResult((false, default!)), null, Patience, Timeout.InfiniteTimeSpan);
        return await reply.Task;

        void Serve(Life by)
        {
            var told = 0L;
            by.Serve(Begin, Told, Failed);

            Task<T> Begin(IEntities entities)
            {
                told = _sessions.Told(by, entity);
                return request(entities);
            }

            void Told(T value)
            {
                _sessions.Answered(by, entity, value, told);
                Answered(value);
            }
        }

        void Answered(T value)
        {
            given(value);
            if (!lost) reply.TrySetResult((true, value));
        }

        void Failed(Exception? problem)
        {
            if (problem is not (null or UnavailableException)) world.Verdict.Reported("a request", problem);
            if (!lost) reply.TrySetResult((false, default!));
        }
    }

    private void Compare<T>(string entity, string operation, Answer<T> answer)
    {
        // What an entity that nothing has happened to refuses is not kept: the same operation may find it later.
        var kept = answer.Refusal?.Kind != RefusalKind.NotFound;
        var now = (kept, Json: JsonSerializer.Serialize(answer, FactCatalog.Json), At: world.Clock.Now);
        world.Trace.Add("answer", entity, 0, answer.Accepted ? operation : $"{operation} {answer.Refusal.Code}");
        if (!_answers.TryGetValue((entity, operation), out var first) || !first.Kept) _answers[(entity, operation)] = now;
        else if (kept && first.Json != now.Json && now.At - first.At < Kept)
            world.Verdict.Broken("one answer per operation", $"{operation} of {entity} was answered {first.Json}, and then {now.Json}");
    }
}
