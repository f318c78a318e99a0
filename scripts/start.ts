/** `npm start`: Node-RED with the demo car park, in a user directory of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

interface FlowNode {
  type: string;
  port?: number | string;
  url?: string;
}

const root = join(import.meta.dirname, "..");
const userDir = resolve(process.env["USER_DIR"] || join(root, ".node-red"));
const host = process.env["HOST"] || "127.0.0.1";
const port = portOf("PORT", 1880);
const ocppPort = prepareFlow();
await mustBeFree("PORT", port, host);
if (ocppPort) await mustBeFree("OCPP_PORT", ocppPort);
const nodeRed = spawn(
  process.execPath,
  [join(root, "node_modules/node-red/red.js"), "--settings", join(root, "scripts/settings.cjs")],
  {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, USER_DIR: userDir, PORT: String(port) },
  },
);
nodeRed.stdout.on("data", (chunk: Buffer) => {
  process.stdout.write(chunk);
  if (chunk.includes("Started flows")) greet();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => nodeRed.kill("SIGTERM"));
nodeRed.on("close", (code) => {
  console.log("Node-RED has stopped.");
  process.exitCode = code ?? 0;
});

/**
 * The demo flow on the first start; later only its OCPP port follows OCPP_PORT, everything else stays as the user left it.
 * @returns the port that chargers dial; undefined where the user's flow has none of its own
 */
function prepareFlow(): number | undefined {
  mkdirSync(userDir, { recursive: true });
  const file = join(userDir, "flows.json");
  const first = !existsSync(file);
  if (first) openOnSidebar();
  const flow = read(first ? join(root, "examples/2 - Car park.json") : file);
  const centralSystem = flow.find(({ type }) => type === "ev-central-system");
  if (first || (centralSystem && process.env["OCPP_PORT"])) {
    const wanted = portOf("OCPP_PORT", Number(centralSystem?.port));
    const dialled = `ws://127.0.0.1:${centralSystem?.port}`;
    for (const node of flow) if (node.url === dialled) node.url = `ws://127.0.0.1:${wanted}`;
    if (centralSystem) centralSystem.port = wanted;
    writeFileSync(file, `${JSON.stringify(flow, null, 4)}\n`);
  }
  return Number(centralSystem?.port) || undefined;
}

/** The editor opens with the sidebar EV charging above the debug messages; from then on it stays as the user leaves it. */
function openOnSidebar(): void {
  const section = (active: string, ...others: string[]) => ({ tabs: [active, ...others], active, hidden: false });
  const top = { ...section("ev-charging", "info", "help", "config", "context"), height: 560 };
  const primary = { width: 380, top, bottom: section("debug") };
  const secondary = { width: 210, top: section("explorer"), bottom: section("palette") };
  const state = { v: 4, tabs: [], primary, secondary };
  const users = join(userDir, ".config.users.json");
  if (!existsSync(users)) writeFileSync(users, JSON.stringify({ _: { editor: { sidebar: { state } } } }));
}

/** Ends with a sentence when the file is no flow. */
function read(file: string): FlowNode[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as FlowNode[];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`${file} cannot be read: ${reason}. Repair it, or move it away to get the demo anew.`);
    process.exit(1);
  }
}

/** Ends with a sentence when another program listens there. */
async function mustBeFree(name: string, number: number, address?: string): Promise<void> {
  const probe = createServer().listen(number, address);
  try {
    await once(probe, "listening");
    probe.close();
    await once(probe, "close");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "is used by another program" : `cannot be used (${code})`;
    console.error(`Port ${number} ${reason}. Choose another one, for example: ${name}=${number + 1} npm start`);
    process.exit(1);
  }
}

function greet(): void {
  console.log(`
  The car park is running.
    Editor          http://${host}:${port}
    Chargers dial   ws://<this machine>:${ocppPort ?? port}/<identity>   (OCPP 1.6J)
    Flow and data   ${userDir}
  Stop with Ctrl-C.
`);
}

function portOf(name: string, fallback: number): number {
  const text = process.env[name];
  const number = Number(text || fallback);
  if (Number.isInteger(number) && number >= 1 && number <= 65535) return number;
  console.error(`${name} is ${JSON.stringify(text)}; it must be a port, 1 to 65535`);
  process.exit(1);
}
