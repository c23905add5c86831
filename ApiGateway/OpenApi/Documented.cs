using Microsoft.AspNetCore.Http.Metadata;

namespace Commerce.ApiGateway;

/// <summary>Compares an endpoint with its document while it runs: it reads nothing that the document does not name.</summary>
internal static class Documented
{
    /// <summary>The body that is read is the one that the endpoint declares.</summary>
    public static void Body(HttpContext http, Type read)
    {
        var declared = http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType ?? typeof(Nothing);
        if (read != declared) throw new InvalidOperationException(
            $"{http.GetEndpoint()?.DisplayName} reads {read.Name}, but its document says {declared.Name}: see its Reads<T>().");
    }

    /// <summary>The query parameter that is read is one that the endpoint declares.</summary>
    public static void Query(HttpContext http, Takes? takes, QueryParameter read)
    {
        if (takes?.Knows(read.Name) is not true) throw new InvalidOperationException(
            $"{http.GetEndpoint()?.DisplayName} reads '{read.Name}', which its document does not name: see its Takes() or Paged().");
    }
}
