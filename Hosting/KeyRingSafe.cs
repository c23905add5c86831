using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>What a key ring's file is sealed with: nothing but its permissions, or a key that never leaves a security module.</summary>
public abstract class KeyRingSafe
{
    /// <summary>The file holds the ring as it is.</summary>
    public static readonly KeyRingSafe None = new Plain();

    /// <summary>The safe that the settings name.</summary>
    /// <exception cref="InvalidConfigurationException">They name one in part.</exception>
    public static KeyRingSafe Of(IConfiguration configuration)
    {
        var library = KeySettings.Library.Read(configuration);
        if (library.Length == 0) return None;
        var (token, pin) = (KeySettings.Token.Read(configuration), KeySettings.PinFile.Read(configuration));
        return token.Length > 0 && pin.Length > 0
            ? new Pkcs11Safe(library, token, pin, KeySettings.Create.Read(configuration))
            : throw new InvalidConfigurationException(
                KeySettings.Library.Key, $"a library needs {KeySettings.Token.Key} and {KeySettings.PinFile.Key} as well.");
    }

    /// <summary>The ring's text of the file's.</summary>
    /// <exception cref="FormatException">The file was sealed with something else.</exception>
    public abstract string Open(string file);

    /// <summary>The file's text of the ring's.</summary>
    public abstract string Seal(string ring);

    private sealed class Plain : KeyRingSafe
    {
        public override string Open(string file) => file;

        public override string Seal(string ring) => ring;
    }
}
