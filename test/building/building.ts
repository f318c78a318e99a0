import { createSetpointBoard } from "../../lib/dlm/board.ts";
import {
  createDlmRuntime,
  type Decision,
  type DlmConfig,
  type DlmRuntime,
  type DlmStatus,
} from "../../lib/dlm/runtime/runtime.ts";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import type { PlantTree } from "../../lib/dlm/topology/plant.ts";
import { terminalPhases } from "../../lib/dlm/topology/wiring.ts";
import type { AlarmMessage, AllocationMessage, ZoneMessage } from "../../lib/messages.ts";
import type { JsonValue, Triple } from "../../lib/units.ts";
import { FakeClock } from "../fake-clock.ts";
import { factsOf, measurement } from "./plant.ts";

export const CONFIG: DlmConfig = {
  cycleS: 5,
  shedding: "fifo",
  priorityPolicy: "minFirst",
  idlePolicy: "minIfSpare",
  fairness: "current",
  rampUpAps: 0.5,
  rotationS: 900,
};

interface Car {
  state: ConnectorFacts["state"];
  /** What it would draw, A. */
  wantsA: number;
  /** How long it takes to follow a setpoint, ms. */
  delayMs: number;
  reportEveryS: number;
  drawA: number;
  commands: { atMs: number; limitA: number }[];
  reported: { measuredA: number[]; atMs: number } | null;
}

/** A building on a fake clock: cars that obey the board after a delay and report now and then, and a meter that sees everything each second. */
export class Building {
  readonly clock = new FakeClock();
  readonly board = createSetpointBoard();
  readonly allocations: AllocationMessage[] = [];
  readonly zones: ZoneMessage[] = [];
  readonly alarms: AlarmMessage[] = [];
  readonly logs: string[] = [];
  readonly cars = new Map<string, Car>();
  status: DlmStatus | null = null;
  saved: JsonValue | undefined;
  tree: PlantTree | null;
  refusal: string | null = null;
  houseA: Triple = [0, 0, 0];
  meterAlive = true;
  /** Load on each phase, A. */
  loadA: Triple = [0, 0, 0];
  /** Sees every decision. */
  decided: ((decision: Decision) => void) | null = null;
  runtime: DlmRuntime;
  #config: DlmConfig;

  constructor(tree: PlantTree | null, config: Partial<DlmConfig> = {}, saved?: JsonValue) {
    this.tree = tree;
    this.#config = { ...CONFIG, ...config };
    for (const { id } of tree?.connectors ?? []) this.cars.set(id, newCar());
    this.runtime = this.create(saved);
  }

  create(saved?: JsonValue, root = "main"): DlmRuntime {
    return createDlmRuntime({
      root,
      clock: this.clock,
      plant: () => this.tree,
      refusal: () => this.refusal,
      facts: () => this.facts(),
      board: this.board,
      saved,
      config: this.#config,
      output: {
        allocation: (message) => this.allocations.push(message),
        zone: (message) => this.zones.push(message),
        alarm: (message) => this.alarms.push(message),
        state: (state) => {
          this.saved = state;
        },
        status: (status) => {
          this.status = status;
        },
        log: (text) => this.logs.push(text),
        decided: (decision) => this.decided?.(decision),
      },
    });
  }

  facts(): ConnectorFacts[] {
    return [...this.cars].map(([id, { state, reported }]) => {
      const wiring = this.tree?.connectors.find((connector) => connector.id === id)?.wiring;
      const measured = state === "offline" ? null : reported;
      return factsOf(
        id.split("/")[0]!,
        { state, measuredA: measured?.measuredA ?? null, measuredAtMs: measured?.atMs ?? null },
        wiring ?? {},
      );
    });
  }

  /** Runs for so many seconds; each second the cars move, report when due, and the meter speaks. `look` sees the load of each second. */
  run(seconds: number, look: () => void = () => {}): void {
    for (let second = 0; second < seconds; second++) {
      this.#moveCars();
      if (this.meterAlive) this.runtime.input(measurement(this.loadA));
      this.clock.advance(1000);
      look();
    }
  }

  limit(id: string): number | undefined {
    return this.board.get(id)?.limitA;
  }

  last(id: string): AllocationMessage {
    return this.allocations.findLast(({ topic }) => topic === `alloc/${id}`)!;
  }

  #moveCars(): void {
    const nowMs = this.clock.nowMs();
    this.loadA = [...this.houseA];
    for (const [id, car] of this.cars) {
      car.commands.push({ atMs: nowMs, limitA: this.limit(id) ?? 0 });
      while (car.commands.length > 1 && car.commands[1]!.atMs <= nowMs - car.delayMs) car.commands.shift();
      const obeysA = car.commands[0]!.atMs <= nowMs - car.delayMs ? car.commands[0]!.limitA : car.drawA;
      car.drawA = car.state === "charging" ? Math.min(car.wantsA, obeysA) : 0;
      const { phases, rotation } = this.tree?.connectors.find((connector) => connector.id === id)?.wiring ?? {
        phases: 3 as const,
        rotation: "RST" as const,
      };
      for (const phase of terminalPhases(phases, rotation) ?? [0, 1, 2]) this.loadA[phase as 0 | 1 | 2] += car.drawA;
      const due = !car.reported || nowMs - car.reported.atMs >= car.reportEveryS * 1000;
      if (due) car.reported = { measuredA: Array.from({ length: phases }, () => car.drawA), atMs: nowMs };
    }
  }
}

function newCar(): Car {
  return { state: "charging", wantsA: 32, delayMs: 1000, reportEveryS: 1, drawA: 0, commands: [], reported: null };
}
