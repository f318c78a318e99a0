import type { AllocationConfig, Connector, Rotation } from "./types.ts";
import { reject } from "./validate.ts";

/** What a connector is to the allocator. */
export const ROLE = { requesting: 0, idle: 1, off: 2, available: 3, offline: 4, uncontrollable: 5 } as const;

/** Its relation to the PV row: none, must fit the surplus, or may exceed it with its minimum. */
export const PV_MODE = { none: 0, pv: 1, minpv: 2 } as const;

/** Connectors as columns, in activation order. Bit p of a phase mask is site phase p (0 = L1). */
export interface Cars {
  readonly count: number;
  readonly ids: readonly string[];
  readonly role: Uint8Array;
  readonly pvMode: Uint8Array;
  readonly priorityClass: Float64Array;
  /** Site phases it loads. */
  readonly phaseMask: Uint8Array;
  /** Number of terminals that carry its power. */
  readonly phaseCount: Uint8Array;
  /** Smallest and largest current it may be given, A; it gets nothing while the largest is below the smallest. */
  readonly minA: Float64Array;
  readonly maxA: Float64Array;
  /** Its current is `weight` times the common level (already divided by the phases when power is to be fair). */
  readonly weight: Float64Array;
  /** Load that nothing decided here can change, A per phase of the mask: offline or not controllable. */
  readonly reservedA: Float64Array;
}

const ALL_PHASES = 7;
const TERMINALS = [0, 1, 2];
const WIRED_MASK = [0, 1, 3, 7];
const BITS = [0, 1, 1, 2, 1, 2, 2, 3];

/** Site phase of each terminal; null for an unknown rotation. */
function sitePhases(rotation: Rotation): readonly number[] | null {
  return rotation === "Unknown" ? null : [...rotation].map((letter) => "RST".indexOf(letter));
}

function maskTable(rotation: Rotation, itNetwork: boolean): Uint8Array {
  const phases = sitePhases(rotation);
  return Uint8Array.from({ length: 8 }, (_, terminals) => {
    if (phases === null) return ALL_PHASES;
    let mask = 0;
    for (const terminal of TERMINALS) {
      if (((terminals >> terminal) & 1) === 0) continue;
      mask |= 1 << phases[terminal]!;
      // Without a neutral a single-phase car sits between two lines.
      if (itNetwork && BITS[terminals] === 1) mask |= 1 << phases[(terminal + 1) % 3]!;
    }
    return mask;
  });
}

const ALL_ROTATIONS: readonly Rotation[] = ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"];
const maskTables = (itNetwork: boolean) =>
  new Map(ALL_ROTATIONS.map((rotation) => [rotation, maskTable(rotation, itNetwork)]));
const EARTHED = maskTables(false);
const UNEARTHED = maskTables(true);
const SITE_PHASES = new Map(ALL_ROTATIONS.map((rotation) => [rotation, sitePhases(rotation)]));

/** Mask of the terminals that count: those detected, else all wired ones; offline, whatever is wired may draw. */
function terminalMask(connector: Connector): number {
  const detected = connector.detectedPhases;
  if (detected !== undefined && detected.length > 0 && connector.state !== "offline") {
    let mask = 0;
    for (const terminal of detected) mask |= 1 << (terminal - 1);
    return mask;
  }
  return WIRED_MASK[connector.phases ?? 3]!;
}

/**
 * Reads the connectors into columns.
 * @param order activation order, as indices into `connectors`
 * @param failSafeA what holds for each connector's zone, A; Infinity where no meter on its path is stale
 * @throws RangeError naming the path of a duplicate id
 */
export function readCars(
  connectors: readonly Connector[],
  order: Uint32Array,
  config: AllocationConfig,
  failSafeA: (car: number) => number,
): Cars {
  const count = order.length;
  const cars = emptyCars(count);
  const tables = config.itNetwork ? UNEARTHED : EARTHED;
  for (let car = 0; car < count; car++) {
    const connector = connectors[order[car]!]!;
    const terminals = terminalMask(connector);
    const phaseCount = BITS[terminals]!;
    const minA = connector.minA ?? (phaseCount === 1 ? config.minA1p : config.minA3p);
    cars.ids[car] = connector.id;
    cars.phaseMask[car] = tables.get(connector.rotation ?? "RST")![terminals]!;
    cars.phaseCount[car] = phaseCount;
    cars.minA[car] = minA;
    cars.maxA[car] = Math.min(largestA(connector, minA), failSafeA(car));
    cars.priorityClass[car] = connector.priorityClass ?? 1;
    cars.weight[car] = (connector.weight ?? 1) / (config.fairness === "power" ? phaseCount : 1);
    cars.reservedA[car] = reservedA(connector);
    cars.role[car] = roleOf(connector);
    cars.pvMode[car] = connector.mode === "pv" ? PV_MODE.pv : connector.mode === "minpv" ? PV_MODE.minpv : PV_MODE.none;
  }
  checkUnique(cars.ids, order);
  return cars;
}

function emptyCars(count: number) {
  return {
    count,
    ids: new Array<string>(count),
    role: new Uint8Array(count),
    pvMode: new Uint8Array(count),
    priorityClass: new Float64Array(count),
    phaseMask: new Uint8Array(count),
    phaseCount: new Uint8Array(count),
    minA: new Float64Array(count),
    maxA: new Float64Array(count),
    weight: new Float64Array(count),
    reservedA: new Float64Array(count),
  };
}

function checkUnique(ids: readonly string[], order: Uint32Array): void {
  const seen = new Set<string>();
  for (let car = 0; car < ids.length; car++) {
    seen.add(ids[car]!);
    if (seen.size <= car) reject(`connectors[${order[car]}].id`, "unique", ids[car]);
  }
}

function largestA(connector: Connector, minA: number): number {
  let limitA = connector.maxA ?? 32;
  if (connector.externalLimitA !== undefined) limitA = Math.min(limitA, connector.externalLimitA);
  if (connector.demandCapA !== undefined) limitA = Math.min(limitA, Math.max(connector.demandCapA, minA));
  return limitA;
}

/** Offline and uncontrollable at once reserves the larger: the safe side. */
function reservedA(connector: Connector): number {
  const measuredA = connector.reservedA ?? 0;
  if (connector.state !== "offline") return measuredA;
  return Math.max(measuredA, connector.disconnectedA ?? connector.maxA ?? 32);
}

function roleOf(connector: Connector): number {
  if (connector.state === "offline") return ROLE.offline;
  if (connector.reservedA !== undefined) return ROLE.uncontrollable;
  if (connector.mode === "off") return ROLE.off;
  if (connector.state === "available") return ROLE.available;
  return connector.state === "idle" ? ROLE.idle : ROLE.requesting;
}

/**
 * Adds what a connector is measured to draw to `sumA[first]`…`sumA[first + 2]` (L1…L3), as an including meter sees it:
 * nothing while offline, nothing for a terminal without a reading, and with an unknown rotation on each phase only the
 * smallest terminal current.
 */
export function addMeasured(connector: Connector, itNetwork: boolean, sumA: Float64Array, first: number): void {
  const measured = connector.measuredA;
  if (measured === undefined || connector.state === "offline") return;
  const phases = SITE_PHASES.get(connector.rotation ?? "RST")!;
  if (phases === null) {
    const smallest = Math.min(measured[0] ?? 0, measured[1] ?? 0, measured[2] ?? 0);
    for (const phase of TERMINALS) sumA[first + phase]! += smallest;
    return;
  }
  const betweenLines = itNetwork && BITS[terminalMask(connector)] === 1;
  for (let terminal = 0; terminal < measured.length; terminal++) {
    const current = measured[terminal] ?? 0;
    sumA[first + phases[terminal]!]! += current;
    if (betweenLines) sumA[first + phases[(terminal + 1) % 3]!]! += current;
  }
}
