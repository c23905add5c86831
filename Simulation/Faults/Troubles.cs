namespace Commerce.Simulation;

/// <summary>What goes wrong by itself and at times of its own: processes end and start, databases and the provider go away.</summary>
internal static class Troubles
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Sets all of them for the time that the shop is open. There is a process again after each.</summary>
    public static void Begin(World world, TimeSpan open)
    {
        Each(world, open, Fault.Crash, dice => AnyDies(world, dice, life => life.Kill()));
        Each(world, open, Fault.Restart, dice => AnyDies(world, dice, life => life.Stop()));
        Each(world, open, Fault.SecondProcess, dice => Second(world, dice));
        Each(world, open, Fault.DatabaseAway, dice => world.AnyLife?.Cut(dice.Between(Moment, TimeSpan.FromMinutes(2))));
        Each(world, open, Fault.ProviderOutage, dice =>
            world.Bank.AwayUntil = world.Clock.Now + dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15)));
        Watch(world);
    }

    private static void Each(World world, TimeSpan open, Fault kind, Action<Dice> strike)
    {
        foreach (var time in world.Chaos.Times(kind, open))
            world.After(time, () =>
            {
                if (world.Chaos.Over) return;
                world.Chaos.Note(kind);
                world.Trace.Add("trouble", kind.ToString());
                strike(world.Chaos.Of(kind));
            });
    }

    private static void AnyDies(World world, Dice dice, Action<Life> ends)
    {
        if (world.AnyLife is not { } life) return;
        ends(life);
        if (dice.Chance(0.5)) world.Begin(); // at once, beside one that may still be stopping
    }

    // The elder goes some time later; until then both have the same entities.
    private static void Second(World world, Dice dice)
    {
        if (world.Lives.Count != 1) return;
        var elder = world.Lives[0];
        world.Begin();
        world.After(dice.Between(Moment, TimeSpan.FromMinutes(3)), elder.Kill);
    }

    // Whoever runs it starts it again some time after it ended, as long as there is anybody: to the end of the run.
    private static void Watch(World world)
    {
        var dice = new Dice(world.Seed, "restarts");
        world.Clock.World.CreateTimer(
            _ =>
            {
                if (world.Lives.Count == 0 && dice.Chance(0.5)) world.Begin();
            },
            null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
    }
}
