namespace Commerce.Hosting;

/// <summary>The settings of what seals personal data; the same for silos and gateways.</summary>
public static class KeySettings
{
    public static readonly Setting<string> File = new(
        "Keys:File", "", "none; it has to be given",
        "The key ring, with which personal data in the databases is sealed: a file that its owner alone may read. **Without it "
        + "that data is lost**: keep copies, apart from those of the databases. `docs/security.md` has more.",
        (string text, out string value) => (value = text.Trim()).Length > 0 ? null : "give the path of a file.");

    public static readonly Setting<bool> Create = SettingOf.Flag(
        "Keys:Create", false,
        "Make the key ring where there is none, and add keys of new capabilities. For a first start, and for development.");

    public static readonly Setting<string> Library = Path(
        "Keys:Pkcs11:Library", "none: the file's permissions protect the ring",
        "The library of a security module (PKCS#11): the ring in the file is sealed by an AES key in it, `commerce-key-ring`.");

    public static readonly Setting<string> Token = Path("Keys:Pkcs11:Token", "none", "The label of the token in the security module.");

    public static readonly Setting<string> PinFile = Path(
        "Keys:Pkcs11:PinFile", "none", "The file with the PIN of the token's user, which the account of the process alone may read.");

    public static readonly Setting<string> Seals = Path(
        "Keys:Seals", "none: this process seals nothing",
        "The private key with which silos, or the single process, sign seals of facts: a file of PEM (P-256), which its owner alone may "
        + "read. It can hold public keys of before as well. `./commerce verify` checks seals with it, or with the public key alone.");

    private static Setting<string> Path(string name, string usual, string meaning) =>
        new(name, "", usual, meaning, (string text, out string value) => (value = text.Trim()).Length > 0 ? null : "give a text.");
}
