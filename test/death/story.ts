/** What happens at a building, at random. */
import fc from "fast-check";
import type { Future } from "../judge/charge-point.ts";
import { type BuildingPlan, type ChargerPlan, DeathBench, type ZonePlan } from "./bench.ts";
import { type ActedKind, KIND_NAMES, type KindName, kindOf } from "./kinds.ts";

export type Deed =
  | { do: "plug" | "unplug" | "end" | "begin" | "restart"; who: number }
  | { do: "wants" | "misreads"; who: number; currentA: number }
  | { do: "cut" | "delay" | "lease" | "deaf" | "mute"; who: number; seconds: number }
  | { do: "loseRequests" | "loseAnswers" | "refuse" | "error"; who: number; times: number }
  | { do: "house"; zone: number; share: number }
  | { do: "kill"; seconds: number };

export interface Story {
  plan: BuildingPlan;
  /** What happens, and how long nothing else does after it, s. */
  deeds: { deed: Deed; thenS: number }[];
}

/** Charge points that nobody has told anything get so long to be told, s. */
const NEW_S = 20;
const LEASES_S = [60, 90, 180, 300, 900];

/** @param isTight nothing is left beyond what S5 asks for, so that each pause matters */
function zonesOf(count: number, isTight: boolean): fc.Arbitrary<ZonePlan[]> {
  const zone = (z: number): fc.Arbitrary<ZonePlan> =>
    fc
      .record({
        parent: z === 0 ? fc.constant(null) : fc.nat(z - 1),
        roomA: fc.integer({ min: 0, max: isTight ? 2 : 30 }),
        assumedA: isTight ? fc.constantFrom(0, 0, 0, 3) : fc.constantFrom(0, 0, 5, 12),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        metered: z === 0 ? fc.constant(true) : fc.boolean(),
      })
      .map(({ share, ...rest }) => ({ ...rest, houseA: Math.round(rest.assumedA * share) }));
  return fc.tuple(...Array.from({ length: count }, (_, z) => zone(z)));
}

function chargerOf(zones: number, kinds: readonly KindName[], isTight: boolean): fc.Arbitrary<ChargerPlan> {
  return fc.record({
    kind: fc.oneof(fc.constant("full" as const), fc.constantFrom(...kinds)),
    zone: fc.nat(zones - 1),
    phases: isTight ? fc.constant(3 as const) : fc.constantFrom(3, 3, 1),
    rotation: fc.constantFrom("RST", "STR", "TRS"),
    maxA: isTight ? fc.constant(32 as const) : fc.constantFrom(32, 16),
    safeA: fc.constantFrom(6, 6, 6, 0),
    mode: fc.constantFrom("fast", "pv"),
    plugged: fc.constantFrom(true, true, true, false),
    wantsA: isTight ? fc.constant(32) : fc.constantFrom(32, 16, 10),
    meterS: fc.constantFrom(10, 30, 60),
    leaseS: fc.constantFrom(...LEASES_S),
  });
}

function deedOf(chargers: number, zones: number): fc.Arbitrary<Deed> {
  const who = fc.nat(chargers - 1);
  const times = fc.integer({ min: 1, max: 3 });
  // Forty outlast all variants of a limit, several times over.
  const refusals = fc.oneof({ weight: 4, arbitrary: times }, { weight: 1, arbitrary: fc.constant(40) });
  const one = <T>(value: T) => fc.constant(value);
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: one("plug"), who }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("unplug", "end", "begin"), who }) },
    { weight: 1, arbitrary: fc.record({ do: one("restart"), who }) },
    { weight: 2, arbitrary: fc.record({ do: one("wants"), who, currentA: fc.constantFrom(0, 7, 16, 32) }) },
    { weight: 1, arbitrary: fc.record({ do: one("misreads"), who, currentA: fc.constantFrom(0, 0, 10) }) },
    { weight: 2, arbitrary: fc.record({ do: one("cut"), who, seconds: fc.constantFrom(3, 20, 100, 400, 1200) }) },
    { weight: 1, arbitrary: fc.record({ do: one("delay"), who, seconds: fc.constantFrom(0, 0.05, 2, 12) }) },
    { weight: 2, arbitrary: fc.record({ do: one("lease"), who, seconds: fc.constantFrom(...LEASES_S) }) },
    {
      weight: 3,
      arbitrary: fc.oneof(
        fc.record({ do: fc.constantFrom("loseRequests", "loseAnswers"), who, times }),
        fc.record({ do: fc.constantFrom("refuse", "error"), who, times: refusals }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: one("house"), zone: fc.nat(zones - 1), share: fc.constantFrom(0, 0.5, 1) }),
    },
    { weight: 1, arbitrary: fc.record({ do: one("kill"), seconds: fc.constantFrom(2, 30, 200) }) },
  ) as fc.Arbitrary<Deed>;
}

/** @param most chargers, and deeds */
export function storyOf({
  chargers = 7,
  deeds = 24,
  kinds = KIND_NAMES,
}: {
  chargers?: number;
  deeds?: number;
  kinds?: readonly KindName[];
} = {}): fc.Arbitrary<Story> {
  return fc
    .record({
      zones: fc.constantFrom(1, 1, 2, 3),
      chargers: fc.integer({ min: 2, max: chargers }),
      isTight: fc.boolean(),
    })
    .chain((count) =>
      fc.record({
        plan: fc.record({
          zones: zonesOf(count.zones, count.isTight),
          chargers: fc.array(chargerOf(count.zones, kinds, count.isTight), {
            minLength: count.chargers,
            maxLength: count.chargers,
          }),
        }),
        deeds: fc.array(
          fc.record({ deed: deedOf(count.chargers, count.zones), thenS: fc.constantFrom(1, 4, 15, 60, 200) }),
          { minLength: 4, maxLength: deeds, size: "max" },
        ),
      }),
    );
}

/** Acts one deed. Those that bring a future in which a kind has no hold are left out for it. */
function act(bench: DeathBench, deed: Deed): void {
  const place = "who" in deed ? bench.places[deed.who % bench.places.length]! : null;
  const { without = [] }: ActedKind = place ? kindOf(place.plan.kind) : { reads: {}, takes: kindOf("full").takes };
  const bare = (future: Future): boolean => without.includes(future);
  bench.note(`** ${JSON.stringify(deed)}`);
  switch (deed.do) {
    case "plug":
      if (!bare("cars")) place!.charger.plug();
      break;
    case "unplug":
      place!.charger.unplug();
      break;
    case "end":
      place!.charger.end();
      break;
    case "begin":
      if (!bare("cars")) place!.charger.begin();
      break;
    case "restart":
      if (!bare("restart") && !bare("cars")) bench.restart(deed.who % bench.places.length);
      break;
    case "wants":
      place!.charger.wantsA = deed.currentA;
      break;
    case "misreads":
      place!.charger.misreadsA = deed.currentA;
      break;
    case "cut":
      bench.cut(deed.who % bench.places.length, deed.seconds);
      break;
    case "delay":
      place!.fault.delayMs = deed.seconds * 1000;
      break;
    case "lease":
      bench.setLease(deed.who % bench.places.length, deed.seconds);
      break;
    case "loseRequests":
      place!.fault.losesRequests = deed.times;
      break;
    case "loseAnswers":
      place!.fault.losesAnswers = deed.times;
      break;
    case "deaf":
      bench.lose(deed.who % bench.places.length, "losesRequests", deed.seconds);
      break;
    case "mute":
      bench.lose(deed.who % bench.places.length, "losesAnswers", deed.seconds);
      break;
    case "refuse":
    case "error":
      place!.charger.refuses = { next: deed.times, withError: deed.do === "error" };
      break;
    case "house":
      bench.setHouse(deed.zone, bench.plan.zones[deed.zone]!.assumedA * deed.share);
      break;
    case "kill":
      bench.kill();
      break;
  }
}

/** Lets a story happen. @returns the bench, closed */
export async function tell({ plan, deeds }: Story, futures?: readonly Future[], log = false): Promise<DeathBench> {
  const bench = new DeathBench(plan, futures);
  bench.keepsLog = log;
  try {
    await bench.pass(NEW_S);
    bench.judges = true;
    for (const { plan: one, charger } of bench.places) if (one.plugged) charger.plug();
    await bench.pass(NEW_S);
    for (const { deed, thenS } of deeds) {
      act(bench, deed);
      if (deed.do === "kill") {
        await bench.pass(deed.seconds);
        bench.live();
      }
      await bench.pass(thenS);
    }
    return bench;
  } finally {
    await bench.close();
  }
}
