namespace Commerce.Grains;

/// <summary>A grain of one silo: its key names the silo, and it is called with a placement hint for that one.</summary>
public abstract class SiloGrain(ILocalSiloDetails silo) : Grain
{
    /// <summary>The silo that this activation is on.</summary>
    protected ILocalSiloDetails Here => silo;

    /// <summary>True when this is the silo that was meant. Otherwise that one is gone, and this activation ends.</summary>
    protected bool IsMeant()
    {
        if (this.GetPrimaryKeyString() == silo.SiloAddress.ToParsableString()) return true;
        DeactivateOnIdle(); // it will not be called here again
        return false;
    }
}
