using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// JSON as it is kept: in the place of each personal member stands <c>["PURPOSE","CIPHERTEXT"]</c>, which no member is by itself. All else
/// stays readable.
/// </summary>
internal static class SealedJson
{
    public static readonly JsonSerializerOptions Options = new(FactCatalog.Json)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Mark } },
    };

    private static void Mark(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        foreach (var property in type.Properties)
            if (property.AttributeProvider is System.Reflection.PropertyInfo member && PersonalAttribute.Of(member) is { } personal)
                property.CustomConverter = (JsonConverter)Activator.CreateInstance(
                    typeof(Converter<>).MakeGenericType(property.PropertyType), personal.Purpose)!;
    }

    private sealed class Converter<T>(Purpose purpose) : JsonConverter<T>
    {
        private static readonly Func<string, T> Marked = HowToMark();

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray) return JsonSerializer.Deserialize<T>(ref reader, FactCatalog.Json);
            reader.Read();
            var sealedFor = EnumWords.Parse<Purpose>(reader.GetString()!) ?? throw new JsonException("There is no such purpose.");
            reader.Read();
            var opened = RowSeal.Current.Open(sealedFor, reader.GetBytesFromBase64());
            reader.Read();
            return opened is null ? Marked(RowSeal.Current.MarkOf(sealedFor)) : JsonSerializer.Deserialize<T>(opened, FactCatalog.Json);
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (TellsNothing(value))
            {
                JsonSerializer.Serialize(writer, value, FactCatalog.Json);
                return;
            }

            writer.WriteStartArray();
            writer.WriteStringValue(EnumWords.Of(purpose));
            writer.WriteBase64StringValue(RowSeal.Current.Seal(purpose, JsonSerializer.SerializeToUtf8Bytes(value, FactCatalog.Json)));
            writer.WriteEndArray();
        }

        // What is empty, or was erased before, needs no key.
        private static bool TellsNothing(T value) => value switch
        {
            "" => true,
            IDictionary all => all.Count == 0,
            _ => EqualityComparer<T>.Default.Equals(value, Marked(Marks.Erased)),
        };

        private static Func<string, T> HowToMark()
        {
            if (typeof(T) == typeof(string)) return mark => (T)(object)mark;
            if (typeof(T).IsAssignableTo(typeof(IEnumerable)))
                return _ => JsonSerializer.Deserialize<T>("{}", FactCatalog.Json)!; // a dictionary: its keys are personal, too
            var marked = typeof(T).GetMethod(nameof(IPersonal<Probe>.Marked), [typeof(string)]) ?? throw new InvalidOperationException(
                $"A personal member is a text, a dictionary or an IPersonal; {typeof(T).Name} is none of them.");
            return marked.CreateDelegate<Func<string, T>>();
        }

        private sealed class Probe : IPersonal<Probe>
        {
            public static Probe Marked(string mark) => new();
        }
    }
}
