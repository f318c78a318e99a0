import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { freePort } from "../../test/free-port.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What a flow does with an event. */
const DEFAULT_FUNCTION = "if (msg.event === 'meter') msg.powerW = msg.payload.powerW;\nreturn msg;";

/** What this uses of Node-RED as a library. */
interface EmbeddedNodeRed {
  init(server: object, settings: object): void;
  start(): Promise<void>;
  runtime: { events: NodeJS.EventEmitter };
}

/**
 * A real Node-RED in this process with what is built in `dist/`: every event of every charge point, `BENCH0` …, goes through a
 * function node. @returns the port charge points connect to
 */
export async function startNodeRed(chargePoints: number, folder: string, code = DEFAULT_FUNCTION): Promise<number> {
  const port = await freePort();
  const scope = join(folder, "node_modules/@phasewise");
  mkdirSync(scope, { recursive: true });
  symlinkSync(ROOT, join(scope, "node-red-ev-charging"));
  const dependencies = { "@phasewise/node-red-ev-charging": "*" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench", version: "1.0.0", dependencies }));
  writeFileSync(join(folder, "flows.json"), JSON.stringify(flow(port, chargePoints, join(folder, "site"), code)));
  const nodeRed = createRequire(import.meta.url)("node-red") as EmbeddedNodeRed & Pick<NodeAPI, "events">;
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
  await nodeRed.start();
  await started;
  while (!(await isOpen(port))) await new Promise((resolve) => setTimeout(resolve, 50));
  return port;
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

function flow(port: number, chargePoints: number, dataDir: string, func: string): object[] {
  return [
    { id: "tab", type: "tab", label: "Bench" },
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    ...Array.from({ length: chargePoints }, (_, index) => {
      return { id: `cp${index}`, type: "ev-charge-point", centralSystem: "cs", identity: `BENCH${index}` };
    }),
    { id: "event", type: "ev-event", z: "tab", x: 100, y: 100, wires: [["function"]] },
    { id: "function", type: "function", z: "tab", x: 300, y: 100, func, outputs: 1, wires: [[]] },
  ];
}
