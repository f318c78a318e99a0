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
  const ports = { ocpp: await freePort(), modbus: await freePort() };
  const changes: Record<string, Record<string, unknown>> = {
    "ev-central-system": { port: ports.ocpp, host: "127.0.0.1" },
    "ev-simulator": { url: `ws://127.0.0.1:${ports.ocpp}` },
    "ev-modbus": { port: ports.modbus },
    "ev-meter-simulator": { port: ports.modbus },
    debug: { active: true, complete: "true" },
  };
  const flow = readExample(file).map((node) => ({ ...node, ...changes[node.type] }));
  return { flow, ports };
}

/** The one node of a type; with `name`, of that name. */
export function theNode(flow: readonly FlowNode[], type: string, name?: string): FlowNode {
  const found = flow.find((node) => node.type === type && (name === undefined || node["name"] === name));
  if (!found) throw new Error(`the flow has no ${type}${name ? ` "${name}"` : ""}`);
  return found;
}
