import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import type { Node, NodeAPI, NodeDef } from "node-red";
import { freePort } from "../../test/free-port.ts";
import { startBare } from "./bare.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What a flow does with an event. */
const FUNCTION = "if (msg.event === 'meter') msg.powerW = msg.payload.powerW;\nreturn msg;";

/** What this uses of Node-RED as a library. */
interface EmbeddedNodeRed {
  init(server: object, settings: object): void;
  start(): Promise<void>;
  nodes: Pick<NodeAPI["nodes"], "createNode"> & { registerType(set: string, type: string, node: object): void };
  runtime: { events: NodeJS.EventEmitter };
}

const nodeRed = createRequire(import.meta.url)("node-red") as EmbeddedNodeRed;

/**
 * A real Node-RED in this process with what is built in `dist/`: every event of every charge point, `BENCH0` …, goes through a
 * function node. @returns the port charge points connect to
 */
export async function startNodeRed(chargePoints: number, folder: string): Promise<number> {
  const port = await freePort();
  const scope = join(folder, "node_modules/@phasewise");
  mkdirSync(scope, { recursive: true });
  symlinkSync(ROOT, join(scope, "node-red-ev-charging"));
  const dependencies = { "@phasewise/node-red-ev-charging": "*" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench", version: "1.0.0", dependencies }));
  await start(folder, [
    { id: "site", type: "ev-site", dataDir: join(folder, "site") },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    ...Array.from({ length: chargePoints }, (_, index) => {
      return { id: `cp${index}`, type: "ev-charge-point", centralSystem: "cs", identity: `BENCH${index}` };
    }),
    { id: "event", type: "ev-event", z: "tab", x: 100, y: 100, wires: [["function"]] },
  ]);
  while (!(await isOpen(port))) await new Promise((resolve) => setTimeout(resolve, 50));
  return port;
}

/** The bare server as a node in such a Node-RED, each message through the same function node. @returns its port */
export async function startBareNodeRed(_chargePoints: number, folder: string): Promise<number> {
  let port = 0;
  await start(folder, [{ id: "bare", type: "bench-bare", z: "tab", x: 100, y: 100, wires: [["function"]] }], () => {
    nodeRed.nodes.registerType("bench", "bench-bare", function BenchBare(this: Node, def: NodeDef) {
      nodeRed.nodes.createNode(this, def);
      let sent = 0;
      // Named as ours are, so that the function does the same with it.
      const send = (action: string, payload: unknown) =>
        this.send({ _msgid: `bare${++sent}`, event: action === "MeterValues" ? "meter" : action, payload });
      void startBare({ onCall: send }).then((opened) => {
        port = opened;
      });
    });
  });
  while (port === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  return port;
}

/** Runs a flow whose one function node is called `function`. @param ready called before it starts */
async function start(folder: string, flow: object[], ready: () => void = () => undefined): Promise<void> {
  const common = [
    { id: "tab", type: "tab", label: "Bench" },
    { id: "function", type: "function", z: "tab", x: 300, y: 100, func: FUNCTION, outputs: 1, wires: [[]] },
  ];
  writeFileSync(join(folder, "flows.json"), JSON.stringify([...common, ...flow]));
  const started = new Promise((resolve) => {
    nodeRed.init(createServer(), {
      userDir: folder,
      flowFile: "flows.json",
      httpAdminRoot: false,
      httpNodeRoot: false,
      credentialSecret: "bench",
      telemetry: { enabled: false },
      logging: { console: { level: "off", metrics: false, audit: false } },
    });
    nodeRed.runtime.events.once("flows:started", resolve);
  });
  ready();
  await nodeRed.start();
  await started;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
