namespace Commerce.Histories;

/// <summary>How a search ended.</summary>
internal enum Found
{
    /// <summary>There is an order of the operations that explains every answer.</summary>
    Order,

    None,

    /// <summary>The limit of states was reached.</summary>
    GaveUp,
}

/// <summary>
/// Looks for an order of a history's operations in which an entity that does one thing at a time would have given the same answers: the
/// search of Wing and Gong, with Lowe's memory of where it has been. An operation can come next when no other one that is still to come was
/// answered before it was sent.
/// </summary>
internal sealed class Search<TState, TAsked, TAnswer>
    where TState : notnull
    where TAsked : class
    where TAnswer : class
{
    private readonly IModel<TState, TAsked, TAnswer> _model;
    private readonly int _limit;
    private readonly Event _head = new(null, false);
    private readonly List<Event> _open = [];
    private readonly Dictionary<Operation<TAsked, TAnswer>, UInt128> _marks = [];
    private readonly HashSet<Operation<TAsked, TAnswer>> _taken = [];
    private readonly HashSet<Operation<TAsked, TAnswer>> _neededByOthers = [];
    private readonly Stack<(TState State, IEnumerator<Event> Moves, Event? Move)> _path = new();
    private readonly HashSet<(UInt128 Taken, TState State)> _seen = [];
    private UInt128 _set;
    private int _left;

    public Search(IModel<TState, TAsked, TAnswer> model, IEnumerable<Operation<TAsked, TAnswer>> history, int limit)
    {
        (_model, _limit) = (model, limit);
        var random = new Random(1); // only spreads the marks: with 128 bits no two sets of operations share one
        var events = new List<(long At, int Order, Event Event)>();
        foreach (var operation in history.OrderBy(o => o.Sent))
        {
            if (operation.After is { } first) _neededByOthers.Add(first);
            _marks[operation] = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) ^ ((UInt128)random.NextInt64() << 32);
            var sent = new Event(operation, false);
            if (operation.Answered is not { } answered)
            {
                _open.Add(sent);
                continue;
            }

            sent.Answer = new Event(operation, true);
            events.Add((operation.Sent, 0, sent));
            events.Add((answered, 1, sent.Answer)); // of one instant, what was sent may have come before what was answered
            _left++;
        }

        var (last, answers) = (_head, 0);
        foreach (var (_, _, next) in events.OrderBy(e => e.At).ThenBy(e => e.Order))
        {
            (last.Next, next.Previous) = (next, last);
            last = next;
            if (next.IsAnswer) next.AnswersBefore = answers++;
        }
    }

    /// <summary>How many states it has looked at.</summary>
    public int Visited => _seen.Count;

    /// <summary>For this number of answers, the first ones, it has found an order, whatever comes after them.</summary>
    public int Explained { get; private set; }

    /// <summary>The order in which it found the operations, and the state after each.</summary>
    public IReadOnlyList<(Operation<TAsked, TAnswer> Operation, TState After)> Order
    {
        get
        {
            var path = _path.Reverse().ToList();
            return [.. path.Zip(path.Skip(1), (before, after) => (before.Move!.Operation!, after.State))];
        }
    }

    public Found Run()
    {
        Enter(_model.Initial);
        while (_left > 0)
        {
            var (state, moves, _) = _path.Pop();
            if (!moves.MoveNext())
            {
                if (_path.Count == 0) return Found.None;
                Undo(_path.Peek().Move!);
                continue;
            }

            _path.Push((state, moves, moves.Current));
            Do(moves.Current);
            if (_seen.Add((_set, moves.Current.State!))) Enter(moves.Current.State!);
            else Undo(moves.Current);
            if (_seen.Count > _limit) return Found.GaveUp;
        }

        return Found.Order;
    }

    private void Enter(TState state) => _path.Push((state, Moves(state).GetEnumerator(), null));

    // What has no answer comes last: most of it was lost together with its effect, or shows its effect when nothing else explains it.
    // Of several such that ask for the same, the one that was sent first can stand for each; and one without effect need not come at all.
    private IEnumerable<Event> Moves(TState state)
    {
        var sent = _head.Next;
        for (; !sent!.IsAnswer; sent = sent.Next)
            foreach (var move in Steps(state, sent)) yield return move;
        Explained = Math.Max(Explained, sent.AnswersBefore);
        var until = sent.Operation!.Answered!.Value;
        var asked = new HashSet<TAsked>();
        foreach (var open in _open.Where(o => o.Operation!.Sent <= until && !_taken.Contains(o.Operation)))
        {
            var needed = open.Operation!.After is not null || _neededByOthers.Contains(open.Operation);
            if (!needed && !asked.Add(open.Operation.Asked)) continue;
            foreach (var move in Steps(state, open).Where(m => needed || !state.Equals(m.State))) yield return move;
        }
    }

    private IEnumerable<Event> Steps(TState state, Event sent)
    {
        var operation = sent.Operation!;
        if (operation.After is { } first && _marks.ContainsKey(first) && !_taken.Contains(first)) yield break;
        foreach (var next in _model.Step(state, operation.Asked, operation.Answered is null ? null : operation.Answer))
        {
            sent.State = next;
            yield return sent;
        }
    }

    private void Do(Event sent)
    {
        _taken.Add(sent.Operation!);
        _set ^= _marks[sent.Operation!];
        if (sent.Answer is not { } answer) return;
        sent.Leave();
        answer.Leave();
        _left--;
    }

    private void Undo(Event sent)
    {
        _taken.Remove(sent.Operation!);
        _set ^= _marks[sent.Operation!];
        if (sent.Answer is not { } answer) return;
        answer.ComeBack();
        sent.ComeBack();
        _left++;
    }

    /// <summary>An operation's sending or its answer, in the list of those that are still to come, by time.</summary>
    private sealed class Event(Operation<TAsked, TAnswer>? operation, bool isAnswer)
    {
        public Operation<TAsked, TAnswer>? Operation { get; } = operation;

        public bool IsAnswer { get; } = isAnswer;

        public Event? Answer { get; set; }

        /// <summary>Of an answer: how many others had been given before it.</summary>
        public int AnswersBefore { get; set; }

        public Event? Previous { get; set; }

        public Event? Next { get; set; }

        /// <summary>The state that the search is about to go to with this.</summary>
        public TState? State { get; set; }

        public void Leave()
        {
            Previous!.Next = Next;
            if (Next is not null) Next.Previous = Previous;
        }

        public void ComeBack()
        {
            Previous!.Next = this;
            if (Next is not null) Next.Previous = this;
        }
    }
}
