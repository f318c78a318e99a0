/** Runs every suite — library, nodes on both Node-RED majors, end to end, hostile visitors (`TESTS=all`), drills in their short form — and ends with one line `N passed, M failed`. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { packOnce } from "../test/e2e/package.ts";
import { compileTests, floorNode } from "./floor.ts";

interface Totals {
  passes: number;
  failures: number;
  pending: number;
  skipped: string[];
  /** Title and error of each failure: said again at the end, where a log that is cut still shows it. */
  failed: string[];
}

const root = join(import.meta.dirname, "..");
const totalsDir = mkdtempSync(join(tmpdir(), "phasewise-test-"));
interface Suite {
  name: string;
  config: string;
  /** Test files at a time; without it what the configuration says. */
  jobs?: number;
  /** No other suite beside it. */
  isAlone?: boolean;
  /** Its first port, in shares: suites that run side by side have ports of their own. */
  portShare: number;
  env?: Record<string, string>;
  /** Compiled, on the oldest Node.js that is supported. */
  onFloor?: boolean;
}

const isFull = process.env["TESTS"] === "all";
/** Only where everything is tested: `.ci/run` brings it. */
const floor = isFull ? floorNode() : null;

/** All but the library mostly wait: for Node-RED, for cars, for clocks. Where there are cores for it, more of them do so together. */
const isWide = availableParallelism() >= 4;
/** Test files at a time, of all suites together. */
const ROOM = isWide ? 26 : 12;
/** Most of it runs on clocks of its own, as fast as a core can. */
const LIBRARY: Suite = {
  name: "library",
  config: ".mocharc.json",
  portShare: 25,
  jobs: isWide ? 6 : 2,
  isAlone: isWide,
};
const END_TO_END: Suite = {
  name: floor ? "end to end, Node-RED 4.1 on the oldest Node.js" : "end to end",
  config: ".mocharc.e2e.json",
  jobs: isWide ? 14 : 10,
  portShare: 0,
  ...(floor !== null && { env: { FLOOR_NODE: floor } }),
};
const NODES: Suite[] = [
  {
    name: "nodes on Node-RED 5",
    config: ".mocharc.nodes.json",
    jobs: isWide ? 5 : 4,
    portShare: 15,
    env: { NODE_RED: "node-red" },
  },
  {
    name: floor ? "nodes on Node-RED 4.1, on the oldest Node.js" : "nodes on Node-RED 4.1",
    // In the short form, those that lean on what differs between the majors: credentials, pages of the editor, nodes of its own.
    config: floor ? ".mocharc.floor.json" : isFull ? ".mocharc.nodes.json" : ".mocharc.major.json",
    jobs: isWide ? 5 : 4,
    portShare: 20,
    env: { NODE_RED: "node-red-4" },
    onFloor: floor !== null,
  },
];
/** Of Node.js without an SQLite of its own. */
const STORE: Suite = {
  name: "store in WebAssembly",
  config: ".mocharc.store.json",
  jobs: 2,
  portShare: 29,
  env: { PHASEWISE_SQLITE: "node-sqlite3-wasm" },
};
/** Alone, one file at a time: it measures how long honest chargers wait beside hostile ones. */
const HOSTILE: Suite = { name: "hostile visitors", config: ".mocharc.hostile.json", portShare: 0, isAlone: true };
const DRILLS: Suite = { name: "drills", config: ".mocharc.drills.json", portShare: 0, isAlone: true };

/** Each begins once there is room for it. Where cores are few, the library keeps them busy while nodes wait. */
const SUITES: Suite[] = [
  ...(isWide ? [LIBRARY, END_TO_END, ...NODES] : [LIBRARY, ...NODES, END_TO_END]),
  ...(isFull ? [STORE, HOSTILE] : []),
  DRILLS,
];

const sum: Totals = { passes: 0, failures: 0, pending: 0, skipped: [], failed: [] };
/** For all suites that need it, while the first ones run. Where it fails, each of them tries by itself and says why. */
let packed: Promise<() => void> | null = null;
const running = new Map<Promise<void>, number>();
for (const suite of SUITES) {
  const files = suite.isAlone ? ROOM : (suite.jobs ?? ROOM);
  const hasRoom = (): boolean =>
    running.size === 0 || files + [...running.values()].reduce((all, one) => all + one) <= ROOM;
  if (!hasRoom()) await packed;
  while (!hasRoom()) await Promise.race(running.keys());
  const ended = run(suite).then((totals) => {
    running.delete(ended);
    sum.passes += totals.passes;
    sum.failures += totals.failures;
    sum.pending += totals.pending;
    sum.skipped.push(...totals.skipped);
    sum.failed.push(...totals.failed);
  });
  running.set(ended, files);
  packed ??= packOnce().catch(() => () => {});
}
await Promise.all(running.keys());
(await packed)?.();
rmSync(totalsDir, { recursive: true, force: true });
for (const title of sum.skipped) console.log(`skipped: ${title}`);
for (const failure of sum.failed) console.log(`failed: ${failure}\n`);
console.log(`${sum.passes} passed, ${sum.failures} failed${sum.pending ? `, ${sum.pending} skipped` : ""}`);
process.exitCode = sum.failures ? 1 : 0;

/** One mocha process, its output shown as a whole. A process that dies without totals counts as one failure. */
async function run({ name, config, env, jobs, portShare, onFloor = false }: Suite): Promise<Totals> {
  const totalsFile = join(totalsDir, `${name}.json`);
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const args = [mocha, "--config", config, "--reporter", join(root, "scripts/mocha-reporter.cjs")];
  if (jobs !== undefined) args.push("--jobs", String(jobs));
  const child = spawn(onFloor && floor ? floor : process.execPath, args, {
    cwd: onFloor ? compileTests() : root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, PORT_SHARE: String(portShare), TEST_TOTALS: totalsFile },
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  console.log(`── ${name} … ──`);
  const beganMs = performance.now();
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  process.stdout.write(
    `\n── ${name}: ${Math.round((performance.now() - beganMs) / 1000)} s ──\n${Buffer.concat(output).toString("utf8")}`,
  );
  try {
    const totals = JSON.parse(readFileSync(totalsFile, "utf8")) as Totals;
    return code && !totals.failures
      ? { ...totals, failures: 1, failed: [`${name}: the process ended with code ${code}`] }
      : totals;
  } catch {
    return { passes: 0, failures: 1, pending: 0, skipped: [], failed: [`${name}: the process died (code ${code})`] };
  }
}
