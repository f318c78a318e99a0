import type { Triple } from "../../units.ts";
import { type GuardViolation, onPhase, PHASES, rowName } from "./guard-types.ts";
import { childrenFirst, hasInnerMeter, isSilent, type ZoneTotals } from "./zone-totals.ts";

/** The controller looks at the same loads a little later or earlier: less than this apart they are the same, A. */
const APART_A = 1;

/** What a zone's meters showed last, A per phase. */
interface Shown {
  /** The zone's own load, while all zones below it were heard. */
  ownA?: Triple;
  /** The load of the zone and of all below it, since one of these is silent and cannot be told apart. */
  wholeA?: Triple;
}

/** What the zones below a zone add to its load at one tick. */
interface Below {
  /** As it is counted here: a silent zone with what it showed last. */
  countedA: Triple;
  /** As it is in the stock: a silent zone with its assumed load. */
  stockA: Triple;
  /** One of them is silent. */
  isSilent: boolean;
}

/**
 * S4, once more and by additions only: while a meter is silent, its zone's own load counts with at least what the meter showed last,
 * and nothing may be raised that does not fit beside it. What it showed before this process is not known here.
 */
export class SilentMeters {
  readonly #shown = new Map<string, Shown>();

  look(totals: ZoneTotals, nowMs: number): GuardViolation[] {
    const violations: GuardViolation[] = [];
    const below = totals.zones.map((): Below => ({ countedA: [0, 0, 0], stockA: [0, 0, 0], isSilent: false }));
    for (const z of childrenFirst(totals)) {
      const countedA = this.#count(totals, z, below[z]!, nowMs);
      const silent = isSilent(totals.zones[z]!, nowMs);
      if (silent && this.#shown.has(totals.zones[z]!.id)) violations.push(...overRaised(totals, z, countedA));
      const above = below[totals.path(totals.zones[z]!.id)[1] ?? -1];
      if (!above) continue;
      above.isSilent ||= silent || below[z]!.isSilent;
      for (const phase of PHASES) {
        above.countedA[phase] += countedA[phase];
        above.stockA[phase] += totals.backgroundA[z]![phase];
      }
    }
    return violations;
  }

  /** The load of a zone and all below it. Remembers what its meters show. */
  #count(totals: ZoneTotals, z: number, below: Below, nowMs: number): Triple {
    const zone = totals.zones[z]!;
    const backgroundA = triple((phase) => totals.backgroundA[z]![phase]);
    const besideA = triple((phase) => backgroundA[phase] - below.stockA[phase]);
    const withBelowA = (ownA: Triple) => triple((phase) => ownA[phase] + below.countedA[phase]);
    if (!zone.meters?.length) return withBelowA(besideA);
    if (isSilent(zone, nowMs)) {
      const { ownA, wholeA } = this.#shown.get(zone.id) ?? {};
      const partsA = ownA ? withBelowA(ownA) : below.countedA;
      // Once every zone below is heard again, the parts tell more.
      const togetherA = below.isSilent ? wholeA : undefined;
      return triple((phase) => Math.max(backgroundA[phase], partsA[phase], togetherA?.[phase] ?? 0));
    }
    if (!hasInnerMeter(zone, nowMs)) {
      this.#shown.set(zone.id, { ownA: besideA });
      return withBelowA(besideA);
    }
    this.#shown.set(zone.id, below.isSilent ? { ...this.#shown.get(zone.id), wholeA: backgroundA } : { ownA: besideA });
    return backgroundA;
  }
}

/** The phases of a silent zone on which something rises that does not fit beside its load. */
function overRaised(totals: ZoneTotals, z: number, loadA: Triple): GuardViolation[] {
  const zone = totals.zones[z]!;
  return PHASES.flatMap((phase): GuardViolation[] => {
    const limitA = totals.limitA[z]![phase] - onPhase(zone.headroomA, phase, 0);
    const sumA = totals.reservedA[z]![phase] + loadA[phase];
    if (!totals.raised[z]![phase] || sumA <= limitA + APART_A) return [];
    return [{ zone: zone.id, phase: rowName(phase), limitA, sumA, kind: "increase" }];
  });
}

function triple(on: (phase: 0 | 1 | 2) => number): Triple {
  return [on(0), on(1), on(2)];
}
