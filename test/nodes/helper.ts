/** Runs our nodes in a real Node-RED; NODE_RED chooses the major (`node-red` or `node-red-4`). */
import { type EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Node, NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { closeAll } from "../../lib/shared-resources.ts";

export { freePort } from "../free-port.ts";

const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, "../..");
const nodeRed = process.env["NODE_RED"] ?? "node-red";

testHelper.init(require.resolve(nodeRed));

/** One flow node or config node as a flow file has it. Flow nodes need `z`; both get what the helper wants added. */
export type FlowNode = { id: string; type: string } & Record<string, unknown>;

/** A node's own source, as Node-RED would load its compiled form; the packed form is tested end to end. */
async function nodeSet(type: string): Promise<(red: unknown) => void> {
  if (type === "mqtt") return require(coreNodes("10-mqtt.js")) as (red: unknown) => void;
  if (type === "tls-config") return require(coreNodes("05-tls.js")) as (red: unknown) => void;
  const module = (await import(join(ROOT, `nodes/${type}${extname(import.meta.filename)}`))) as {
    default: (red: unknown) => void;
  };
  return module.default;
}

/** A file of Node-RED's own network nodes. */
function coreNodes(file: string): string {
  const nodes = createRequire(require.resolve(nodeRed)).resolve("@node-red/nodes/package.json");
  return join(nodes, "../core/network", file);
}

/** A folder for `dataDir`, removed by `stop`. */
export const dataDir = mkdtempSync(join(tmpdir(), "phasewise-nodes-"));

type Credentials = Record<string, Record<string, string>>;

/**
 * Deploys a flow with these node types loaded. Flow nodes get a position, because the helper takes a node without one for a
 * config node; `credentials` are by node id.
 */
export async function deploy(types: string[], flow: FlowNode[], credentials: Credentials = {}): Promise<void> {
  await new Promise<void>((resolve) => testHelper.startServer(() => resolve()));
  await testHelper.load((await Promise.all(types.map(nodeSet))) as never, placed(flow) as never, credentials);
}

/** Where Node-RED keeps what is its own, from the next `deploy` to the next `stop`. */
export function useUserDir(userDir: string): void {
  (testHelper as unknown as { settings(settings: object): void }).settings({ userDir });
}

/** A full deploy of another flow in the running Node-RED; resolves when its nodes have started. */
export async function redeploy(flow: FlowNode[], credentials: Credentials = {}): Promise<void> {
  const { _events, _redNodes } = testHelper as unknown as {
    _events: EventEmitter;
    _redNodes: { setFlows(flow: object[], credentials: object, type: string): Promise<unknown> };
  };
  const started = once(_events, "flows:started");
  await _redNodes.setFlows(placed(flow), credentials, "full");
  await started;
}

function placed(flow: FlowNode[]): object[] {
  const isConfig = (node: FlowNode) => !node["wires"] && node.type !== "helper";
  const tab = { id: "flow", type: "tab", label: "test" };
  return [tab, ...flow.map((node) => (isConfig(node) ? node : { x: 10, y: 10, z: "flow", ...node }))];
}

/** Stops Node-RED, closes everything that outlives a deploy, empties the data folder unless it is kept. Use in afterEach. */
export async function stop({ keepData = false } = {}): Promise<void> {
  await testHelper.unload();
  await closeAll();
  await new Promise<void>((resolve) => testHelper.stopServer(() => resolve()));
  (testHelper as unknown as { settings(settings: object): void }).settings({ userDir: undefined });
  if (!keepData) rmSync(dataDir, { recursive: true, force: true });
}

export function node<T extends Node = Node>(id: string): T {
  return testHelper.getNode(id) as unknown as T;
}

/** The next message that a helper node receives for which `accept` holds. */
export function nextMessage<T = NodeMessage>(
  id: string,
  accept: (message: T) => boolean = () => true,
  withinMs = 30_000,
): Promise<T> {
  const helperNode = node(id);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      helperNode.removeListener("input", onMessage as never);
      reject(new Error(`no such message at ${id} within ${withinMs} ms`));
    }, withinMs);
    const onMessage = (message: T) => {
      if (!accept(message)) return;
      clearTimeout(timer);
      helperNode.removeListener("input", onMessage as never);
      resolve(message);
    };
    helperNode.on("input", onMessage as never);
  });
}

/** Waits until something holds, looking every 20 ms: for what has no event of its own. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The last status a node showed; the test helper spies on every node's `status`. */
export function lastStatus(id: string): { fill?: string; shape?: string; text?: string } | undefined {
  const spy = (node(id) as unknown as { status: { getCalls(): { thisValue: { id: string }; args: unknown[] }[] } })
    .status;
  const call = spy.getCalls().findLast(({ thisValue }) => thisValue.id === id);
  return call?.args[0] as { fill?: string; shape?: string; text?: string } | undefined;
}

/** Every error a node reported (through `node.error`), oldest first. */
export function errorsOf(id: string): Error[] {
  const spy = (node(id) as unknown as { error: { getCalls(): { thisValue: { id: string }; args: unknown[] }[] } })
    .error;
  return spy
    .getCalls()
    .filter(({ thisValue }) => thisValue.id === id)
    .map(({ args }) => args[0] as Error);
}
