/** A building on one fake clock: simulated charge points, our controller, a meter that shows all of it. */
import { createSetpointBoard } from "../../lib/dlm/board.ts";
import { createDlmRuntime, type DlmRuntime } from "../../lib/dlm/runtime/runtime.ts";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import type { AlarmMessage } from "../../lib/messages.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { LinkOptions } from "../../lib/simulator/charger/link.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { CONFIG } from "../building/building.ts";
import { type Exchange, MemoryLine } from "../building/memory-line.ts";
import { charger, METER, measurement, treeOf, zone } from "../building/plant.ts";
import { FakeClock } from "../fake-clock.ts";
import { definition } from "../station/fake-charge-point.ts";

const STEP_MS = 250;
const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;

/** Charge points that share one breaker, each with a behaviour of its own. */
export class SharedBench {
  readonly clock = new FakeClock();
  readonly stations: Stations;
  readonly limiter: Limiter;
  readonly runtime: DlmRuntime;
  readonly board = createSetpointBoard();
  readonly chargePoints: SimulatedChargePoint[];
  readonly alarms: AlarmMessage[] = [];
  readonly limitA: number;
  houseA = 0;
  readonly #lines = new Map<string, { exchange: Exchange; line: MemoryLine | null }>();
  readonly #close: () => void;

  constructor(behaviours: readonly string[], limitA: number) {
    const { clock, board } = this;
    this.limitA = limitA;
    const ids = behaviours.map((_, i) => `CP${i + 1}`);
    const zones = [zone("main", { limitA: [limitA, limitA, limitA], meters: [METER] })];
    const tree = treeOf(
      zones,
      ids.map((id) => charger(id, "main")),
    );
    const store = openStore(":memory:", { clock });
    this.stations = new Stations({ store, clock });
    for (const identity of ids) this.stations.configure(definition({ identity, zone: "main" }));
    this.limiter = createLimiter({
      stations: this.stations,
      store,
      clock,
      setpoint: (id) => board.get(id) ?? null,
      stop: (id) => board.stop(id) ?? null,
    });
    this.runtime = createDlmRuntime({
      root: "main",
      clock,
      plant: () => tree,
      facts: () => this.facts(),
      board,
      config: CONFIG,
      output: {
        allocation: ({ chargePoint, connector, zone: name, payload: { limitA: allocatedA, cycleS } }) =>
          this.limiter.request({ chargePoint, connector, limitA: allocatedA, zone: name, ageMs: 0, cycleS }),
        alarm: (message) => this.alarms.push(message),
        zone: () => {},
        state: () => {},
        status: () => {},
        log: () => {},
      },
    });
    this.stations.onChange(({ kind }) => {
      if (kind !== "status") this.runtime.poke();
    });
    this.chargePoints = behaviours.map((behaviour, i) => this.#simulate(ids[i]!, behaviour));
    for (const chargePoint of this.chargePoints) chargePoint.start();
    this.runtime.start();
    this.#close = () => {
      this.runtime.close();
      this.limiter.close();
      this.stations.close();
      store.close();
    };
  }

  facts(): ConnectorFacts[] {
    return this.stations.list().flatMap((station) => station.facts(this.clock.nowMs()));
  }

  /** What really flows on the fullest phase, A. */
  get loadA(): number {
    return Math.max(...this.#loads());
  }

  /** What the controller counts with for all connectors: reservation or setpoint, A per phase. */
  get countedA(): number {
    const counted = this.facts().map(({ id, state, disconnectedA, reservedA }) => {
      if (state === "offline") return disconnectedA;
      return reservedA ?? this.board.get(id)?.limitA ?? 0;
    });
    return counted.reduce((sum, currentA) => sum + currentA, this.houseA);
  }

  /** Some connector could still be told to take less. */
  get lowerable(): boolean {
    return this.facts().some(
      ({ id, state, reservedA }) => state !== "offline" && reservedA === null && (this.board.get(id)?.limitA ?? 0) > 0,
    );
  }

  /** Lets time pass; the meter speaks each second, then `look` is called. */
  async run(seconds: number, look: () => void = () => {}): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.runtime.input(measurement(this.#loads()));
      for (let step = 0; step < 1000 / STEP_MS; step++) {
        this.clock.advance(STEP_MS);
        for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
      }
      look();
    }
  }

  /** One charge point's connection drops for a while. */
  interrupt(index: number, dead: boolean): void {
    const held = this.#lines.get(`CP${index + 1}`)!;
    held.exchange.dead = dead;
    if (dead) held.line?.cut();
  }

  async close(): Promise<void> {
    for (const chargePoint of this.chargePoints) await chargePoint.close();
    this.#close();
  }

  #loads(): number[] {
    return [0, 1, 2].map((phase) =>
      this.chargePoints.reduce((sum, { state }) => sum + (state.siteCurrentA[phase] ?? 0), this.houseA),
    );
  }

  #simulate(identity: string, behaviour: string): SimulatedChargePoint {
    const { clock } = this;
    const directory = createDirectory(this.stations, () => POLICY);
    const held = {
      exchange: { clock, directory, dead: false, took: () => {} } as Exchange,
      line: null as MemoryLine | null,
    };
    this.#lines.set(identity, held);
    return new SimulatedChargePoint({
      url: "ws://bench",
      identity,
      maxA: 32,
      socPercent: 10,
      batteryWh: 500_000,
      behaviour,
      clock,
      line: (options: LinkOptions) => {
        held.line = new MemoryLine(held.exchange, options);
        return held.line;
      },
    });
  }
}
