/** The shipped examples, with ports of their own so that tests can run side by side. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./net.ts";
import { ROOT } from "./package.ts";

export interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

export interface Ports {
  /** Of the first central system. */
  ocpp: number;
  modbus: number;
}

export function examples(): string[] {
  return readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".json"));
}

export function readExample(file: string): FlowNode[] {
  return JSON.parse(readFileSync(join(ROOT, "examples", file), "utf8")) as FlowNode[];
}

/**
 * A shipped example, changed only in what a test bench needs: free ports, and every debug node switched on and showing whole
 * messages.
 */
export async function exampleForTest(file: string): Promise<{ flow: FlowNode[]; ports: Ports }> {
  const example = readExample(file);
  const modbus = await freePortsFor(example, MODBUS);
  const ocpp = await freePortsFor(example, ["ev-central-system"]);
  const servers = await freePortsFor(example, SERVERS, PORTS_OF_A_SERVER);
  const ports = { ocpp: [...ocpp.values()][0] ?? (await freePort()), modbus: [...modbus.values()][0] ?? 0 };
  const lines = await freePortsFor(example, ["tcp in"]);
  const changes = (node: FlowNode): Record<string, unknown> => {
    if (MODBUS.includes(node.type)) return { port: modbus.get(node["port"]) };
    if (node.type === "ev-central-system") return { port: ocpp.get(node["port"]), host: "127.0.0.1" };
    if (SERVERS.includes(node.type)) return { port: servers.get(node["port"]), host: "127.0.0.1", announce: false };
    if (node.type === "ev-simulator" || node.type === "ev-back-end") {
      const dialled = String(/\d+$/.exec(String(node["url"])));
      return { url: `ws://127.0.0.1:${ocpp.get(Number(dialled)) ?? lines.get(dialled)}` };
    }
    if (LINES.includes(node.type)) return { port: String(ocpp.get(Number(node["port"])) ?? lines.get(node["port"])) };
    return node.type === "debug" ? { active: true, complete: "true" } : {};
  };
  return { flow: example.map((node) => ({ ...node, ...changes(node) })), ports };
}

const MODBUS = ["ev-modbus", "ev-meter-simulator"];
/** Both ends of a line that passes on what it hears. */
const LINES = ["tcp in", "tcp request"];
const SERVERS = ["ev-modbus-server", "ev-semp"];
/** One for each connector of an example. */
const PORTS_OF_A_SERVER = 4;

/** A free port in place of each that nodes of these types name. @param apart so many from there are nobody else's */
async function freePortsFor(
  flow: readonly FlowNode[],
  types: readonly string[],
  apart = 1,
): Promise<Map<unknown, number>> {
  const named = new Set(flow.filter(({ type }) => types.includes(type)).map((node) => node["port"]));
  const free = new Map<unknown, number>();
  for (const port of named) {
    free.set(port, await freePort());
    for (let taken = 1; taken < apart; taken++) await freePort();
  }
  return free;
}

/** The one node of a type; with `name`, of that name. */
export function theNode(flow: readonly FlowNode[], type: string, name?: string): FlowNode {
  const found = flow.find((node) => node.type === type && (name === undefined || node["name"] === name));
  if (!found) throw new Error(`the flow has no ${type}${name ? ` "${name}"` : ""}`);
  return found;
}
