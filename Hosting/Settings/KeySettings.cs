namespace Commerce.Hosting;

/// <summary>The settings of what seals personal data; the same for silos and gateways.</summary>
public static class KeySettings
{
    public static readonly Setting<string> File = new(
        "Keys:File", "", "none; it has to be given",
        "The key ring, with which personal data in the databases is sealed: a file that its owner alone may read. **Whoever loses it loses "
        + "that data**: keep copies, apart from those of the databases. `docs/security.md` has more.",
        (string text, out string value) => (value = text.Trim()).Length > 0 ? null : "give the path of a file.");

    public static readonly Setting<bool> Create = SettingOf.Flag(
        "Keys:Create", false, "Make the key ring where there is none. For a first start, and for development.");
}
