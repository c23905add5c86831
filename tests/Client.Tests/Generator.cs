using System.Globalization;
using System.Text.RegularExpressions;
using NJsonSchema;
using NJsonSchema.CodeGeneration;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace Commerce.Client.Tests;

/// <summary>Makes the generated part of the client of the checked-in document of the API.</summary>
internal static partial class Generator
{
    public static async Task<string> Generate(string document)
    {
        var api = await OpenApiDocument.FromJsonAsync(document);
        foreach (var (_, path) in api.Paths)
        foreach (var (method, operation) in path.ToList())
        {
            if (operation.Responses.Values.Any(r => r.Content.ContainsKey("text/event-stream"))) path.Remove(method); // read by hand
            // The hand-written part handles problems, and never sends If-None-Match.
            foreach (var status in operation.Responses.Where(r => r.Key[0] != '2').Select(r => r.Key).ToList())
                operation.Responses.Remove(status);
            foreach (var tag in operation.Parameters.Where(p => p.Name == "If-None-Match").ToList()) operation.Parameters.Remove(tag);
            foreach (var key in operation.Parameters.Where(p => p.Name == "Idempotency-Key")) key.IsRequired = false; // made where missing
        }

        foreach (var (name, schema) in api.Components.Schemas)
            if (schema.Properties.Count > 0 && name != "Problem") schema.AllowAdditionalProperties = false; // what is new is passed over

        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "CommerceClient",
            InjectHttpClient = true,
            DisposeHttpClient = false,
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            GenerateExceptionClasses = false,
            ExceptionClass = "CommerceException",
            WrapDtoExceptions = false,
            ResponseArrayType = "System.Collections.Generic.IReadOnlyList",
            ResponseDictionaryType = "System.Collections.Generic.IReadOnlyDictionary",
            ParameterArrayType = "System.Collections.Generic.IReadOnlyList",
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            ParameterNameGenerator = new Names(),
            CSharpGeneratorSettings =
            {
                Namespace = "Commerce.Client",
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
                UseRequiredKeyword = true,
                GenerateDataAnnotations = false,
                GenerateNativeRecords = true,
                ClassStyle = CSharpClassStyle.Poco,
                NumberType = "decimal",
                DateType = "System.DateOnly",
                AnyType = "System.Text.Json.JsonElement",
                ArrayType = "System.Collections.Generic.IReadOnlyList",
                ArrayInstanceType = "System.Collections.Generic.List",
                ArrayBaseType = "System.Collections.Generic.List",
                DictionaryType = "System.Collections.Generic.IReadOnlyDictionary",
                DictionaryInstanceType = "System.Collections.Generic.Dictionary",
                EnumNameGenerator = new Names(),
                PropertyNameGenerator = new Names(),
                InlineNamedAny = true,
            },
        };
        var code = new CSharpClientGenerator(api, settings).GenerateFile().ReplaceLineEndings("\n");
        code = EnumConverter().Replace(code, ""); // it would not know the words of the document; the client's settings do
        return TrailingSpace().Replace(code, "").TrimEnd() + "\n";
    }

    [GeneratedRegex(@"^ *\[[\w.]+\.JsonConverter\(typeof\([\w.]+\.JsonStringEnumConverter<\w+>\)\)\]\n", RegexOptions.Multiline)]
    private static partial Regex EnumConverter();

    [GeneratedRegex("[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpace();

    /// <summary>The document's names as C# writes them.</summary>
    private sealed class Names : IParameterNameGenerator, IEnumNameGenerator, IPropertyNameGenerator
    {
        public string Generate(OpenApiParameter parameter, IEnumerable<OpenApiParameter> allParameters)
        {
            var name = Pascal(parameter.Name);
            return char.ToLowerInvariant(name[0]) + name[1..];
        }

        public string Generate(int index, string? name, object? value, JsonSchema schema) => Pascal(name!);

        public string Generate(JsonSchemaProperty property) => Pascal(property.Name);

        private static string Pascal(string name) => string.Concat(name.Split('-', '_', '.')
            .Select(w => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(w[0])}{w[1..]}")));
    }
}
