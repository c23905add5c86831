using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Commerce.Hosting;

/// <summary>
/// A key ring that is sealed by an AES key in a security module (PKCS#11), with AES-GCM. The module is asked when a process starts and when
/// the ring changes, not for each row. The key is neither shown nor exported; without the module a copy of the file is of no use.
/// </summary>
/// <param name="library">The module's library.</param>
/// <param name="token">The label of the token in it.</param>
/// <param name="pinFile">The file with the user's PIN.</param>
/// <param name="create">Make the key where the token has none.</param>
internal sealed class Pkcs11Safe(string library, string token, string pinFile, bool create) : KeyRingSafe
{
    private const string Label = "commerce-key-ring";
    private const string Begins = "pkcs11:";
    private const int NonceBytes = 12;
    private const int TagBits = 128;

    // The package asks for a name that Linux has only where compilers are installed.
    static Pkcs11Safe() => NativeLibrary.SetDllImportResolver(
        typeof(Pkcs11InteropFactories).Assembly,
        (name, _, _) => name == "libdl" && OperatingSystem.IsLinux() ? NativeLibrary.Load("libdl.so.2") : IntPtr.Zero);

    public override string Open(string file)
    {
        if (!file.StartsWith(Begins, StringComparison.Ordinal))
            throw new FormatException("it is not sealed by a security module, and the settings name one");
        var bytes = Convert.FromBase64String(file[Begins.Length..].Trim());
        return Use((session, key, with) => Encoding.UTF8.GetString(session.Decrypt(with(bytes[..NonceBytes]), key, bytes[NonceBytes..])));
    }

    public override string Seal(string ring)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        return Use((session, key, with) =>
            Begins + Convert.ToBase64String([.. nonce, .. session.Encrypt(with(nonce), key, Encoding.UTF8.GetBytes(ring))]));
    }

    private string Use(Func<ISession, IObjectHandle, Func<byte[], IMechanism>, string> work)
    {
        try
        {
            var factories = new Pkcs11InteropFactories();
            using var module = factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, library, AppType.MultiThreaded);
            var slot = module.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(s => s.GetTokenInfo().Label == token)
                ?? throw new InvalidConfigurationException(KeySettings.Token.Key, $"the module has no token '{token}'.");
            using var session = slot.OpenSession(create ? SessionType.ReadWrite : SessionType.ReadOnly);
            session.Login(CKU.CKU_USER, File.ReadAllText(pinFile).Trim());
            return work(session, KeyOf(session), nonce => factories.MechanismFactory.Create(
                CKM.CKM_AES_GCM, factories.MechanismParamsFactory.CreateCkGcmParams(nonce, NonceBytes * 8, [], TagBits)));
        }
        catch (Pkcs11Exception refused)
        {
            throw new InvalidConfigurationException(
                KeySettings.Library.Key, $"the security module refuses: {refused.RV}. Look at the token, its PIN and its key '{Label}'.");
        }
        catch (Exception problem) when (problem is UnmanagedException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfigurationException(KeySettings.Library.Key, $"the security module cannot be used: {problem.Message}");
        }
    }

    private IObjectHandle KeyOf(ISession session)
    {
        var make = session.Factories.ObjectAttributeFactory;
        List<IObjectAttribute> it =
            [make.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), make.Create(CKA.CKA_LABEL, Label), make.Create(CKA.CKA_TOKEN, true)];
        if (session.FindAllObjects(it) is [var found, ..]) return found;
        if (!create)
            throw new InvalidConfigurationException(
                KeySettings.Token.Key, $"the token '{token}' has no key '{Label}'. Make an AES key of 256 bits under that label.");
        return session.GenerateKey(session.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN),
        [
            .. it, make.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES), make.Create(CKA.CKA_VALUE_LEN, 32UL), make.Create(CKA.CKA_PRIVATE, true),
            make.Create(CKA.CKA_SENSITIVE, true), make.Create(CKA.CKA_EXTRACTABLE, false), make.Create(CKA.CKA_ENCRYPT, true),
            make.Create(CKA.CKA_DECRYPT, true),
        ]);
    }
}
