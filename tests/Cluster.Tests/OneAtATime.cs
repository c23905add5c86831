using Xunit;

// A cluster is four processes and a database: two of them at a time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
