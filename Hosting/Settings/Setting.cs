using System.Globalization;
using Commerce.Kernel;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>
/// A setting of the product, declared once. Programs read it by its declaration, names are checked against all declarations, and
/// <c>docs/settings.md</c> is written from them.
/// </summary>
/// <param name="name">Its name below <c>Commerce:</c>; a part in braces stands for any word.</param>
/// <param name="usual">What holds without it, for a person.</param>
/// <param name="meaning">What it is for, for a person.</param>
public class Setting(string name, string usual, string meaning)
{
    /// <summary>The section of the configuration that all of them are in.</summary>
    public const string Section = "Commerce";

    public string Name => name;

    public string Key => $"{Section}:{name}";

    public string Usual => usual;

    public string Meaning => meaning;

    /// <summary>The environment variable that sets a key.</summary>
    public static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The sentence about a value that cannot be used.</summary>
    protected InvalidConfigurationException Bad(string what) => new(Key, what);
}

/// <summary>What is wrong with a value as it was typed; null: nothing, and <paramref name="value"/> is what it means.</summary>
public delegate string? Reading<T>(string text, out T value);

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
public sealed class Setting<T>(string name, T otherwise, string usual, string meaning, Reading<T> reading) : Setting(name, usual, meaning)
{
    /// <summary>The given value, or the usual one.</summary>
    /// <exception cref="InvalidConfigurationException">It cannot be used; the message says why.</exception>
    public T Read(IConfiguration configuration) => Read(configuration, otherwise);

    /// <summary>The given value, or one that follows from other settings.</summary>
    /// <exception cref="InvalidConfigurationException">It cannot be used; the message says why.</exception>
    public T Read(IConfiguration configuration, T unlessGiven) => configuration[Key] is { } text ? Parse(text) : unlessGiven;

    /// <summary>The value of a text that comes from elsewhere, such as an option of the command line.</summary>
    /// <exception cref="InvalidConfigurationException">It cannot be used; the message says why.</exception>
    public T Parse(string text) => reading(text, out var value) is { } fault ? throw Bad(fault) : value;
}

/// <summary>The usual kinds of settings.</summary>
internal static class SettingOf
{
    public static Setting<int> Number(string name, int usual, int least, int most, string meaning, string? shown = null) => new(
        name, usual, shown ?? Plain(usual), meaning, (string text, out int value) => ReadNumber(text, least, most, out value));

    /// <summary>Whole seconds, at least one.</summary>
    public static Setting<TimeSpan> Seconds(string name, int usual, int most, string meaning) => new(
        name, TimeSpan.FromSeconds(usual), Plain(usual), meaning, (string text, out TimeSpan value) =>
        {
            var fault = ReadNumber(text, 1, most, out var seconds);
            value = TimeSpan.FromSeconds(seconds);
            return fault;
        });

    public static Setting<bool> Flag(string name, bool usual, string meaning) => new(
        name, usual, usual ? "true" : "false", meaning, (string text, out bool value) =>
        {
            value = usual;
            return text.Length == 0 || bool.TryParse(text, out value) ? null : $"'{text}' is neither true nor false.";
        });

    /// <summary>A short word of visible ASCII characters.</summary>
    public static Setting<string> Word(string name, string usual, int longest, string meaning) => new(
        name, usual, usual, meaning, (string text, out string value) =>
        {
            value = text;
            return Validate.IsVisibleAscii(text, 1, longest) ? null
                : $"'{text}' cannot be a name; give 1 to {longest} visible ASCII characters without spaces.";
        });

    private static string? ReadNumber(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most
            ? null
            : $"'{text}' is not a whole number from {least} to {most}.";

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
