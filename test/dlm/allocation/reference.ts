import { ALLOCATION_DEFAULTS, type AllocationInput, type Connector, type Zone } from "../../../lib/dlm/types.ts";

/** A limit: the sum of coefficient × current over its connectors may not exceed `capacityA` (negative when overdrawn). */
export interface ReferenceRow {
  kind: "zone" | "power" | "pv";
  capacityA: number;
  coefficient: Map<string, number>;
}

export interface ReferenceCar {
  id: string;
  connector: Connector;
  phases: number[];
  phaseCount: number;
  minA: number;
  maxA: number;
  weight: number;
  reservedA: number;
  role: "requesting" | "idle" | "none";
}

/** A slow and simple reading of an input, made of lists and names, that shares nothing with the allocator. */
export interface Reference {
  cars: ReferenceCar[];
  rows: ReferenceRow[];
  imbalances: { limitA: number; backgroundA: number[]; below: Set<string> }[];
  config: typeof ALLOCATION_DEFAULTS;
}

const EPSILON = 1e-7;
const at = (value: number | readonly number[] | undefined, phase: number): number =>
  value === undefined ? 0 : typeof value === "number" ? value : value[phase]!;

export function readReference(input: AllocationInput): Reference {
  const config = { ...ALLOCATION_DEFAULTS, ...input.config };
  const zoneById = new Map(input.zones.map((zone) => [zone.id, zone]));
  const pathOf = (id: string | null): Zone[] => {
    const zone = id === null ? undefined : zoneById.get(id);
    return zone === undefined ? [] : [zone, ...pathOf(zone.parent)];
  };
  const isBelow = (connector: Connector, zone: Zone) => pathOf(connector.zone).includes(zone);
  const staleOf = (zone: Zone) =>
    (zone.meters ?? []).filter((meter) => meter.currentA === null || meter.ageS > (meter.staleAfterS ?? 30));

  const toCar = (connector: Connector): ReferenceCar => {
    const offline = connector.state === "offline";
    const wired = [1, 2, 3].slice(0, connector.phases ?? 3);
    const terminals = offline ? wired : (connector.detectedPhases ?? wired);
    const rotation = connector.rotation ?? "RST";
    const phases = rotation === "Unknown" ? [0, 1, 2] : terminals.map((t) => "RST".indexOf(rotation[t - 1]!));
    const minA = connector.minA ?? (terminals.length === 1 ? config.minA1p : config.minA3p);
    const path = pathOf(connector.zone);
    const failSafe = path.some((zone) => staleOf(zone).some((meter) => meter.onStale !== "fallbackLoad"));
    const named = path.flatMap((zone) => zone.failSafeA ?? []);
    const failSafeA = named.length > 0 ? Math.min(...named) : config.failSafeA;
    const maxA = Math.min(
      connector.maxA ?? 32,
      connector.externalLimitA ?? Number.POSITIVE_INFINITY,
      Math.max(connector.demandCapA ?? Number.POSITIVE_INFINITY, minA),
      failSafe ? failSafeA : Number.POSITIVE_INFINITY,
    );
    const idle = connector.state === "idle";
    const silent = offline || connector.reservedA !== undefined || connector.state === "available";
    return {
      id: connector.id,
      connector,
      phases,
      phaseCount: terminals.length,
      minA,
      maxA,
      weight: (connector.weight ?? 1) / (config.fairness === "power" ? terminals.length : 1),
      reservedA: Math.max(connector.reservedA ?? 0, offline ? (connector.disconnectedA ?? connector.maxA ?? 32) : 0),
      role: silent || connector.mode === "off" ? "none" : idle ? "idle" : "requesting",
    };
  };

  const measuredOn = (connector: Connector, phase: number): number => {
    if (connector.state === "offline" || connector.measuredA === undefined) return 0;
    const readings = [0, 1, 2].map((terminal) => connector.measuredA![terminal] ?? 0);
    const rotation = connector.rotation ?? "RST";
    return rotation === "Unknown" ? Math.min(...readings) : readings[rotation.indexOf("RST"[phase]!)]!;
  };

  const backgroundOf = (zone: Zone, phase: number): number => {
    const stale = staleOf(zone);
    const below = input.connectors.filter((connector) => isBelow(connector, zone));
    const drawnA = below.reduce((sum, connector) => sum + measuredOn(connector, phase), 0);
    let loadA = 0;
    let measured = false;
    for (const meter of zone.meters ?? []) {
      const isStale = stale.includes(meter);
      if (isStale && meter.onStale !== "fallbackLoad") continue;
      loadA += isStale ? at(meter.fallbackA, phase) : (meter.currentA![phase] ?? 0);
      if (meter.location !== "including") continue;
      measured = true;
      if (!isStale) loadA -= drawnA;
    }
    if (!measured) {
      loadA += at(zone.assumedLoadA, phase);
      for (const child of input.zones) if (child.parent === zone.id) loadA += backgroundOf(child, phase);
    }
    return config.creditGeneration ? loadA : Math.max(0, loadA);
  };

  const cars = input.connectors.map(toCar).sort((a, b) => {
    const key = ({ connector }: ReferenceCar) => [
      connector.priorityClass ?? 1,
      (connector.incumbent ?? (connector.state ?? "charging") === "charging") ? 0 : 1,
      config.shedding === "fifo"
        ? 0
        : ((config.shedding === "duration" ? connector.chargingS : connector.energyWh) ?? 0),
      connector.arrivalS ?? 0,
    ];
    const keysOfB = key(b);
    for (const [i, value] of key(a).entries()) if (value !== keysOfB[i]) return value - keysOfB[i]!;
    return a.id < b.id ? -1 : 1;
  });
  const rows: ReferenceRow[] = [];
  const addRow = (kind: ReferenceRow["kind"], capacityA: number, members: ReferenceCar[]): void => {
    const coefficient = new Map(members.map((car) => [car.id, kind === "zone" ? 1 : car.phaseCount]));
    const reservedA = members.reduce((sum, car) => sum + coefficient.get(car.id)! * car.reservedA, 0);
    rows.push({ kind, capacityA: Math.max(0, capacityA) - reservedA, coefficient });
  };
  const imbalances: Reference["imbalances"] = [];
  for (const zone of input.zones) {
    const below = cars.filter((car) => isBelow(car.connector, zone));
    const backgroundA = [0, 1, 2].map((phase) => backgroundOf(zone, phase));
    const totalA = backgroundA.reduce((sum, value) => sum + value, 0);
    const grid = zone.gridLimit;
    for (let phase = 0; phase < 3; phase++) {
      const on = below.filter((car) => car.phases.includes(phase));
      const takenA = at(zone.headroomA, phase) + backgroundA[phase]!;
      addRow("zone", Math.min(at(zone.limitA, phase), at(zone.operatorLimitA ?? zone.limitA, phase)) - takenA, on);
      if (grid?.currentA !== undefined) addRow("zone", grid.currentA - (grid.scope === "total" ? takenA : 0), on);
    }
    if (zone.maxPowerW !== undefined) addRow("power", zone.maxPowerW / config.voltageV - totalA, below);
    if (grid?.powerW !== undefined) {
      const allowedA = (grid.powerW + (grid.creditW ?? 0)) / config.voltageV;
      addRow("power", allowedA - (grid.scope === "total" ? totalA : 0), below);
    }
    if (zone.imbalanceA !== undefined) {
      imbalances.push({ limitA: zone.imbalanceA, backgroundA, below: new Set(below.map((car) => car.id)) });
    }
  }
  const onSurplus = cars.filter(
    ({ connector: { mode, state } }) => (mode === "pv" || mode === "minpv") && state !== "offline",
  );
  addRow("pv", (input.pv?.surplusW ?? 0) / config.voltageV, onSurplus);
  return { cars, rows, imbalances, config };
}

/** Load of a row under the given currents. */
export function loadOf(row: ReferenceRow, currentA: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [id, coefficient] of row.coefficient) sum += coefficient * (currentA.get(id) ?? 0);
  return sum;
}

/** Whether some phase with unbalanced current exceeds the least loaded one by more than the zone's limit. */
export function isUnbalanced({ cars, imbalances }: Reference, currentA: ReadonlyMap<string, number>): boolean {
  return imbalances.some(({ limitA, backgroundA, below }) => {
    const members = cars.filter((car) => below.has(car.id));
    const onPhase = (phase: number) => members.filter((car) => car.phases.includes(phase));
    const loadA = backgroundA.map((background, phase) =>
      onPhase(phase).reduce((sum, car) => sum + (currentA.get(car.id) ?? 0) + car.reservedA, background),
    );
    const leastA = Math.min(...loadA);
    return loadA.some((load, phase) => {
      const carries = onPhase(phase).some((car) => car.phases.length < 3 && (currentA.get(car.id) ?? 0) > 0);
      return carries && load > leastA + limitA + 1e-6;
    });
  });
}

/** Exact currents for an input without imbalance limits: greedy minimums, then a fill that looks for its level by bisection. */
export function solveReference(reference: Reference): Map<string, number> {
  const { cars, rows, config } = reference;
  const currentA = new Map<string, number>();
  const fits = () =>
    rows.every((row) => loadOf(row, currentA) <= row.capacityA + EPSILON || loadOf(row, currentA) === 0);
  const pv = rows.find((row) => row.kind === "pv")!;
  const activate = (car: ReferenceCar): void => {
    if (car.maxA < car.minA - EPSILON) return;
    const guarded = pv.capacityA;
    currentA.set(car.id, car.minA);
    if (car.connector.mode === "minpv") pv.capacityA = Math.max(pv.capacityA, loadOf(pv, currentA));
    if (fits()) return;
    currentA.delete(car.id);
    pv.capacityA = guarded;
  };
  const classes = [...new Set(cars.map((car) => car.connector.priorityClass ?? 1))];
  const requesting = (priorityClass: number) =>
    cars.filter((car) => car.role === "requesting" && (car.connector.priorityClass ?? 1) === priorityClass);
  if (config.priorityPolicy === "minFirst") for (const number of classes) requesting(number).forEach(activate);
  for (const number of classes) {
    if (config.priorityPolicy === "strict") requesting(number).forEach(activate);
    fillByBisection(rows, requesting(number), currentA);
  }
  if (config.idlePolicy === "minIfSpare") cars.filter((car) => car.role === "idle").forEach(activate);
  return currentA;
}

function fillByBisection(rows: ReferenceRow[], members: ReferenceCar[], currentA: Map<string, number>): void {
  let open = members.filter((car) => currentA.has(car.id));
  const set = (level: number): void => {
    for (const car of open) currentA.set(car.id, Math.max(car.minA, Math.min(car.maxA, car.weight * level)));
  };
  const touching = rows.filter((row) => open.some((car) => row.coefficient.has(car.id)));
  const fits = () => touching.every((row) => loadOf(row, currentA) <= row.capacityA + 1e-10);
  while (open.length > 0) {
    let low = 0;
    let high = Math.max(...open.map((car) => car.maxA / car.weight));
    set(high);
    if (!fits()) {
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2;
        set(middle);
        if (fits()) low = middle;
        else high = middle;
      }
      set(low);
    }
    const before = open.length;
    const full = touching.filter((row) => loadOf(row, currentA) >= row.capacityA - 1e-8);
    open = open.filter(
      (car) => currentA.get(car.id)! < car.maxA - 1e-9 && !full.some((row) => row.coefficient.has(car.id)),
    );
    if (open.length === before) return;
  }
}
