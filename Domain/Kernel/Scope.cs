namespace Commerce.Kernel;

/// <summary>A scope that some commands need beside that of their operation, because of what they say.</summary>
/// <param name="Name">As tokens and API keys list it (RFC 6749, section 3.3): <c>orders:negotiate</c>.</param>
/// <param name="Refusal">The code of the refusal without it.</param>
public sealed record Scope(string Name, string Refusal)
{
    /// <summary>Refuses a caller without it; null for one who has it.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="what">What the caller may not do: <c>may not set a price</c>.</param>
    /// <param name="instead">What the caller could do without it; null where there is nothing.</param>
    /// <param name="field">The member of the command that needs it.</param>
    public Refusal? Check(Caller caller, string what, string? instead = null, string? field = null) => caller.May(Name) ? null : new(
        Refusal, RefusalKind.Forbidden, $"'{caller.Name}' {what}.",
        $"{(instead is null ? "Use" : $"{instead}, or use")} credentials with the scope {Name}.", field);
}
