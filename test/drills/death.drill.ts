import { strict as assert } from "node:assert";
import { seeded } from "../../lib/simulator/random.ts";
import type { Triple } from "../../lib/units.ts";
import { cases } from "../full.ts";
import { DeathWatch, type Particular } from "./death-watch.ts";
import { drill } from "./drill.ts";
import type { Park } from "./park.ts";
import type { ParkCharger, ParkPlan } from "./plan.ts";
import { pick, seed } from "./scale.ts";

/** How long a building is looked over in the long form, s of the drill. */
const LONG_S = 60 * Number(process.env["DEATH_MINUTES"] ?? 60);
const LEASE = { leaseS: pick(60, 180), refreshS: pick(20, 75), minIncreaseS: 0 };
/** What is left of the limit because the judge's numbers, the meter's and the simulator's are rounded, A. */
const ROUNDING_A = 0.3;
/** A breaker may be over its limit for so long while chargers follow, s. */
const FOLLOW_S = 2;

const SUN = { told: { mode: "pv" } };
const named = (count: number, charger: Omit<ParkCharger, "identity">, from = 1): ParkCharger[] =>
  Array.from({ length: count }, (_, i) => ({ identity: `CP${from + i}`, ...charger }));

/** Two fast cars and eight that wait for sun, behind 63 A. */
function twoFast(): ParkPlan {
  const three = { zone: "main", maxA: 32 };
  return {
    zones: [{ name: "main", limitA: 63, loadA: [2, 2, 2], meter: true, told: { assumedLoadA: [3, 3, 3] } }],
    chargers: [...named(2, three), ...named(8, { ...three, ...SUN }, 3)],
    nodes: { "ev-charging-profile": LEASE },
  };
}

/** Chargers of many kinds on two breakers, one and three phases, with a house. */
function mixed(): ParkPlan {
  const [garage, yard] = [
    { zone: "garage", maxA: 32 },
    { zone: "yard", maxA: 16 },
  ];
  return {
    zones: [
      { name: "main", limitA: 80, loadA: [8, 8, 8], meter: true, told: { assumedLoadA: [12, 12, 12] } },
      { name: "garage", parent: "main", limitA: 50 },
      { name: "yard", parent: "main", limitA: 50 },
    ],
    chargers: [
      ...named(2, garage),
      ...named(2, { ...garage, ...SUN }, 3),
      { identity: "CP5", ...garage, behaviour: "oneProfileSlot" },
      { identity: "CP6", ...garage, behaviour: "stackZeroOnly", ...SUN },
      { identity: "CP7", ...yard, behaviour: "wattsOnly" },
      { identity: "CP8", ...yard, phases: 1, rotation: "STR", carPhases: 1 },
      { identity: "CP9", ...yard, behaviour: "onePeriodOnly", ...SUN },
      { identity: "CP10", ...yard, plugged: false },
    ],
    nodes: { "ev-charging-profile": LEASE },
  };
}

/** A building with a watch that hears every frame. */
function watched(plan: () => ParkPlan, particulars: Record<string, Particular> = {}) {
  let watch: DeathWatch;
  return {
    plan,
    options: () => {
      watch = new DeathWatch(plan(), particulars);
      return { listens: (identity: string, time: Park["time"]) => watch.ear(identity, time) };
    },
    watch: () => watch,
  };
}

/** The two fast ones draw all that is there, the others have been told to wait. */
async function settled(park: Park): Promise<void> {
  await park.charging(12, ["CP1", "CP2"]);
  await park.pass(pick(10, 60));
  await park.forget();
}

/** What may happen at a building. */
async function stir(park: Park, watch: DeathWatch, random: () => number): Promise<void> {
  const { chargers, zones } = park.plan;
  const { identity } = chargers[Math.floor(random() * chargers.length)]!;
  const what = random();
  if (what < 0.25) await park.car(identity, { plugged: !park.charger(identity).status.startsWith("Charging") });
  else if (what < 0.4) await park.car(identity, { wantA: [0, 8, 16, 32][Math.floor(random() * 4)] });
  else if (what < 0.55) {
    park.cable(identity).act({ cut: true });
    await watch.look(park, Math.round(5 + random() * 40));
    park.cable(identity).act({});
  } else if (what < 0.65) {
    park.cable(identity).act({ delayMs: 3000 });
    await watch.look(park, 30);
    park.cable(identity).act({});
  } else if (what < 0.7) await park.car(identity, { reboot: true });
  else {
    const { name, loadA = [0, 0, 0] } = zones[0]!;
    const share = random();
    const now = (loadA as Triple).map((currentA) => Math.round(currentA * share)) as Triple;
    watch.setLoad(name, now);
    await park.load(name, now);
  }
}

const first = watched(twoFast);
const second = watched(mixed);
const killed = watched(twoFast);

drill("death at any moment: what would flow if everything here vanished", {
  cases: [
    {
      title: "two fast cars and eight that wait, seen each second",
      plan: first.plan,
      options: first.options,
      without: "lateEnds",
      quick: true,
      run: async (park) => {
        await settled(park);
        const random = seeded(seed);
        for (let lookedS = 0; lookedS < pick(cases(20, 40), LONG_S); lookedS += 20) {
          if (pick(0, 1)) await stir(park, first.watch(), random);
          await first.watch().look(park, 20);
        }
        assert.equal(first.watch().verdict, null);
      },
    },
    {
      full: true,
      title: "chargers of many kinds while cars, loads and connections come and go, seen each second",
      plan: second.plan,
      options: second.options,
      run: async (park) => {
        await settled(park);
        const random = seeded(seed);
        for (let lookedS = 0; lookedS < pick(60, LONG_S); lookedS += 20) {
          await stir(park, second.watch(), random);
          await second.watch().look(park, 20);
        }
        assert.equal(second.watch().verdict, null);
      },
    },
    {
      full: true,
      title: "kill -9 at the worst moment: what really flows until the last lease has ended",
      plan: killed.plan,
      options: killed.options,
      without: "lateEnds",
      run: async (park) => {
        await settled(park);
        const watch = killed.watch();
        await watch.look(park, pick(25, 240));
        const worstA = watch.leastMarginA;
        await watch.look(park, pick(30, 300), () => watch.marginA <= worstA + ROUNDING_A);
        const untilS = watch.lastTurnS(park.time.wallMs());
        await park.forget();
        await park.nodeRed.kill("SIGKILL");
        await park.pass(Math.min(untilS, pick(65, 3600)) + pick(15, 60));
        await park.heldWithin(FOLLOW_S);
      },
    },
  ],
});
