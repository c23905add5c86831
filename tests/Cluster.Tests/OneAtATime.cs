using Xunit.Sdk;
using Xunit.v3;

// A cluster is four processes and a database: two of them at a time would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
