namespace Commerce.LocalPostgres;

/// <summary>How a private PostgreSQL is to run.</summary>
/// <param name="Folder">Where it keeps everything; made when missing. Nothing else may live there.</param>
public sealed record PostgresServerOptions(string Folder)
{
    /// <summary>The port on 127.0.0.1; null: any free one.</summary>
    public int? Port { get; init; }

    /// <summary>False only for data that may be lost with the machine's power, such as a test's.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>The operating system's user for the server when this process is root.</summary>
    public string User { get; init; } = "postgres";

    /// <summary>
    /// The certificate and the key, as PEM, with which it proves itself to its clients; connections without TLS are refused then. Null:
    /// without TLS.
    /// </summary>
    public (string Certificate, string Key)? Tls { get; init; }

    public string SharedBuffers { get; init; } = "256MB";

    public int MaxConnections { get; init; } = 300;

    /// <summary>How long starting may take; after a crash of the machine the server first replays its log.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
