import { drill } from "./drill.ts";
import type { ParkPlan } from "./plan.ts";

/** What broken meters have in their registers, each behind a breaker of its own; and one that is well. */
const FAULTS = ["zeros", "nan", "maxima", "ones"] as const;
const ZONES = [...FAULTS, "well"] as const;

const plan = (): ParkPlan => ({
  zones: [
    { name: "main", limitA: 160 },
    ...ZONES.map((name) => ({
      name,
      parent: "main",
      limitA: 20,
      loadA: [5, 5, 5] as [number, number, number],
      meter: true,
    })),
  ],
  chargers: ZONES.map((zone) => ({ identity: `CP-${zone}`, zone })),
});

drill("5: registers full of nonsense", {
  plan,
  without: "readingQuality",
  cases: [
    {
      full: true,
      title: "0, not-a-number, 0x7FFF… and 0xFFFF… are no current: the chargers behind fall back, others go on",
      run: async (park) => {
        await park.charging(13);
        await park.forget();
        for (const fault of FAULTS) {
          await park.meter(fault, fault);
          await park.load(fault, [12, 12, 12]);
        }
        const at6A = () => FAULTS.every((fault) => park.drawnA(`CP-${fault}`) <= 6.1);
        await park.until("the chargers behind broken meters are at 6 A", at6A, 18);
        park.check("the one behind a good meter goes on", park.drawnA("CP-well") > 13);
        await park.heldWithin(17);
      },
    },
  ],
});
