import type { NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../lib/clock.ts";
import { acquire, release } from "../lib/shared-resources.ts";
import { type Load, parseLoad } from "../lib/simulator/meter/meter-load.ts";
import {
  METER_FAULTS,
  type MeterFault,
  MeterSimulator,
  type SimulatedMeter,
} from "../lib/simulator/meter/meter-simulator.ts";
import { METER_TRANSPORTS } from "../lib/simulator/meter/meter-wire.ts";
import { permitUserEverywhere } from "./admin/rights.ts";
import { badMessage } from "./runtime/input.ts";
import { readProfile } from "./runtime/meter-profiles.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { report } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";
import { drawOfZone } from "./runtime/zone-draw.ts";

const SHOW_MS = 2000;
const DEFAULT_LOAD_A: Load = [5, 5, 5];

/** A simulated meter: a real Modbus server. It outlives a deploy, so that its clients stay connected. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-meter-simulator", {
    idle: "this meter has an error in its properties and does not run",
    setUp: (node, read, status) => {
      const settings = readSettings(RED, read);
      const create = () => new MeterSimulator(settings, systemClock);
      const simulator = acquire("meter-simulator", node.id, create, (meter) => meter.close());
      simulator.configure(settings).then(
        () => show(simulator, status),
        (error: unknown) => report(node, status, error),
      );
      const showing = setInterval(() => show(simulator, status), SHOW_MS);
      return {
        input: async (message) => {
          permitUserEverywhere(node, message);
          await obey(simulator, message);
          show(simulator, status);
        },
        close: (removed) => {
          clearInterval(showing);
          return release("meter-simulator", node.id, removed);
        },
      };
    },
  });
}

/** Live currents, or the fault that is acted out. Without a listening server the error of the start stays visible. */
function show(simulator: MeterSimulator, status: StatusLine): void {
  if (simulator.fault !== "none") status.set("degraded", `ev-meter-simulator.status.${simulator.fault}`);
  else if (simulator.port > 0) {
    const currents = simulator.measure().currentA.map((amps) => (amps ?? 0).toFixed(1));
    status.set("good", `${currents.join(" · ")} A`);
  }
}

/** Checks the whole message before anything changes. */
async function obey(simulator: MeterSimulator, { payload }: NodeMessage): Promise<void> {
  if (typeof payload !== "object" || payload === null)
    throw badMessage("payload", "an object with loadA or fault", payload);
  const { loadA, fault } = payload as { loadA?: unknown; fault?: unknown };
  if (loadA === undefined && fault === undefined) throw badMessage("payload", "an object with loadA or fault", payload);
  if (fault !== undefined && !METER_FAULTS.includes(fault as MeterFault)) {
    throw badMessage("payload.fault", `one of ${METER_FAULTS.join(", ")}`, fault);
  }
  const load = loadA === undefined ? null : parseLoad(loadA, "payload.loadA", "EV_MESSAGE_INVALID");
  if (load) simulator.setLoad(load);
  if (fault !== undefined) await simulator.setFault(fault as MeterFault);
}

function readSettings(RED: NodeAPI, read: Properties): SimulatedMeter {
  const loadA = read.given("loadA");
  return {
    host: read.text("host", "127.0.0.1"),
    port: read.number("port", 1502, { min: 1, max: 65_535, integer: true }),
    transport: read.choice("transport", METER_TRANSPORTS),
    unitId: read.number("unitId", 1, { min: 0, max: 255, integer: true }),
    profile: readProfile(RED, read),
    load: loadA === undefined || loadA === "" ? DEFAULT_LOAD_A : parseLoad(loadA, "loadA", "EV_CONFIG_INVALID"),
    dayMinutes: read.number("dayMinutes", 1440, { min: 1, max: 1440 }),
    includes: readIncludes(RED, read),
  };
}

/** All chargers of a zone, or simulated ones by their identities. */
function readIncludes(RED: NodeAPI, read: Properties): SimulatedMeter["includes"] {
  const zone = read.text("zone");
  if (zone) return drawOfZone(RED, zone);
  return read.given("includes") === undefined ? ["*"] : read.texts("includes");
}
