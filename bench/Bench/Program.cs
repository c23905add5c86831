using Commerce.Bench;
using System.CommandLine;

var parsed = BenchCommandLine.Create().Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
await Console.Error.WriteLineAsync("All about it: ./commerce bench --help");
return BenchCommandLine.Misunderstood;
