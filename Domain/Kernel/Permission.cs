namespace Commerce.Kernel;

/// <summary>What a caller needs for some commands beyond the right to read and write in a capability's area.</summary>
/// <param name="Name">As API keys list it: <c>orders:negotiate</c>.</param>
/// <param name="Meaning">What it allows, for a person.</param>
/// <param name="Refusal">The code of the refusal without it.</param>
public sealed record Permission(string Name, string Meaning, string Refusal)
{
    /// <summary>Refuses a caller without it; null for one who has it.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="what">What the caller may not do: <c>may not set a price</c>.</param>
    /// <param name="instead">What the caller could do without it; null where there is nothing.</param>
    /// <param name="field">The member of the command that needs it.</param>
    public Refusal? Check(Caller caller, string what, string? instead = null, string? field = null) => caller.May(Name) ? null : new(
        Refusal, RefusalKind.Forbidden, $"'{caller.Name}' {what}.",
        $"{(instead is null ? "Use" : $"{instead}, or use")} a key with the permission {Name}.", field);
}
