using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>A buyer who is not a registered customer.</summary>
public sealed record GuestContact(string? Name, string? Email) : IPersonal<GuestContact>
{
    public static GuestContact Marked(string mark) => new(mark, mark);
}
