import type { Node, NodeAPI } from "node-red";
import { acquire, release } from "../lib/shared-resources.ts";
import { SIMULATED_MODELS } from "../lib/simulator/charger/models.ts";
import { isWebSocketUrl, type SimulatorOptions } from "../lib/simulator/charger/options.ts";
import { BEHAVIOUR_NAMES, isBehaviour } from "../lib/simulator/charger/presets.ts";
import { SimulatorSlot } from "../lib/simulator/charger/profiles/slot.ts";
import type { SimulatedState } from "../lib/simulator/charger/state.ts";
import { readControl } from "../lib/simulator/control.ts";
import { modelProfile } from "../lib/station/capabilities/models/index.ts";
import { needs } from "./admin/permission.ts";
import { permitUserEverywhere } from "./admin/rights.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import type { Mood } from "./runtime/status.ts";

interface Credentials {
  password?: string;
}

/** A virtual charge point with a car. It outlives a deploy that does not change it, so that its charging goes on. */
export default function register(RED: NodeAPI): void {
  registerNode<Node<Credentials>>(RED, "ev-simulator", {
    idle: "this simulator has an error in its properties and does not run",
    credentials: { password: { type: "password" } },
    setUp: (node, read, status) => {
      const options = readOptions(read, node.credentials?.password ?? "");
      const create = () => new SimulatorSlot();
      const slot = acquire("simulator", node.id, create, (closing) => closing.close());
      slot.onChange = (state) => {
        const [mood, text] = inWords(state, (key) => RED._(`ev-simulator.state.${key}`));
        status.set(mood, text);
        const chargePoint = options.identity;
        const transactionId = state.transactionId === null ? null : String(state.transactionId);
        sendOut(node, { topic: `simulator/${chargePoint}`, chargePoint, payload: { ...state, transactionId } });
      };
      slot.configure(options);
      return {
        input: (message) => {
          permitUserEverywhere(node, message);
          slot.command(readControl(message.payload));
        },
        close: (removed) => {
          slot.onChange = null;
          return release("simulator", node.id, removed);
        },
      };
    },
  });
  RED.httpAdmin.get("/ev-charging/simulated-models", needs(RED, "ev-charging.read"), (_request, response) => {
    response.json(SIMULATED_MODELS.map(({ id }) => ({ id, name: modelProfile(id)?.name ?? id })));
  });
}

/** `16.0 A · charging`: the largest current and what the connector is at. */
function inWords(state: SimulatedState, word: (key: string) => string): [Mood, string] {
  const amps = `${Math.max(...state.currentA).toFixed(1)} A`;
  if (!state.online) return ["degraded", `${amps} · ${word("offline")}`];
  if (state.status === "Faulted") return ["wrong", `${amps} · ${word(state.status)}`];
  return [state.status === "Charging" ? "good" : "working", `${amps} · ${word(state.status)}`];
}

function readOptions(read: Properties, password: string): SimulatorOptions {
  const url = read.text("url") || "ws://127.0.0.1:9000";
  const behaviour = read.text("behaviour") || "normal";
  if (!isBehaviour(behaviour)) throw read.wrong("behaviour", `one of ${BEHAVIOUR_NAMES.join(", ")}`);
  if (!isWebSocketUrl(url)) throw read.wrong("url", "an address such as ws://127.0.0.1:9000");
  return {
    url,
    identity: read.name("identity"),
    ...(password && { password }),
    phases: read.number("phases", 3, { min: 1, max: 3, integer: true }) as 1 | 2 | 3,
    rotation: read.choice("rotation", ["RST", "STR", "TRS", "RTS", "SRT", "TSR"]),
    maxA: read.number("maxA", 16, { min: 6, max: 1000 }),
    batteryWh: read.number("batteryWh", 60_000, { min: 1, max: 10_000_000 }),
    plugged: read.flag("plugged", true),
    behaviour,
    vendorModel: read.choice("vendorModel", ["", ...SIMULATED_MODELS.map(({ id }) => id)]),
  };
}
