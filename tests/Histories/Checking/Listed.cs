using System.Collections.Immutable;

namespace Commerce.Histories;

/// <summary>A few things in order, compared by what they are: for the states of models.</summary>
public readonly struct Listed<T> : IEquatable<Listed<T>>
{
    private readonly ImmutableArray<T> _items;

    private Listed(ImmutableArray<T> items) => _items = items;

    public IReadOnlyList<T> Items => _items.IsDefault ? [] : _items;

    public Listed<T> With(T item) => new([.. Items, item]);

    /// <summary>Each as another one, or left out where that is null.</summary>
    public Listed<T> Select(Func<T, T?> change) => new([.. Items.Select(change).OfType<T>()]);

    public bool Equals(Listed<T> other) => Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is Listed<T> other && Equals(other);

    public override int GetHashCode() => Items.Aggregate(Items.Count, HashCode.Combine);

    public override string ToString() => Items.Count == 0 ? "none" : string.Join(", ", Items);
}
