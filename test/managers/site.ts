import { ManagerLimits } from "../../lib/dlm/inputs/manager-limits.ts";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import type { DoorSite } from "../../lib/managers/modbus/modbus-door.ts";
import type { ConnectorView, StationHandle } from "../../lib/station/types.ts";
import type { JsonValue } from "../../lib/units.ts";
import { charger, factsOf, treeOf, WIRING, zone } from "../building/plant.ts";
import type { FakeClock } from "../fake-clock.ts";

/** What a connector of a made-up site reports. */
export interface Reported {
  facts?: Partial<ConnectorFacts>;
  view?: Partial<ConnectorView>;
  online?: boolean;
  setpointA?: number;
}

/** A site without a network: its chargers report what a test says. */
export class MadeUpSite implements DoorSite {
  readonly clock: FakeClock;
  readonly managers: ManagerLimits;
  readonly decisions = new Map();
  readonly alarms = { list: { list: () => [{ severity: "alarm" }, { severity: "info" }] } };
  readonly reported = new Map<string, Reported>();
  #documents = new Map<string, JsonValue>();
  #identities: string[] = [];
  plant = { tree: treeOf([zone("main")], []), voltageV: 230 };

  constructor(clock: FakeClock, identities: string[]) {
    this.clock = clock;
    this.managers = new ManagerLimits(clock);
    this.deploy(...identities);
  }

  readonly store = {
    document: (key: string) => this.#documents.get(key),
    saveDocument: (key: string, value: JsonValue) => void this.#documents.set(key, value),
  };

  /** Other charge points are deployed. */
  deploy(...identities: string[]): void {
    this.#identities = identities;
    const placed = identities.filter((identity) => !identity.startsWith("loose"));
    const chargers = placed.map((identity) => charger(identity, "main"));
    this.plant = { tree: treeOf([zone("main", { limitA: [1000, 1000, 1000] })], chargers), voltageV: 230 };
  }

  readonly board = {
    get: (id: string) => {
      const limitA = this.reported.get(id)?.setpointA;
      return limitA === undefined ? undefined : { limitA, atMs: 0, cycleS: 5, zone: "main" };
    },
  };

  readonly stations = {
    list: (): StationHandle[] =>
      this.#identities.map((identity) => {
        const { facts, view, online = true } = this.reported.get(`${identity}/1`) ?? {};
        const nowMs = this.clock.nowMs();
        return {
          identity,
          online,
          definition: { ocpp: true, connectors: [WIRING] },
          faults: new Map(),
          connectors: new Map(view ? [[1, view]] : []),
          facts: () => (facts ? [factsOf(identity, { measuredAtMs: nowMs, ...facts })] : []),
        } as unknown as StationHandle;
      }),
  };
}

/** A car that charges with 16, 15.5 and 15 A. */
export const CHARGING: Reported = {
  facts: {
    state: "charging",
    measuredA: [16, 15.5, 15],
    pluggedAtMs: 0,
    energyWh: 7430,
    chargingS: 3725,
  },
  view: { status: "Charging", energyWh: 1_234_567 },
  setpointA: 16,
};

/** No car. */
export const FREE: Reported = {
  facts: { state: "available", measuredA: null, measuredAtMs: null, pluggedAtMs: null, energyWh: 0, chargingS: 0 },
  view: { status: "Available", energyWh: 1_234_567 },
  setpointA: 0,
};
