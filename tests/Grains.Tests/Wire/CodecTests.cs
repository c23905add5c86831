using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using Xunit;

namespace Commerce.Grains.Tests.Wire;

/// <summary>What goes from one process to another arrives as it was, also between versions.</summary>
public sealed class CodecTests : IDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer().AddCommerceEntities(Capabilities.All).BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public static TheoryData<Type> Types => [.. Samples.Types];

    public void Dispose() => _services.Dispose();

    [Theory, MemberData(nameof(Types))]
    public void What_contracts_take_and_give_arrives_as_it_was(Type type)
    {
        var sent = Samples.Of(type);
        Same(sent, Sent(sent));
        if (!type.IsGenericType) Same(Samples.Refused(type), Sent(Samples.Refused(type)));
    }

    [Theory, MemberData(nameof(Types))]
    public void Within_a_silo_nothing_is_copied(Type type)
    {
        var given = Samples.Of(type);
        Assert.Same(given, _services.GetRequiredService<DeepCopier>().Copy<object>(given));
    }

    [Fact]
    public void Nothing_arrives_as_nothing()
    {
        Assert.Null(Sent<OrderView>(null!));
        Assert.Null(Sent(new Result<OrderAnswer>(null, null)).Value);
    }

    [Fact]
    public void A_frame_that_says_it_is_huge_costs_nothing()
    {
        using var session = _services.GetRequiredService<SerializerSessionPool>().GetSession();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = Writer.Create(buffer, session);
        writer.WriteFieldHeader(0, typeof(OrderView), typeof(OrderView), Orleans.Serialization.WireProtocol.WireType.LengthPrefixed);
        writer.WriteVarUInt32(2_000_000_000);
        writer.Commit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<SerializerException>(() => Serializer.Deserialize<OrderView>(buffer.WrittenMemory));
        Assert.Contains("2000000000 bytes is refused", refused.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void An_empty_list_and_a_missing_one_are_told_apart()
    {
        var call = new CallContext("op", new Caller("me", [], Reach.Everything), Samples.Noon);
        Assert.Empty(Sent(call).Caller.Scopes);
        Assert.Null(Sent(new Refusal("a", RefusalKind.Stale, "b", "c")).Values);
    }

    [Fact]
    public void The_system_is_known_as_such_in_another_process()
    {
        Assert.True(Sent(new CallContext("op", Caller.System, Samples.Noon)).Caller.IsSystem);
        Assert.False(Sent(new CallContext("op", new Caller("me", ["*"], Reach.Everything), Samples.Noon)).Caller.IsSystem);
    }

    [Fact]
    public void Members_that_a_newer_version_has_added_are_passed_over()
    {
        var json = JsonSerializer.SerializeToNode(Samples.Of(typeof(HoldStock)), FactCatalog.Json)!.AsObject();
        json["added"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) };
        Assert.Equal(Samples.Of(typeof(HoldStock)), Read<HoldStock>(json));
    }

    [Fact]
    public void Members_that_an_older_version_does_not_have_get_their_defaults()
    {
        var read = Read<PlaceLine>(new JsonObject { ["sku"] = "A", ["quantity"] = 2 });
        Assert.Equal(new PlaceLine("A", 2), read);
    }

    [Fact]
    public void Lists_arrive_whatever_a_compiler_made_of_them()
    {
        IReadOnlyList<string> none = [], one = ["a"], two = ["a", "b"];
        IReadOnlyList<LineQuantity> lines = [new(1, 2), new(3, 4)];
        Assert.Equal(none, Sent(none));
        Assert.Equal(one, Sent(one));
        Assert.Equal(two, Sent(two));
        Assert.Equal(lines, Sent(lines));
    }

    [Fact]
    public void The_same_object_twice_in_a_message_is_sent_once()
    {
        var call = (CallContext)Samples.Of(typeof(CallContext));
        var (one, other) = Sent((call, call));
        Assert.Same(one, other);
        Same(call, one);
    }

    [Fact]
    public void What_is_too_large_for_one_buffer_arrives_too()
    {
        var large = new CancelOrder(new string('x', 3_000_000));
        Assert.Equal(large, Sent(large));
        Assert.Equal("small", Sent(new CancelOrder("small")).Reason);
    }

    [Fact]
    public void Failures_of_the_machinery_arrive_as_what_they_are()
    {
        var away = Assert.IsType<UnavailableException>(Sent<Exception>(new UnavailableException("away", TimeSpan.FromSeconds(7))));
        Assert.Equal(("away", 7), (away.Message, away.RetryAfter.TotalSeconds));
        Assert.Equal("lost", Assert.IsType<OutcomeUnknownException>(Sent<Exception>(new OutcomeUnknownException("lost"))).Message);
        Assert.Equal("late", Assert.IsType<DeadlineExceededException>(Sent<Exception>(new DeadlineExceededException("late"))).Message);
        Assert.Equal("hot", Assert.IsType<UnavailableException>(Sent<Exception>(new Overheated())).Message);
    }

    [Fact]
    public void What_is_written_after_a_failed_writing_is_whole()
    {
        var broken = new Refusal("a", RefusalKind.Stale, "b", "c", null, new RefusalValues(Allowed: new Broken()));
        Assert.ThrowsAny<Exception>(() => Sent(broken));
        Assert.Equal(new CancelOrder("r"), Sent(new CancelOrder("r")));
    }

    private static void Same(object expected, object actual)
    {
        Assert.IsType(expected.GetType(), actual);
        Assert.Equal(JsonSerializer.Serialize(expected, FactCatalog.Json), JsonSerializer.Serialize(actual, FactCatalog.Json));
    }

    private T Sent<T>(T value) => Serializer.Deserialize<T>(Serializer.SerializeToArray(value))!;

    // A field of T as another version of the software has written it: the bytes of our codec, with other JSON in them.
    private T Read<T>(JsonNode json)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var session = _services.GetRequiredService<SerializerSessionPool>().GetSession();
        var writer = Writer.Create(buffer, session);
        writer.WriteFieldHeader(0, typeof(T), typeof(T), Orleans.Serialization.WireProtocol.WireType.LengthPrefixed);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(json);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
        writer.Commit();
        using var other = _services.GetRequiredService<SerializerSessionPool>().GetSession();
        var reader = Reader.Create(buffer.WrittenMemory, other);
        return new JsonCodec<T>().ReadValue(ref reader, reader.ReadFieldHeader());
    }

    private sealed class Overheated() : UnavailableException("hot", TimeSpan.FromSeconds(1));

    private sealed class Broken : List<string>, IEnumerable<string>
    {
        IEnumerator<string> IEnumerable<string>.GetEnumerator()
        {
            yield return "a";
            throw new InvalidOperationException("Broken while it was being written.");
        }
    }
}
