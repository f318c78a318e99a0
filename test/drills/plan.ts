/** A building for a drill: what is really there, and what the product is told of it. */
import type { Load } from "../../lib/simulator/meter/meter-load.ts";
import type { ChargePointPlan, MeterPlan, SitePlan } from "../../lib/simulator/site/plan.ts";
import { type Triple, triple } from "../../lib/units.ts";
import type { FlowNode } from "../e2e/flows.ts";

export interface ParkZone {
  name: string;
  parent?: string;
  limitA: number | Triple;
  loadA?: Load;
  /** A meter at this breaker, named as the zone. */
  meter?: boolean | Pick<MeterPlan, "location" | "profile" | "transport">;
  /** Properties of its `ev-zone` that differ from the truth or from their defaults. */
  told?: Record<string, unknown>;
}

export interface ParkCharger extends Omit<ChargePointPlan, "url"> {
  zone: string;
  /** Its safe current, A; default 6. */
  safeA?: number;
  /** Properties of its connector in the flow that differ from the truth or from their defaults. */
  told?: Record<string, unknown>;
}

export interface ParkPlan {
  zones: ParkZone[];
  chargers: ParkCharger[];
  /** Properties of nodes that differ from their defaults, by type. */
  nodes?: Record<string, Record<string, unknown>>;
}

/** Ports of one running drill: as the product and as the simulator see them. */
export interface ParkPorts {
  /** What the product listens on. */
  ocpp: number;
  /** What each charge point dials. */
  dial: ReadonlyMap<string, number>;
  /** The address at which they do; default this machine's own. */
  host?: string;
  /** What the product dials for each meter, and what the meter listens on. */
  bus: ReadonlyMap<string, number>;
  meter: ReadonlyMap<string, number>;
}

/** What a careless flow does, once the one who pressed the button has his answer. */
const BUSY = "setTimeout(() => { const endMs = Date.now() + msg.payload; while (Date.now() < endMs); }, 100);";

/** The truth. */
export function siteOf({ zones, chargers }: ParkPlan, ports: ParkPorts): SitePlan {
  return {
    zones: zones.map(({ meter: _, told: __, ...zone }) => zone),
    chargePoints: chargers.map((charger) => chargePointOf(charger, ports.dial.get(charger.identity)!, ports.host)),
    meters: metered(zones).map(({ name, meter }) => ({
      name,
      zone: name,
      ...(typeof meter === "object" && meter),
      port: ports.meter.get(name)!,
    })),
  };
}

/** One charge point of the truth. @param dial port it dials */
export function chargePointOf(
  { safeA: _, told: __, ...charger }: ParkCharger,
  dial: number,
  host = "127.0.0.1",
): ChargePointPlan {
  return { batteryWh: 100_000, meterIntervalS: 5, ...charger, url: `ws://${host}:${dial}` };
}

/** What the product is told: the flow, on one tab. Ids are `site`, `cs`, `dlm`, `profile`, `zone-<name>`, `cp-<identity>`, … */
export function flowOf(plan: ParkPlan, ports: ParkPorts): FlowNode[] {
  const { zones, chargers, nodes = {} } = plan;
  const roots = zones.filter(({ parent }) => parent === undefined);
  const dlm = (zone: string): string => (roots.length === 1 ? "dlm" : `dlm-${zone}`);
  const rootOf = (name: string): string => {
    const { parent } = zones.find((zone) => zone.name === name)!;
    return parent === undefined ? name : rootOf(parent);
  };
  const on = { z: "drill" };
  const flow: FlowNode[] = [
    { id: "drill", type: "tab", label: "Drill" },
    { id: "site", type: "ev-site", name: "Drill", country: "other" },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: ports.ocpp },
    ...zones.map(zoneNode),
    ...chargers.map(chargerNode),
    ...metered(zones).flatMap(({ name, meter }): FlowNode[] => [
      {
        ...{ id: `bus-${name}`, type: "ev-modbus", host: "127.0.0.1", port: ports.bus.get(name) },
        transport: (typeof meter === "object" && meter.transport) || "tcp",
      },
      {
        ...{ id: `meter-${name}`, type: "ev-meter", ...on, bus: `bus-${name}`, meter: name },
        profile: (typeof meter === "object" && meter.profile) || "eastron-sdm630",
        wires: [[dlm(rootOf(name))]],
      },
    ]),
    ...roots.map(({ name }) => ({
      ...{ id: dlm(name), type: "ev-dlm", ...on, zone: `zone-${name}`, rampUpAps: 5 },
      wires: [["profile"], [], ["alarms"]],
    })),
    {
      id: "profile",
      type: "ev-charging-profile",
      ...on,
      leaseS: 60,
      refreshS: 20,
      minIncreaseS: 0,
      wires: [["results"]],
    },
    { id: "alarms", type: "debug", ...on, active: true, tosidebar: true, complete: "true", wires: [] },
    { id: "block", type: "inject", ...on, props: [], wires: [["blocker"]] },
    { id: "blocker", type: "function", ...on, func: BUSY, outputs: 0, wires: [] },
    { id: "results", type: "debug", ...on, active: false, tosidebar: true, complete: "true", wires: [] },
  ];
  return flow.map((node) => ({ ...node, ...nodes[node.type] }));
}

function zoneNode({ name, parent, limitA, meter, told }: ParkZone): FlowNode {
  const location = (typeof meter === "object" && meter.location) || "including";
  return {
    id: `zone-${name}`,
    type: "ev-zone",
    site: "site",
    name,
    parent: parent ? `zone-${parent}` : "",
    limitA: triple(limitA),
    meters: meter ? [{ meter: name, location, staleAfterS: 10, onStale: "failSafe", fallbackA: null }] : [],
    ...told,
  };
}

/** The `ev-charge-point` of a charger. */
export function chargerNode({
  identity,
  zone,
  phases = 3,
  rotation = "RST",
  maxA = 16,
  safeA = 6,
  told,
}: ParkCharger): FlowNode {
  const connector = { number: 1, phases, rotation, maxA, minA: 6, priorityClass: 1, mode: "fast", ...told };
  return {
    id: `cp-${identity}`,
    type: "ev-charge-point",
    centralSystem: "cs",
    identity,
    zone: `zone-${zone}`,
    model: "auto",
    safeA,
    connectors: [connector],
  };
}

function metered(zones: readonly ParkZone[]): ParkZone[] {
  return zones.filter(({ meter }) => meter);
}
