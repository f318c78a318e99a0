/** A flow with one node of every type, for tests that go through all of them. */
import { NODES } from "../editor-contract.ts";
import type { FlowNode } from "./flows.ts";
import { freePort } from "./net.ts";

/** Id of the one node of a type. */
export const idOf = (type: string): string => `one-${type}`;

/** One node of each type, all of them right; the zone has another one below it, `garage`. */
export async function oneOfEach(): Promise<FlowNode[]> {
  const [ocpp, modbus, server, semp] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const site = { site: idOf("ev-site") };
  const one = (type: string, more: object = {}): FlowNode => ({ id: idOf(type), type, ...more });
  const placed = (type: string, more: object = {}, at = 0): FlowNode => {
    return one(type, { z: "tab", x: 200, y: 40 + 60 * at, wires: [], ...more });
  };
  const simulated = { host: "127.0.0.1", loadA: [5, 5, 5], dayMinutes: 1440, includes: ["*"] };
  const flowNodes: [string, object][] = [
    ["ev-meter", { bus: idOf("ev-modbus"), meter: "grid", profile: "eastron-sdm630" }],
    ["ev-meter-input", { meter: "other", mapping: "{}", staleAfterS: 30 }],
    ["ev-pv-surplus", { gridMeter: "grid" }],
    ["ev-dlm", { zone: idOf("ev-zone") }],
    ["ev-limit", { zone: idOf("ev-zone"), limitA: 10 }],
    ["ev-charging-profile", {}],
    ["ev-authorization", { ...site, freeCharging: [{ chargePoint: "", idTag: "*", badge: "free" }] }],
    ["ev-sessions", site],
    ["ev-alarms", site],
    ["ev-report", { ...site, url: "http://127.0.0.1:1/reports" }],
    ["ev-event", { centralSystem: idOf("ev-central-system") }],
    ["ev-command", { action: "UnlockConnector", payload: '{"connectorId":1}', payloadType: "json" }],
    ["ev-modbus-server", { ...site, host: "127.0.0.1", port: server, writable: true }],
    ["ev-mqtt-bridge", { ...site, writable: true }],
    ["ev-semp", { ...site, host: "127.0.0.1", port: semp, writable: true, announce: false }],
    ["ev-simulator", { identity: "CP1", url: `ws://127.0.0.1:${ocpp}`, batteryWh: 60000 }],
    ["ev-meter-simulator", { ...simulated, port: modbus, profile: "eastron-sdm630" }],
  ];
  return [
    { id: "tab", type: "tab", label: "one of each" },
    one("ev-site", { roles: [{ user: "ana", role: "operator" }] }),
    one("ev-central-system", { ...site, host: "127.0.0.1", port: ocpp }),
    one("ev-zone", { ...site, name: "Building", meters: [{ meter: "grid", location: "including", staleAfterS: 10 }] }),
    { id: "garage", type: "ev-zone", ...site, name: "Garage", parent: idOf("ev-zone") },
    one("ev-charge-point", {
      centralSystem: idOf("ev-central-system"),
      identity: "CP1",
      zone: "garage",
      overrides: { "smart.stackMax": 2 },
    }),
    one("ev-back-end", { ...site, name: "Operator", url: "ws://127.0.0.1:1" }),
    one("ev-modbus", { host: "127.0.0.1", port: modbus }),
    ...flowNodes.map(([type, more], at) => placed(type, more, at)),
  ].map(withDefaults);
}

/** As the editor fills in what a flow file leaves out when a node is dragged from the palette. */
function withDefaults(node: FlowNode): FlowNode {
  const { defaults = {} } = NODES[node.type] ?? {};
  const given = Object.entries(defaults).filter(([, value]) => typeof value !== "symbol");
  return { ...Object.fromEntries(given), ...node };
}
