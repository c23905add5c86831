using Commerce.Simulation;

if (args is [MutationRun.Command, .. var rest]) return await MutationRun.Execute(rest);
var first = ulong.Parse(args[0]);
var last = ulong.Parse(args[1]);
for (var seed = first; seed <= last; seed++)
{
    var outcome = Run.Of(new Plan(seed), keepTrace: args.Length > 2);
    Console.WriteLine(
        $"{seed}: {outcome.Orders} orders, {outcome.Simulated}, {outcome.Turns} turns, {outcome.Trace.Events} events "
        + $"{outcome.Trace.Hash:x}, "
        + $"{outcome.Took.TotalMilliseconds:0} ms, {outcome.Struck.Sum()} faults {outcome.Violation}");
    if (args.Length > 2)
        foreach (var (at, line) in outcome.Trace.Lines.TakeLast(int.Parse(args[2]))) Console.WriteLine($"{at:HH:mm:ss.ffffff} {line}");
}

return 0;
