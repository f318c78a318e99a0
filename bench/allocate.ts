import { allocate } from "../lib/dlm/allocation/allocate.ts";
import type { AllocationInput, Connector, Rotation, Zone } from "../lib/dlm/types.ts";
import { type BenchFigure, median } from "./figure.ts";

const ROTATIONS: readonly Rotation[] = ["RST", "STR", "TRS", "RTS", "SRT", "TSR"];
const CARS_PER_LEAF = 5;
const LEAVES_PER_FLOOR = 20;
const FLOORS_PER_BUILDING = 10;
const FLOOR_SIZE = 10_000;
/** So that the engine has compiled what it will. */
const WARM_UP_ROUNDS = 120;
const ROUNDS = 151;

/** A repeatable sequence of numbers from 0 to 1 (a linear congruential generator). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/**
 * A site of four levels of zones (root with a meter, buildings, floors, leaves of five connectors), loaded so that
 * every level is short of current somewhere; rotations, phases, maximums, states and arrivals are mixed.
 */
export function site(connectorCount: number, options: { weights: boolean } = { weights: false }): AllocationInput {
  const random = sequence(1);
  const connectors: Connector[] = [];
  const zones: Zone[] = [];
  const leafCount = Math.ceil(connectorCount / CARS_PER_LEAF);
  const floorCount = Math.ceil(leafCount / LEAVES_PER_FLOOR);
  const buildingCount = Math.ceil(floorCount / FLOORS_PER_BUILDING);
  zones.push({
    id: "root",
    parent: null,
    limitA: 10 * connectorCount,
    headroomA: 10,
    meters: [rootMeter(connectorCount)],
  });
  for (let i = 0; i < buildingCount; i++) zones.push(zone(`b${i}`, "root", 5000 + 4000 * random()));
  for (let i = 0; i < floorCount; i++) zones.push(zone(`f${i}`, `b${i % buildingCount}`, 450 + 600 * random()));
  for (let i = 0; i < leafCount; i++) zones.push(zone(`z${i}`, `f${i % floorCount}`, 25 + 60 * random()));
  for (let i = 0; i < connectorCount; i++) {
    const connector = car(i, `z${Math.floor(random() * leafCount)}`, random);
    connectors.push(options.weights ? { ...connector, weight: 0.5 + random() } : connector);
  }
  return { zones, connectors };
}

function zone(id: string, parent: string, limitA: number): Zone {
  return { id, parent, limitA: Math.round(limitA) };
}

function rootMeter(connectorCount: number): NonNullable<Zone["meters"]>[number] {
  const currentA = [connectorCount * 2, connectorCount * 2.2, connectorCount * 1.8];
  return { id: "grid", location: "including", currentA, ageS: 1 };
}

function car(i: number, zoneId: string, random: () => number): Connector {
  const phases = random() < 0.6 ? 3 : 1;
  const currentA = random() < 0.5 ? 0 : 6;
  return {
    id: `CP${i}/1`,
    zone: zoneId,
    phases,
    rotation: ROTATIONS[Math.floor(random() * ROTATIONS.length)]!,
    maxA: random() < 0.5 ? 16 : 32,
    priorityClass: random() < 0.02 ? 0 : 1,
    state: random() < 0.05 ? "offline" : random() < 0.8 ? "charging" : "waiting",
    disconnectedA: 6,
    arrivalS: Math.floor(random() * 86400),
    measuredA: phases === 3 ? [currentA, currentA, currentA] : [currentA, 0, 0],
  };
}

/**
 * The floor: sort one number per connector, then one add per connector, phase and zone of a path of three zones; always
 * for 10,000 connectors. `typed` sorts a Float64Array, the quickest there is; the other a plain array with a comparator.
 */
function floorWork(typed: boolean): () => number {
  const random = sequence(2);
  const keys = Float64Array.from({ length: FLOOR_SIZE }, random);
  const plain = Array.from(keys);
  const path = Uint32Array.from({ length: FLOOR_SIZE * 9 }, () => Math.floor(random() * FLOOR_SIZE));
  const sums = new Float64Array(FLOOR_SIZE);
  return () => {
    const sorted = typed ? keys.slice().sort() : plain.slice().sort((a, b) => a - b);
    for (let i = 0; i < path.length; i++) sums[path[i]!]! += 1;
    return sorted[0]! + sums[0]!;
  };
}

function timeMs(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

interface Measured {
  valueMs: number;
  floorMs: number;
  plainFloorMs: number;
  /** Median of the ratios of the rounds: what slows a round down slows down both. */
  ratio: number;
}

/** Work and floors in turn, so that all see the same machine. */
function measure(input: AllocationInput): Measured {
  const [floor, plainFloor] = [floorWork(true), floorWork(false)];
  const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => ({
    floorMs: timeMs(floor),
    valueMs: timeMs(() => allocate(input)),
    plainFloorMs: timeMs(plainFloor),
  })).slice(WARM_UP_ROUNDS);
  return {
    valueMs: median(rounds.map(({ valueMs }) => valueMs)),
    floorMs: median(rounds.map(({ floorMs }) => floorMs)),
    plainFloorMs: median(rounds.map(({ plainFloorMs }) => plainFloorMs)),
    ratio: median(rounds.map(({ valueMs, floorMs }) => valueMs / floorMs)),
  };
}

function figure(name: string, { valueMs, floorMs, plainFloorMs, ratio }: Measured): BenchFigure {
  return {
    name,
    value: valueMs,
    unit: "ms",
    baseline: floorMs,
    ratio,
    aim: "at most 12 times the floor",
    detail: {
      floor: "sort a Float64Array of 10,000 keys, then 90,000 indexed adds",
      plainArrayFloorMs: plainFloorMs,
      plainArrayRatio: valueMs / plainFloorMs,
    },
  };
}

/** `allocate`, input checks included, at 1,000 and 10,000 connectors, and how it grows between the two. */
export async function bench(): Promise<BenchFigure[]> {
  const small = measure(site(1000));
  const large = measure(site(10_000));
  const weighted = measure(site(10_000, { weights: true }));
  return [
    figure("allocate, 1,000 connectors", small),
    figure("allocate, 10,000 connectors", large),
    figure("allocate, 10,000 connectors with random weights", weighted),
    {
      name: "allocate, growth from 1,000 to 10,000 connectors",
      value: large.valueMs,
      unit: "ms",
      baseline: small.valueMs,
      ratio: large.valueMs / small.valueMs,
      aim: "at most 14 times",
    },
  ];
}
