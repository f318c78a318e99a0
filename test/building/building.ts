import { createSetpointBoard } from "../../lib/dlm/board.ts";
import {
  type CycleDecision,
  createDlmRuntime,
  type DlmConfig,
  type DlmRuntime,
  type DlmStatus,
} from "../../lib/dlm/runtime/runtime.ts";
import type { ConnectorFacts, ConnectorWiring } from "../../lib/dlm/topology/facts.ts";
import type { PlantTree } from "../../lib/dlm/topology/plant.ts";
import type { AlarmMessage, AllocationMessage, ZoneMessage } from "../../lib/messages.ts";
import { SimulatedConnector } from "../../lib/simulator/charger/connector.ts";
import { Reaction } from "../../lib/simulator/charger/profiles/limit-compliance.ts";
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

/** The product's simulated outlet with its car, as a charger without OCPP has it: it follows the board after a while and reports now and then. */
export class OutletCar {
  state: ConnectorFacts["state"] = "charging";
  /** How long it takes to follow a setpoint, ms. */
  delayMs = 1000;
  reportEveryS = 1;
  /** It draws what it wants, whatever it is told. */
  ignoresLimits = false;
  reported: { measuredA: number[]; atMs: number } | null = null;
  readonly #outlet: SimulatedConnector;
  readonly #reaction = new Reaction();

  constructor({ phases = 3, rotation = "RST" }: Partial<ConnectorWiring> = {}) {
    const car = { phases: 3, wantA: 32, batteryWh: 1e9, wakeS: 0, overdraw: 1 } as const;
    this.#outlet = new SimulatedConnector({ phases, rotation, maxA: 32 }, car, 0);
    this.#outlet.plug(10);
  }

  /** What it would draw, A. */
  set wantsA(wantA: number) {
    this.#outlet.changeCar({ wantA });
  }

  /** How many phases its car uses. */
  set phases(phases: 1 | 2 | 3) {
    this.#outlet.changeCar({ phases });
  }

  get drawA(): number {
    return this.#outlet.terminalA[0];
  }

  get powerW(): number {
    return this.#outlet.powerW;
  }

  /** A per site phase. */
  get siteA(): Triple {
    return this.#outlet.siteA;
  }

  /** A second passes under a setpoint. */
  step(nowMs: number, setpointA: number): void {
    const limitA = this.#reaction.inForceA(nowMs, setpointA, this.delayMs / 1000);
    if (this.state !== "charging") this.#outlet.trip();
    this.#outlet.step(1, {
      limitA: this.ignoresLimits ? Number.POSITIVE_INFINITY : limitA,
      energised: this.state === "charging",
    });
    if (this.reported && nowMs - this.reported.atMs < this.reportEveryS * 1000) return;
    this.reported = { measuredA: this.#outlet.terminalA.slice(0, this.#outlet.wiring.phases), atMs: nowMs };
  }
}

/** A building on a fake clock: cars that obey the board after a delay and report now and then, and a meter that sees everything each second. */
export class Building {
  readonly clock = new FakeClock();
  readonly board = createSetpointBoard();
  readonly allocations: AllocationMessage[] = [];
  readonly zones: ZoneMessage[] = [];
  readonly alarms: AlarmMessage[] = [];
  readonly logs: string[] = [];
  readonly cars = new Map<string, OutletCar>();
  status: DlmStatus | null = null;
  saved: JsonValue | undefined;
  /** Of each state that was told, whether it is to be on the disk at once. */
  readonly kept: boolean[] = [];
  tree: PlantTree | null;
  refusal: string | null = null;
  houseA: Triple = [0, 0, 0];
  meterAlive = true;
  /** Load on each phase, A. */
  loadA: Triple = [0, 0, 0];
  /** Sees every decision. */
  decided: ((decision: CycleDecision) => void) | null = null;
  runtime: DlmRuntime;
  #config: DlmConfig;

  constructor(tree: PlantTree | null, config: Partial<DlmConfig> = {}, saved?: JsonValue) {
    this.tree = tree;
    this.#config = { ...CONFIG, ...config };
    for (const { id, wiring } of tree?.connectors ?? []) this.cars.set(id, new OutletCar(wiring));
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
        state: (state, hasChanged) => {
          this.saved = state;
          this.kept.push(hasChanged);
        },
        newest: (part) => {
          this.saved = { ...(this.saved as object), ...(part as object) };
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
    this.loadA = [...this.houseA];
    for (const [id, car] of this.cars) {
      car.step(this.clock.nowMs(), this.limit(id) ?? 0);
      for (const phase of [0, 1, 2] as const) this.loadA[phase] += car.siteA[phase];
    }
  }
}
