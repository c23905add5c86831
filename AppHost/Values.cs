using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Commerce.AppHost;

/// <summary>Refuses values that cannot be meant, when they are typed and before anything is started.</summary>
internal static class Values
{
    /// <summary>A whole number between two bounds.</summary>
    /// <param name="given">The option with its value.</param>
    /// <param name="least">The first bound.</param>
    /// <param name="most">The last one.</param>
    /// <param name="refusal">What to say of another value, which is <c>{0}</c>.</param>
    public static int Number(ArgumentResult given, int least, int most, string refusal)
    {
        var text = given.Tokens.Count == 0 ? "" : given.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most) return n;
        given.AddError($"{string.Format(CultureInfo.InvariantCulture, refusal, text)}. Give a number from {least} to {most}.");
        return least;
    }

    /// <summary>No option and no argument of a command can be given as nothing: it is left out instead.</summary>
    public static void NotEmpty(Command command)
    {
        foreach (var option in command.Options) option.Validators.Add(r => Refuse(r, option.Name, option.HelpName));
        foreach (var argument in command.Arguments) argument.Validators.Add(r => Refuse(r, argument.HelpName ?? argument.Name, null));
    }

    private static void Refuse(SymbolResult given, string name, string? value)
    {
        if (given.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
            given.AddError($"{name} is empty. Give a value{(value is null ? "" : $", {name} {value}")}, or leave it out.");
    }
}
