import { createSetpointBoard, type SetpointBoard } from "../lib/dlm/board.ts";
import { DecisionLog } from "../lib/dlm/decision-log/decision-log.ts";
import { type CycleDecision, createDlmRuntime } from "../lib/dlm/runtime/runtime.ts";
import { checkPlant } from "../lib/dlm/topology/checks/lint.ts";
import type { PlantTree } from "../lib/dlm/topology/plant.ts";
import { historyValues } from "../lib/overview/load-history.ts";
import { overviewOf } from "../lib/overview/view.ts";
import { Stations } from "../lib/station/connection/stations.ts";
import { openStore } from "../lib/store/sqlite.ts";
import type { JsonValue, Triple } from "../lib/units.ts";
import { CONFIG } from "../test/building/building.ts";
import { charger, factsOf, METER, measurement, zone } from "../test/building/plant.ts";
import { FakeClock } from "../test/fake-clock.ts";
import { type BenchFigure, median } from "./figure.ts";

const SMALL = 2500;
const LARGE = 10_000;
const CARS_PER_LEAF = 5;
const LEAVES_PER_FLOOR = 20;
const WARM_UP_CYCLES = 6;
const CYCLES = 11;
const CYCLE_MS = 5000;

interface Measured {
  checkMs: number;
  cycleMs: number;
  historyMs: number;
}

/** Three levels of zones: a root with a meter, floors, leaves of five connectors. */
function garage(count: number): { tree: PlantTree; checkMs: number } {
  const leaves = Math.ceil(count / CARS_PER_LEAF);
  const floors = Math.ceil(leaves / LEAVES_PER_FLOOR);
  const limitA: Triple = [10 * count, 10 * count, 10 * count];
  const zones = [
    zone("main", { limitA, meters: [METER] }),
    ...Array.from({ length: floors }, (_, i) => zone(`f${i}`, { parentNodeId: "main", limitA: [700, 700, 700] })),
    ...Array.from({ length: leaves }, (_, i) =>
      zone(`z${i}`, { parentNodeId: `f${i % floors}`, limitA: [60, 60, 60] }),
    ),
  ];
  const chargePoints = Array.from({ length: count }, (_, i) => charger(`CP${i}`, `z${i % leaves}`));
  const site = { voltageV: 230, country: "DE" };
  const startMs = performance.now();
  const { tree, findings } = checkPlant({
    site,
    zones,
    chargePoints,
    producedMeters: ["grid"],
    rootDlm: [{ nodeId: "dlm", zoneNodeId: "main" }],
  });
  if (!tree) throw new Error(findings[0]?.text);
  return { tree, checkMs: performance.now() - startMs };
}

/** Everything that an ev-dlm does in a cycle: facts, samples, controller, guard, words, messages, history and recorder. */
function measure(count: number): Measured {
  const { tree, checkMs } = garage(count);
  const clock = new FakeClock();
  const board = createSetpointBoard();
  const documents = new Map<string, string>();
  const diary = new DecisionLog(clock, {
    save: (key, value) => documents.set(key, JSON.stringify(value)),
    load: (key) => (documents.has(key) ? (JSON.parse(documents.get(key)!) as JsonValue) : undefined),
  });
  const drawn = (id: string) => board.get(id)?.limitA ?? 0;
  const ignore = () => {};
  let last: CycleDecision | null = null;
  const runtime = createDlmRuntime({
    root: "main",
    clock,
    plant: () => tree,
    facts: (nowMs) =>
      tree.connectors.map(({ id, chargePoint, wiring }) => {
        const measuredA = [drawn(id), drawn(id), drawn(id)];
        return factsOf(chargePoint, { state: "charging", measuredA, measuredAtMs: nowMs }, wiring);
      }),
    board,
    config: CONFIG,
    output: {
      allocation: ignore,
      zone: ignore,
      alarm: ignore,
      state: ignore,
      newest: ignore,
      status: ignore,
      log: ignore,
      decided: (decision) => {
        diary.decided(decision);
        last = decision;
      },
    },
  });
  runtime.start();
  const cyclesMs: number[] = [];
  for (let cycle = 0; cycle < WARM_UP_CYCLES + CYCLES; cycle++) {
    runtime.input(measurement([2 * count, 2 * count, 2 * count]));
    const startMs = performance.now();
    clock.advance(CYCLE_MS);
    if (cycle >= WARM_UP_CYCLES) cyclesMs.push(performance.now() - startMs);
  }
  runtime.close();
  const store = openStore(":memory:", { clock });
  const stations = new Stations({ store, clock });
  const historyMs = median(Array.from({ length: CYCLES }, () => noteHistory(tree, last!, board, stations)));
  stations.close();
  store.close();
  return { checkMs, cycleMs: median(cyclesMs), historyMs };
}

/** What an ev-dlm does beside that every ten seconds: the overview, and from it what the pages of the past keep. @returns ms */
function noteHistory(tree: PlantTree, decision: CycleDecision, board: SetpointBoard, stations: Stations): number {
  const site = {
    stations,
    plant: { tree, findings: [], errors: [] },
    board,
    limiter: { view: () => null },
    alarms: { list: { list: () => [] } },
    decisions: new Map([["dlm", decision]]),
    language: "en-US",
  } as const;
  const none = { sites: [], readings: new Map(), meters: new Map(), foreignMeters: new Set<string>() };
  const startMs = performance.now();
  const around = { ...none, nowMs: decision.moment.nowMs, backEnds: [], exposed: [] };
  historyValues({ overview: overviewOf(site, around), decision, voltageV: 230, language: "en-US", timeZone: "" });
  return performance.now() - startMs;
}

/** A whole cycle of load management, the history that it keeps now and then, and the check of a deploy, at 10,000 connectors beside 2,500: neither may grow faster than they do. */
export async function bench(): Promise<BenchFigure[]> {
  measure(SMALL);
  const small = measure(SMALL);
  const large = measure(LARGE);
  const figure = (name: string, value: number, baseline: number, aim: string): BenchFigure => ({
    name,
    value,
    unit: "ms",
    baseline,
    ratio: value / baseline,
    aim,
    detail: { baseline: "the same with 2,500 connectors" },
  });
  return [
    figure("whole cycle of ev-dlm, 10,000 connectors", large.cycleMs, small.cycleMs, "at most 6 times, and 120 ms"),
    figure("history of the dashboards, 10,000 connectors", large.historyMs, small.historyMs, "at most 10 times"),
    figure("check of a deploy, 10,000 connectors", large.checkMs, small.checkMs, "at most 6 times"),
  ];
}
