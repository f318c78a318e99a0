import type { AllocationConfig, Connector, Rotation } from "../types.ts";

/** What a connector is to the allocator. */
export const ROLE = { requesting: 0, idle: 1, off: 2, available: 3, offline: 4, uncontrollable: 5 } as const;

/** Its relation to the PV row: none, must fit the surplus, or may exceed it with its minimum. */
export const PV_MODE = { none: 0, pv: 1, minpv: 2 } as const;

/** A connector in which a value that is not given may be there and undefined. */
export type AllocationConnector = { [K in keyof Connector]: Connector[K] | undefined } & Pick<Connector, "id">;

/** Connectors as columns. Bit p of a phase mask is site phase p (0 = L1). */
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
  /** What it takes when it is left alone, A per phase of the mask; 0 = it falls back by itself. */
  readonly aloneA: Float64Array;
  /** What it is measured to draw, A at connector × 3 + site phase, as far as an including meter's reading holds it. */
  readonly measuredA: Float64Array;
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

interface WiringTable {
  /** Site phase of each terminal; null for an unknown rotation. */
  readonly phases: readonly number[] | null;
  /** Mask of site phases for each mask of terminals. */
  readonly masks: Uint8Array;
}

function wiringTables(itNetwork: boolean): Record<Rotation, WiringTable> {
  const table = (rotation: Rotation) => ({ phases: sitePhases(rotation), masks: maskTable(rotation, itNetwork) });
  return {
    RST: table("RST"),
    STR: table("STR"),
    TRS: table("TRS"),
    RTS: table("RTS"),
    SRT: table("SRT"),
    TSR: table("TSR"),
    Unknown: table("Unknown"),
  };
}

const EARTHED = wiringTables(false);
const UNEARTHED = wiringTables(true);

/** Mask of the terminals that count: those detected, else all wired ones; offline, whatever is wired may draw. */
function terminalMask(connector: AllocationConnector): number {
  const detected = connector.detectedPhases;
  if (detected !== undefined && detected.length > 0 && connector.state !== "offline") {
    let mask = 0;
    for (const terminal of detected) mask |= 1 << (terminal - 1);
    return mask;
  }
  return WIRED_MASK[connector.phases ?? 3]!;
}

/**
 * Reads connectors into columns; `maxA` is then without any fail-safe.
 * @param order of the columns, as indices into `connectors`
 */
export function readCars(
  connectors: readonly AllocationConnector[],
  order: readonly number[],
  config: AllocationConfig,
): Cars {
  const cars = emptyCars(connectors.length);
  const tables = config.itNetwork ? UNEARTHED : EARTHED;
  const place = new Uint32Array(order.length);
  for (let car = 0; car < order.length; car++) place[order[car]!] = car;
  // In the order of the input: that is how connectors lie in memory, as a rule.
  for (let number = 0; number < connectors.length; number++) {
    const connector = connectors[number]!;
    const car = place[number]!;
    const wiring = tables[connector.rotation ?? "RST"];
    const terminals = terminalMask(connector);
    const phaseCount = BITS[terminals]!;
    const minA = minimumA(connector, phaseCount, config);
    cars.ids[car] = connector.id;
    cars.phaseMask[car] = wiring.masks[terminals]!;
    cars.phaseCount[car] = phaseCount;
    cars.minA[car] = minA;
    cars.maxA[car] = largestA(connector, minA);
    cars.priorityClass[car] = connector.priorityClass ?? 1;
    cars.weight[car] = (connector.weight ?? 1) / (config.fairness === "power" ? phaseCount : 1);
    cars.reservedA[car] = reservedA(connector);
    if (connector.aloneA !== undefined) cars.aloneA[car] = connector.aloneA;
    cars.role[car] = roleOf(connector);
    if (connector.mode === "pv" || connector.mode === "minpv") cars.pvMode[car] = PV_MODE[connector.mode];
    if (connector.measuredA !== undefined && connector.state !== "offline") {
      const betweenLines = config.itNetwork && phaseCount === 1;
      readMeasured(connector.measuredA, wiring.phases, betweenLines, cars.measuredA, 3 * car);
    }
  }
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
    aloneA: new Float64Array(count),
    measuredA: new Float64Array(3 * count),
  };
}

/** The least current that a connector may be given while it loads so many phases, A. */
export function minimumA(
  { minA, minA3p }: Pick<AllocationConnector, "minA" | "minA3p">,
  phaseCount: number,
  config: Pick<AllocationConfig, "minA1p" | "minA3p">,
): number {
  return phaseCount === 1 ? (minA ?? config.minA1p) : (minA3p ?? minA ?? config.minA3p);
}

function largestA(connector: AllocationConnector, minA: number): number {
  let limitA = connector.maxA ?? 32;
  if (connector.externalLimitA !== undefined) limitA = Math.min(limitA, connector.externalLimitA);
  if (connector.demandCapA !== undefined) limitA = Math.min(limitA, Math.max(connector.demandCapA, minA));
  return limitA;
}

/** Offline and uncontrollable at once reserves the larger: the safe side. */
function reservedA(connector: AllocationConnector): number {
  const measuredA = connector.reservedA ?? 0;
  if (connector.state !== "offline") return measuredA;
  return Math.max(measuredA, connector.disconnectedA ?? connector.maxA ?? 32);
}

function roleOf(connector: AllocationConnector): number {
  if (connector.state === "offline") return ROLE.offline;
  if (connector.reservedA !== undefined) return ROLE.uncontrollable;
  if (connector.mode === "off") return ROLE.off;
  if (connector.state === "available") return ROLE.available;
  return connector.state === "idle" ? ROLE.idle : ROLE.requesting;
}

/**
 * Nothing is known of a terminal without a reading, so nothing is subtracted for it; with an unknown rotation each
 * phase holds for certain only the smallest terminal current.
 */
function readMeasured(
  measured: readonly (number | null)[],
  phases: readonly number[] | null,
  betweenLines: boolean,
  into: Float64Array,
  first: number,
): void {
  if (phases === null) {
    into.fill(Math.min(measured[0] ?? 0, measured[1] ?? 0, measured[2] ?? 0), first, first + 3);
    return;
  }
  for (let terminal = 0; terminal < measured.length; terminal++) {
    const currentA = measured[terminal] ?? 0;
    if (currentA === 0) continue;
    into[first + phases[terminal]!]! += currentA;
    if (betweenLines) into[first + phases[(terminal + 1) % 3]!]! += currentA;
  }
}

/** The connectors of one priority class: `first` … `last − 1`. */
export interface ClassRange {
  readonly first: number;
  readonly last: number;
}

/** The classes in the order in which they are served. As the activation order begins with the class, each is one range. */
export function classRanges({ count, priorityClass }: Cars): ClassRange[] {
  const ranges: ClassRange[] = [];
  for (let first = 0, last = 1; last <= count; last++) {
    if (last < count && priorityClass[last] === priorityClass[first]) continue;
    ranges.push({ first, last });
    first = last;
  }
  return ranges;
}
