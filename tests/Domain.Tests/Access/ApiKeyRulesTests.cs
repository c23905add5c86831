using Commerce.Access;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Access;

public sealed class ApiKeyRulesTests
{
    private const string Id = "key_scanner";

    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly Caller Chief = new("chief", ["keys:admin", "orders:ship", "stock:receive"], Reach.Everything);
    private static readonly MakeApiKey Wanted = new("Scanner", ["warehouse"], ["orders:ship"], Reach.Everything, "aa", null);
    private static readonly ApiKeyMade Made = new("Scanner", ["warehouse"], ["orders:ship"], Reach.Everything, "aa", Now, Now.AddDays(90));

    [Theory]
    [InlineData(null, 90)]
    [InlineData(1, 1)]
    [InlineData(365, 365)]
    [InlineData(0, null)]
    [InlineData(366, null)]
    [InlineData(-1, null)]
    public void A_key_serves_for_ninety_days_or_what_is_said_and_never_for_more_than_a_year(int? wanted, int? given)
    {
        var (made, rolled) = (Make(Wanted with { ExpiresInDays = wanted }), Roll(After(Made), new RollApiKey("bb", wanted, null)));
        if (given is null)
        {
            made.Refuses("invalid_lifetime", "/expiresInDays");
            rolled.Refuses("invalid_lifetime", "/expiresInDays");
            return;
        }

        Assert.Equal(Now.AddDays(given.Value), Assert.IsType<ApiKeyMade>(made.Single()).ExpiresAt);
        Assert.Equal(Now.AddDays(given.Value), Assert.IsType<ApiKeyRolled>(rolled.Single()).ExpiresAt);
    }

    [Fact]
    public void A_key_is_made_once()
    {
        Make(Wanted with { Name = " Scanner " }).Accepts(Made with { Roles = Wanted.Roles, Scopes = Wanted.Scopes });
        Make(Wanted, After(Made)).Refuses("api_key_exists");
        Make(Wanted with { Name = " " }).Refuses("invalid_name", "/name");
    }

    [Fact]
    public void A_key_has_no_scope_that_its_maker_lacks_and_never_makes_keys()
    {
        Assert.Equal("ledger:close", Make(Wanting("orders:ship", "ledger:close")).Refuses("may_not_give", "/scopes").Values!.Scope);
        Make(Wanting("keys:admin")).Refuses("may_not_give", "/scopes");
        ApiKeyRules.Make(After(), Id, Wanting("keys:admin"), Caller.System, Now).Refuses("may_not_give", "/scopes");
    }

    [Fact]
    public void A_key_sees_no_more_than_its_maker()
    {
        var (market, bazaar) = (new Reach(ReachKind.Channel, "market"), new Reach(ReachKind.Channel, "bazaar"));
        var partner = Chief with { Reach = market };
        ApiKeyRules.Make(After(), Id, Wanted with { Reach = bazaar }, partner, Now).Refuses("may_not_give", "/roles");
        ApiKeyRules.Make(After(), Id, Wanted, partner, Now).Refuses("may_not_give", "/roles");
        Assert.Equal(market, Assert.IsType<ApiKeyMade>(
            ApiKeyRules.Make(After(), Id, Wanted with { Reach = market }, partner, Now).Single()).Reach);
        Assert.IsType<ApiKeyMade>(Make(Wanted with { Reach = bazaar }).Single());
    }

    [Theory]
    [InlineData(null, 24)]
    [InlineData(0, 0)]
    [InlineData(168, 168)]
    [InlineData(169, null)]
    [InlineData(-1, null)]
    public void After_a_roll_the_old_secret_serves_for_some_hours(int? wanted, int? given)
    {
        var rolled = Roll(After(Made), new RollApiKey("bb", null, wanted));
        if (given is null) rolled.Refuses("invalid_overlap", "/oldSecretHours");
        else
            Assert.Equal(
                given == 0 ? [("bb", Now.AddDays(90))] : [("aa", Now.AddHours(given.Value)), ("bb", Now.AddDays(90))],
                After(Made, rolled.Single()).Secrets.Select(s => (s.Digest, s.EndsAt)));
    }

    [Fact]
    public void A_roll_never_makes_an_old_secret_last_longer_and_few_of_them_are_left()
    {
        var nearlyOver = Made with { ExpiresAt = Now.AddHours(1) };
        Assert.Equal(Now.AddHours(1), After(nearlyOver, Rolled("bb", 0)).Secrets[0].EndsAt);
        var twice = After(Made, Rolled("bb", 0), Rolled("cc", 1));
        Assert.Equal([Now.AddHours(24), Now.AddHours(25), Now.AddDays(90)], twice.Secrets.Select(s => s.EndsAt));
        var leaked = Roll(twice, new RollApiKey("dd", null, 0)).Single();
        Assert.Equal("dd", Assert.Single(After(Made, Rolled("bb", 0), Rolled("cc", 1), leaked).Secrets).Digest);
        string[] all = ["b1", "b2", "b3", "b4", "b5"];
        Assert.Equal(all[1..], After([Made, .. all.Select(d => Rolled(d, 0))]).Secrets.Select(s => s.Digest));
    }

    [Fact]
    public void A_key_is_rolled_by_those_alone_who_could_make_it()
    {
        var clerk = new Caller("clerk", ["keys:admin"], Reach.Everything);
        ApiKeyRules.Roll(After(Made), Id, new RollApiKey("bb", null, null), clerk, Now).Refuses("may_not_give", "/scopes");
        Roll(After(), new RollApiKey("bb", null, null)).Refuses("unknown_api_key");
    }

    [Fact]
    public void A_key_that_was_revoked_stays_so()
    {
        var revoked = After(Made, ApiKeyRules.Revoke(After(Made), Id, Now).Single());
        Assert.Equal(Now, ApiKeyRules.View(Id, revoked, 2).RevokedAt);
        Assert.Empty(ApiKeyRules.Revoke(revoked, Id, Now.AddDays(1)).Facts);
        Assert.Null(ApiKeyRules.Revoke(revoked, Id, Now.AddDays(1)).Refusal);
        Roll(revoked, new RollApiKey("bb", null, null)).Refuses("api_key_revoked");
        ApiKeyRules.Revoke(After(), Id, Now).Refuses("unknown_api_key");
    }

    [Fact]
    public void What_is_shown_of_a_key_is_its_newest_secrets_end()
    {
        var view = ApiKeyRules.View(Id, After(Made, Rolled("bb", 5)), 2);
        Assert.Equal((Id, "Scanner", "bb", Now, Now.AddDays(90), null, 2), (
            view.Id, view.Name, view.Digest, view.MadeAt, view.ExpiresAt, view.RevokedAt, view.Version));
    }

    private static ApiKeyState After(params IEnumerable<ApiKeyFact> facts) => Given.State(ApiKeyState.Initial, ApiKeyRules.Evolve, facts);

    private static MakeApiKey Wanting(params string[] scopes) => Wanted with { Scopes = scopes };

    private static Decision<ApiKeyFact> Make(MakeApiKey command, ApiKeyState? state = null) =>
        ApiKeyRules.Make(state ?? After(), Id, command, Chief, Now);

    private static Decision<ApiKeyFact> Roll(ApiKeyState state, RollApiKey command) => ApiKeyRules.Roll(state, Id, command, Chief, Now);

    // A roll some hours from now, that leaves the old ones a day.
    private static ApiKeyRolled Rolled(string digest, int hours) =>
        new(digest, Now.AddHours(hours), Now.AddDays(90), Now.AddHours(hours + 24));
}
