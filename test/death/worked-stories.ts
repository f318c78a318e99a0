/** Stories in which one part of the rule alone keeps a breaker within its limit, by the mutant that lacks it. */
import type { BuildingPlan, ChargerPlan } from "./bench.ts";
import type { MutantName } from "./mutants.ts";
import type { Deed, Story } from "./story.ts";

const FAST: ChargerPlan = {
  kind: "full",
  zone: 0,
  phases: 3,
  rotation: "RST",
  maxA: 32,
  safeA: 6,
  mode: "fast",
  wantsA: 32,
  meterS: 10,
  leaseS: 60,
  plugged: true,
};
/** It waits for sun that does not come. */
const PAUSED: ChargerPlan = { ...FAST, mode: "pv" };

/** Behind a breaker that bears the safe currents and nothing else. */
const tight = (...chargers: ChargerPlan[]): BuildingPlan => ({
  zones: [{ parent: null, roomA: 0, assumedA: 0, houseA: 0, metered: true }],
  chargers,
});

const story = (plan: BuildingPlan, ...deeds: [Deed, thenS: number][]): Story => ({
  plan,
  deeds: deeds.map(([deed, thenS]) => ({ deed, thenS })),
});

export const WORKED_STORIES: Readonly<Record<MutantName, Story>> = {
  // The fast one holds its limit for 60 s, the others pause: written at other times, with the same lease, they rise before it falls.
  ownLease: story(tight(FAST, PAUSED, { ...PAUSED, leaseS: 90 }), [{ do: "wants", who: 0, currentA: 32 }, 240]),
  // Nothing reaches the one that pauses when the other's lease becomes longer than its pause has left.
  noGate: story(
    tight(FAST, PAUSED, PAUSED),
    [{ do: "deaf", who: 1, seconds: 1200 }, 200],
    [{ do: "lease", who: 0, seconds: 900 }, 120],
  ),
  // The same when the house takes more: the fast one is lowered, for longer than before.
  ungatedDecrease: story(
    { ...tight(FAST, PAUSED, PAUSED), zones: [{ parent: null, roomA: 0, assumedA: 6, houseA: 0, metered: true }] },
    [{ do: "deaf", who: 1, seconds: 1200 }, 1],
    [{ do: "deaf", who: 2, seconds: 1200 }, 199],
    [{ do: "lease", who: 0, seconds: 900 }, 7],
    [{ do: "house", zone: 0, share: 1 }, 60],
  ),
  // The renewal of a pause gets lost: it ends when the one before ends.
  laterEnd: story(tight(FAST, PAUSED, PAUSED), [{ do: "deaf", who: 1, seconds: 1200 }, 950]),
  // A charger with one period to a schedule is told to pause: first the limit falls, then its end is moved on.
  writeOrder: story(
    tight({ ...FAST, kind: "onePeriod" }, PAUSED, PAUSED),
    [{ do: "house", zone: 0, share: 0 }, 93],
    [{ do: "unplug", who: 0 }, 30],
    [{ do: "plug", who: 0 }, 60],
    [{ do: "wants", who: 0, currentA: 0 }, 120],
  ),
  // A new process begins where cars pause; then another car comes.
  noHold: story(
    { ...tight(FAST, PAUSED, PAUSED), zones: [{ parent: null, roomA: 0, assumedA: 6, houseA: 0, metered: true }] },
    [{ do: "kill", seconds: 30 }, 60],
  ),
};
