namespace Commerce.Simulation;

/// <summary>What goes wrong by itself and at times of its own: processes end and start, databases and the provider go away.</summary>
internal static class FaultSchedule
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Sets all of them for the time that the shop is open. There is a process again after each.</summary>
    public static void Begin(SimulationContext world, TimeSpan open)
    {
        Each(world, open, FaultKind.Crash, dice => AnyDies(world, dice, life => life.Kill()));
        Each(world, open, FaultKind.Restart, dice => AnyDies(world, dice, life => life.Stop()));
        Each(world, open, FaultKind.SecondProcess, dice => Second(world, dice));
        Each(world, open, FaultKind.DatabaseAway, dice => world.AnyLife?.Cut(dice.Between(Moment, TimeSpan.FromMinutes(2))));
        Each(world, open, FaultKind.ProviderOutage, dice =>
            world.Bank.AwayUntil = world.Clock.Now + dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15)));
        Watch(world);
    }

    private static void Each(SimulationContext world, TimeSpan open, FaultKind kind, Action<SeededRandom> strike)
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

    private static void AnyDies(SimulationContext world, SeededRandom dice, Action<SimulatedProcess> ends)
    {
        if (world.AnyLife is not { } life) return;
        ends(life);
        if (dice.Chance(0.5)) world.Begin(); // at once, beside one that may still be stopping
    }

    // The elder goes some time later; until then both have the same entities.
    private static void Second(SimulationContext world, SeededRandom dice)
    {
        if (world.Lives.Count != 1) return;
        var elder = world.Lives[0];
        world.Begin();
        world.After(dice.Between(Moment, TimeSpan.FromMinutes(3)), elder.Kill);
    }

    // A supervisor starts a process again some time after it ended, to the end of the run.
    private static void Watch(SimulationContext world)
    {
        var dice = new SeededRandom(world.Seed, "restarts");
        world.Clock.World.CreateTimer(
            _ =>
            {
                if (world.Lives.Count == 0 && dice.Chance(0.5)) world.Begin();
            },
            null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
    }
}
