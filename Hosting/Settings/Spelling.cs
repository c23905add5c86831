namespace Commerce.Hosting;

/// <summary>How far a word is from another one.</summary>
public static class Spelling
{
    /// <summary>The letters to insert, remove or replace to come from one to the other (Levenshtein), whatever their case.</summary>
    public static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var letter in one.ToLowerInvariant())
        {
            var diagonal = row[0]++;
            for (var i = 1; i < row.Length; i++)
            {
                var cost = diagonal + (letter == char.ToLowerInvariant(other[i - 1]) ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.Min(cost, Math.Min(row[i], row[i - 1]) + 1);
            }
        }

        return row[^1];
    }
}
