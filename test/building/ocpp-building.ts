/** The product as a whole on one fake clock, without sockets: simulated chargers with their cars, our controller, a meter that sees all. */
import type { CycleDecision, DlmRuntimeOptions } from "../../lib/dlm/runtime/runtime.ts";
import type { ConnectorFacts, ConnectorWiring } from "../../lib/dlm/topology/facts.ts";
import type { AlarmMessage, AllocationMessage } from "../../lib/messages.ts";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { LineOptions } from "../../lib/simulator/charger/link.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import type { ChargePointDefinition } from "../../lib/station/types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { FakeClock } from "../fake-clock.ts";
import { definition } from "../station/fake-charge-point.ts";
import { type Control, type ControlOptions, createControl } from "./control.ts";
import { type Exchange, MemoryLine } from "./memory-line.ts";
import { charger, METER, measurement, treeOf, WIRING, zone } from "./plant.ts";

/** Time passes in steps of this, s. */
export const STEP_S = 0.25;
const VOLTAGE_V = 230;
const PHASES = [0, 1, 2] as const;
const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;

/** A charger of the building. */
export interface BuildingCharger {
  /** How it and its car are built, and what it plays. */
  car?: Partial<SimulatorOptions>;
  wiring?: Partial<ConnectorWiring>;
  /** What else its user says of it. */
  point?: Partial<ChargePointDefinition>;
}

/** What a charger took: a CALL, and the status of its answer. */
export interface Taken {
  id: string;
  action: string;
  payload: Record<string, unknown>;
  status: unknown;
}

/** Where its records go. */
export type Keeper = Pick<ControlOptions, "store" | "limits" | "sessions" | "output">;

/** One of them while it runs. */
interface Place {
  car: SimulatedChargePoint;
  exchange: Exchange;
  line: MemoryLine | null;
}

/** Chargers CP1, CP2 … at one breaker. */
export class OcppBuilding {
  readonly clock = new FakeClock();
  readonly control: Control;
  readonly places: Place[];
  readonly alarms: AlarmMessage[] = [];
  /** What was said last to each connector. */
  readonly allocations = new Map<string, AllocationMessage>();
  readonly limitA: number;
  /** Load that is not of chargers, and power of the sun. */
  houseA = [0, 0, 0];
  sunW = 0;
  readonly #store;
  /** What the load management decided last. */
  decision: CycleDecision | undefined;

  /** @param manages the load management decides; otherwise limits are commanded by hand @param commissioning lowers connectors for a run @param drill what a drill lets be seen @param keeps where records go; memory without */
  constructor(
    chargers: readonly BuildingCharger[],
    limitA = 63,
    manages = true,
    commissioning?: DlmRuntimeOptions["commissioning"],
    drill?: DlmRuntimeOptions["drill"],
    keeps?: (clock: FakeClock) => Keeper,
  ) {
    const { clock } = this;
    this.limitA = limitA;
    const wired = chargers.map(({ wiring, point }, i) => {
      const connectors = [{ ...WIRING, ...wiring }];
      return {
        identity: `CP${i + 1}`,
        safeA: connectors[0]!.safeA,
        zone: manages ? "main" : null,
        connectors,
        ...point,
      };
    });
    const { output, ...kept } = keeps?.(clock) ?? { store: openStore(":memory:", { clock }) };
    this.#store = kept.store;
    this.control = createControl({
      clock,
      ...kept,
      tree: treeOf(
        [zone("main", { limitA: [limitA, limitA, limitA], meters: [METER] })],
        wired.map(({ identity, safeA, connectors }) => charger(identity, "main", { safeA, connectors })),
      ),
      chargePoints: wired.map((one) => definition(one)),
      ...(commissioning && { commissioning }),
      ...(drill && { drill }),
      output: {
        ...output,
        decided: (decision) => {
          output?.decided?.(decision);
          this.decision = decision;
          this.decided(decision);
        },
        alarm: (message) => this.alarms.push(message),
        allocation: (message) => this.allocations.set(`${message.chargePoint}/${message.connector}`, message),
      },
    });
    this.places = chargers.map(({ car }, i) => this.#place(`CP${i + 1}`, car));
    for (const { car } of this.places) car.start();
    if (manages) this.control.runtime.start();
  }

  facts(): ConnectorFacts[] {
    return this.control.stations.list().flatMap((station) => station.facts(this.clock.nowMs()));
  }

  /** The limit that a connector is commanded, A. */
  commandedA(id: string): number {
    return this.control.board.get(id)?.limitA ?? 0;
  }

  /** What the cars draw, A per site phase. */
  get carsA(): number[] {
    return PHASES.map((phase) => total(this.places.map(({ car }) => car.state.siteCurrentA[phase])));
  }

  /** What really flows on the fullest phase, A. */
  get loadA(): number {
    const { carsA } = this;
    return Math.max(...PHASES.map((phase) => this.houseA[phase]! + carsA[phase]!));
  }

  /** What is left of the sun beside house and cars, W. */
  get surplusW(): number {
    return this.sunW - total([...this.houseA, ...this.carsA]) * VOLTAGE_V;
  }

  /** Lets time pass; the meter speaks each second, then `look` is called. */
  async run(seconds: number, look: () => void = () => {}): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.speak();
      await this.pass(1);
      this.look();
      look();
    }
  }

  /** Lets time pass while no meter speaks. */
  async pass(seconds: number): Promise<void> {
    for (let leftS = seconds; leftS > 0; leftS -= STEP_S) {
      this.clock.advance(STEP_S * 1000);
      for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
      this.stepped();
    }
  }

  /** Runs until something holds. @throws when it does not within that time */
  async until(what: string, holds: () => boolean, withinS = 300): Promise<void> {
    for (let second = 0; !holds(); second++) {
      if (second >= withinS) throw new Error(`not within ${withinS} s: ${what}`);
      await this.run(1);
    }
  }

  /** A charger's connection drops, or comes back. */
  interrupt(index: number, dead: boolean): void {
    const { exchange, line } = this.places[index]!;
    exchange.dead = dead;
    if (dead) line?.cut();
  }

  async close(): Promise<void> {
    for (const { car } of this.places) await car.close();
    this.control.close();
    this.#store.close();
  }

  /** What the meter says at the beginning of each second. */
  protected speak(): void {
    const { carsA } = this;
    const sunA = this.sunW / 3 / VOLTAGE_V;
    this.control.runtime.input(measurement(PHASES.map((phase) => this.houseA[phase]! + carsA[phase]! - sunA)));
  }

  /** Called when a second has passed, and a step of it. */
  protected look(): void {}
  protected stepped(): void {}
  protected decided(_: CycleDecision): void {}
  protected took(_: Taken): void {}

  #place(identity: string, car: Partial<SimulatorOptions> = {}): Place {
    const { clock, control } = this;
    const place = { line: null } as Partial<Place> as Place;
    place.exchange = {
      clock,
      directory: createDirectory(control.stations, () => POLICY),
      dead: false,
      took: (action, payload, status) => this.took({ id: identity, action, payload, status }),
    };
    place.car = new SimulatedChargePoint({
      url: "ws://building",
      identity,
      maxA: 32,
      socPercent: 10,
      batteryWh: 500_000,
      ...car,
      clock,
      line: (options: LineOptions) => {
        place.line = new MemoryLine(place.exchange, options);
        return place.line;
      },
    });
    return place;
  }
}

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
