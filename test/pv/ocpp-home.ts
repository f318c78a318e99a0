/** A home on one fake clock: simulated OCPP chargers that may change their phases, our controller, a sun, and a meter that shows all. */
import { createSetpointBoard } from "../../lib/dlm/board.ts";
import { createDlmRuntime, type DlmRuntime } from "../../lib/dlm/runtime/runtime.ts";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import type { AlarmMessage, AllocationMessage } from "../../lib/messages.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { LinkOptions } from "../../lib/simulator/charger/link.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import type { TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { CONFIG } from "../building/building.ts";
import { type Exchange, MemoryLine } from "../building/memory-line.ts";
import { charger, METER, measurement, treeOf, WIRING, zone } from "../building/plant.ts";
import { FakeClock } from "../fake-clock.ts";
import { definition } from "../station/fake-charge-point.ts";

const STEP_MS = 250;
const VOLTAGE_V = 230;
const PHASES = [0, 1, 2] as const;
const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;

/** A charger of the home. */
export interface HomeCharger extends Partial<SimulatorOptions> {
  mode?: "pv" | "minpv" | "fast";
  /** What the user says of it. */
  overrides?: TraitPatch;
}

/** One of them while it runs. */
interface Place {
  id: string;
  car: SimulatedChargePoint;
  exchange: Exchange;
  line: MemoryLine | null;
  /** Phases told last, by profile or key, and since when (monotonic). */
  told: number;
  toldAtMs: number;
  /** A sample from after that showed one phase. */
  shown: boolean;
  switches: number;
}

export class OcppHome {
  readonly clock = new FakeClock();
  readonly stations: Stations;
  readonly limiter: Limiter;
  readonly runtime: DlmRuntime;
  readonly board = createSetpointBoard();
  readonly alarms: AlarmMessage[] = [];
  readonly allocations = new Map<string, AllocationMessage>();
  readonly places: Place[];
  /** Profiles written, oldest first. */
  readonly profiles: { id: string; request: SetChargingProfileRequest }[] = [];
  /** A per phase. */
  houseA = [0, 0, 0];
  sunW = 0;
  /** Longest time that commands, worst of both numbers of phases, came to more than the breaker carries, s. */
  longestOverS = 0;
  balance = { chargedWh: 0, boughtWh: 0 };
  #overS = 0;
  readonly #limitA: number;
  readonly #close: () => void;

  constructor(chargers: readonly HomeCharger[], limitA = 35) {
    const { clock, board } = this;
    this.#limitA = limitA;
    const ids = chargers.map((_, i) => `CP${i + 1}`);
    const wirings = chargers.map(({ mode = "pv" }) => ({ ...WIRING, maxA: 16, safeA: 0, mode }));
    const tree = treeOf(
      [zone("main", { limitA: [limitA, limitA, limitA], meters: [METER] })],
      ids.map((id, i) => charger(id, "main", { safeA: 0, connectors: [wirings[i]!] })),
    );
    const store = openStore(":memory:", { clock });
    this.stations = new Stations({ store, clock });
    ids.forEach((identity, i) => {
      const { overrides = {} } = chargers[i]!;
      this.stations.configure(definition({ identity, zone: "main", safeA: 0, connectors: [wirings[i]!], overrides }));
    });
    const setpoint = (id: string) => board.get(id) ?? null;
    this.limiter = createLimiter({ stations: this.stations, store, clock, setpoint });
    this.runtime = createDlmRuntime({
      root: "main",
      clock,
      plant: () => tree,
      facts: () => this.facts(),
      board,
      config: CONFIG,
      output: {
        allocation: (message) => this.#allocated(message),
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
    this.places = ids.map((id, i) => this.#place(id, chargers[i]!));
    for (const { car } of this.places) car.start();
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

  /** Phases that really carry current at a charger. */
  fed(index = 0): number {
    return this.places[index]!.car.state.siteCurrentA.filter((value) => value > 1).length;
  }

  raised(kind: string): AlarmMessage | undefined {
    const last = this.alarms.findLast(({ topic }) => topic.startsWith(`alarm/${kind}/`));
    return last?.payload.state === "raised" ? last : undefined;
  }

  setMode(mode: string, index = 0): void {
    this.runtime.input({ topic: `mode/CP${index + 1}/1`, payload: mode });
  }

  /** Lets time pass; meter and surplus speak each second. */
  async run(seconds: number, look: () => void = () => {}): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.#speak();
      for (let step = 0; step < 1000 / STEP_MS; step++) {
        this.clock.advance(STEP_MS);
        for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
      }
      this.#watch();
      look();
    }
  }

  /** Runs until something holds. @throws when it does not within that time */
  async until(what: string, holds: () => boolean, withinS: number): Promise<void> {
    for (let second = 0; !holds(); second++) {
      if (second >= withinS) throw new Error(`not within ${withinS} s: ${what}`);
      await this.run(1);
    }
  }

  /** A charger's connection drops, or comes back. */
  interrupt(index: number, dead: boolean): void {
    const place = this.places[index]!;
    place.exchange.dead = dead;
    if (dead) place.line?.cut();
  }

  async close(): Promise<void> {
    for (const { car } of this.places) await car.close();
    this.#close();
  }

  #carsW(): number {
    return this.places.reduce((sum, { car }) => sum + total(car.state.siteCurrentA) * VOLTAGE_V, 0);
  }

  #speak(): void {
    const houseW = total(this.houseA) * VOLTAGE_V;
    const currents = PHASES.map(
      (p) => this.houseA[p]! + total(this.places.map(({ car }) => car.state.siteCurrentA[p]!)),
    );
    this.runtime.input(measurement(currents.map((value) => value - this.sunW / 3 / VOLTAGE_V)));
    const surplusW = this.sunW - houseW - this.#carsW();
    this.runtime.input({ topic: "surplus", payload: { surplusW, enableDelayS: 60, disableDelayS: 180 } });
    const carsW = this.#carsW();
    this.balance.chargedWh += carsW / 3600;
    this.balance.boughtWh += Math.max(0, carsW - Math.max(0, this.sunW - houseW)) / 3600;
  }

  /** A reading of its own of what may flow: a charger told one phase counts on all until a sample from after that shows one. */
  #watch(): void {
    this.facts().forEach(({ measuredA, measuredAtMs, state }, i) => {
      const place = this.places[i]!;
      const shows = place.told === 1 && measuredAtMs !== null && measuredAtMs > place.toldAtMs && showsOne(measuredA);
      if (state === "offline") Object.assign(place, { shown: false, toldAtMs: this.clock.nowMs() });
      else place.shown ||= shows;
    });
    const isOver = PHASES.some((p) => {
      const commandedA = this.places.map(({ id, shown }) =>
        shown && p > 0 ? 0 : (this.board.get(`${id}/1`)?.limitA ?? 0),
      );
      const backgroundA = Math.max(0, this.houseA[p]! - this.sunW / 3 / VOLTAGE_V);
      return total(commandedA) > 0 && backgroundA + total(commandedA) > this.#limitA + 1e-6;
    });
    this.#overS = isOver ? this.#overS + 1 : 0;
    this.longestOverS = Math.max(this.longestOverS, this.#overS);
  }

  #allocated(message: AllocationMessage): void {
    const { chargePoint, connector, zone: name, payload } = message;
    this.allocations.set(`${chargePoint}/${connector}`, message);
    const { limitA, cycleS, phases } = payload;
    const said = { chargePoint, connector, limitA, zone: name, ageMs: 0, cycleS };
    this.limiter.request({ ...said, ...(phases && { phases }) });
  }

  #place(id: string, { mode: _, overrides: __, ...car }: HomeCharger): Place {
    const { clock } = this;
    const place = {
      id,
      line: null,
      told: 3,
      toldAtMs: Number.NEGATIVE_INFINITY,
      switches: 0,
    } as Partial<Place> as Place;
    place.exchange = {
      clock,
      directory: createDirectory(this.stations, () => POLICY),
      dead: false,
      took: (action, payload, status) => this.#took(place, action, payload, status),
    };
    place.car = new SimulatedChargePoint({
      url: "ws://bench",
      identity: id,
      maxA: 16,
      socPercent: 10,
      batteryWh: 500_000,
      ...car,
      clock,
      line: (options: LinkOptions) => {
        place.line = new MemoryLine(place.exchange, options);
        return place.line;
      },
    });
    return place;
  }

  #took(place: Place, action: string, payload: Record<string, unknown>, status: unknown): void {
    if (status !== "Accepted") return;
    if (action === "SetChargingProfile") {
      const request = payload as unknown as SetChargingProfileRequest;
      this.profiles.push({ id: place.id, request });
      const { chargingSchedulePeriod } = request.csChargingProfiles.chargingSchedule;
      const isBaseline = chargingSchedulePeriod.length < 2;
      if (!isBaseline) this.#told(place, chargingSchedulePeriod[0]!.numberPhases ?? place.told);
    }
    if (action === "ChangeConfiguration" && payload["key"] === "SimulatedPhases")
      this.#told(place, Number(payload["value"]));
  }

  #told(place: Place, phases: number): void {
    if (place.told === phases) return;
    Object.assign(place, { told: phases, toldAtMs: this.clock.nowMs(), shown: false, switches: place.switches + 1 });
  }
}

function showsOne(measuredA: readonly (number | null)[] | null): boolean {
  return (
    measuredA !== null && (measuredA[0] ?? 0) > 1 && measuredA.slice(1).every((value) => value !== null && value <= 1)
  );
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
