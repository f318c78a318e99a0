import type { Triple } from "../../units.ts";
import { at, type GuardViolation, onPhase, PHASES, ROWS, rowName } from "./guard-types.ts";
import { hasInnerMeter, isSilent, type ZoneTotals } from "./zone-totals.ts";

/** The controller looks at the same loads a little later or earlier: less than this apart they are the same, A. */
const APART_A = 1;

/** What a zone's meters showed last, A per phase. */
interface Shown {
  /** The zone's own load, while all zones below it were heard. */
  ownA?: Triple;
  /** The load of the zone and of all below it, since one of these is silent and cannot be told apart. */
  wholeA?: Triple;
}

/** What the zones below each zone add to its load at one tick, by zone. */
interface Below {
  /** As it is counted here, A per phase: a silent zone with what it showed last. */
  countedA: Float64Array;
  /** As it is in the stock: a silent zone with its assumed load. */
  stockA: Float64Array;
  /** One of them is silent. */
  isSilent: boolean[];
}

/**
 * S4, once more and by additions only: while a meter is silent, its zone's own load counts with at least what the meter showed last,
 * and nothing may be raised that does not fit beside it. What it showed before this process is not known here.
 */
export class SilentMeters {
  readonly #shown = new Map<string, Shown>();

  look(totals: ZoneTotals, nowMs: number): GuardViolation[] {
    const violations: GuardViolation[] = [];
    const { zones, tree, backgroundA } = totals;
    const below: Below = {
      countedA: new Float64Array(ROWS.length * zones.length),
      stockA: new Float64Array(ROWS.length * zones.length),
      isSilent: zones.map(() => false),
    };
    for (const z of tree.childrenFirst) {
      const zone = zones[z]!;
      const countedA = this.#count(totals, z, below, nowMs);
      const silent = isSilent(zone, nowMs);
      if (silent && this.#shown.has(zone.id)) violations.push(...overRaised(totals, z, countedA));
      const above = tree.path(zone.id)[1];
      if (above === undefined) continue;
      below.isSilent[above] ||= silent || below.isSilent[z]!;
      for (const phase of PHASES) {
        below.countedA[at(above, phase)]! += countedA[phase];
        below.stockA[at(above, phase)]! += backgroundA[at(z, phase)]!;
      }
    }
    return violations;
  }

  /** The load of a zone and all below it. Remembers what its meters show. */
  #count(totals: ZoneTotals, z: number, below: Below, nowMs: number): Triple {
    const zone = totals.zones[z]!;
    const backgroundOn = (phase: number) => totals.backgroundA[at(z, phase)]!;
    const belowOn = (phase: number) => below.countedA[at(z, phase)]!;
    const besideOn = (phase: number) => backgroundOn(phase) - below.stockA[at(z, phase)]!;
    if (!zone.meters?.length) return triple((phase) => besideOn(phase) + belowOn(phase));
    if (isSilent(zone, nowMs)) {
      const { ownA, wholeA } = this.#shown.get(zone.id) ?? {};
      const partsOn = (phase: 0 | 1 | 2) => (ownA ? ownA[phase] + belowOn(phase) : belowOn(phase));
      // Once every zone below is heard again, the parts tell more.
      const togetherA = below.isSilent[z] ? wholeA : undefined;
      return triple((phase) => Math.max(backgroundOn(phase), partsOn(phase), togetherA?.[phase] ?? 0));
    }
    if (!hasInnerMeter(zone, nowMs)) {
      this.#shown.set(zone.id, { ownA: triple(besideOn) });
      return triple((phase) => besideOn(phase) + belowOn(phase));
    }
    const wholeA = triple(backgroundOn);
    const shown = below.isSilent[z] ? { ...this.#shown.get(zone.id), wholeA } : { ownA: triple(besideOn) };
    this.#shown.set(zone.id, shown);
    return wholeA;
  }
}

/** The phases of a silent zone on which something rises that does not fit beside its load. */
function overRaised(totals: ZoneTotals, z: number, loadA: Triple): GuardViolation[] {
  const zone = totals.zones[z]!;
  return PHASES.flatMap((phase): GuardViolation[] => {
    const limitA = totals.limitA[at(z, phase)]! - onPhase(zone.headroomA, phase, 0);
    const sumA = totals.reservedA[at(z, phase)]! + loadA[phase];
    if (!totals.raised[at(z, phase)] || sumA <= limitA + APART_A) return [];
    return [{ zone: zone.id, phase: rowName(phase), limitA, sumA, kind: "increase" }];
  });
}

function triple(on: (phase: 0 | 1 | 2) => number): Triple {
  return [on(0), on(1), on(2)];
}
