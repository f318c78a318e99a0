/** What the product takes of a small machine: time, memory and the life of its flash card. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { seeded } from "../../lib/simulator/random.ts";
import type { Triple } from "../../lib/units.ts";
import { flowOf, type ParkPlan, type ParkPorts, siteOf } from "../../test/drills/plan.ts";
import { SimulatorProcess } from "../../test/drills/simulator.ts";
import type { FlowNode } from "../../test/e2e/flows.ts";
import { freePort, until } from "../../test/e2e/net.ts";
import { type Major, NodeRed, type RunOptions } from "../../test/e2e/node-red.ts";
import { packOnce, ROOT } from "../../test/e2e/package.ts";
import { median } from "../figure.ts";
import { type SmallMachine, smallMachine } from "./small-machine.ts";

export interface SmallFigure {
  name: string;
  value: number;
  unit: string;
  /** At most this; null = no aim. */
  aim: number | null;
  detail?: object;
}

export interface SmallOptions {
  minutes: number;
  major: Major;
  seed: number;
  /** Of `ev-charging-profile`. */
  leaseS: number;
  refreshS: number;
  say: (line: string) => void;
}

const CHARGERS = 20;
/** Behind the breaker of the building, each with a meter as that one has. */
const FLOORS = 9;
/** As the default, but for what tells it from other intervals: the probe looks for it. */
const CYCLE_MS = 5003;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LOOK_MS = 5000;
/** Cars and house change so often, in looks. */
const CAR_LOOKS = 12;
const HOUSE_LOOKS = 4;
/** All is slow there. */
const START_MS = 300_000;
const SETTLE_MS = 90_000;
/** The daily copy comes ten minutes after the start. */
const COPY_MS = 900_000;
const WANTED_A = [8, 12, 16, 32];
const SLOW_BY = 10;
const FIRST = "the first decision";
const AIM_RSS_MB = 120;
const AIM_CYCLE_MS = 250;
const AIM_WRITTEN_MB = 50;

interface Look {
  look: number;
  cyclesMs: number[];
  loopP99Ms: number;
  loopMaxMs: number;
}

const PLAN: ParkPlan = {
  zones: [
    { name: "main", limitA: 125, loadA: [10, 10, 10], meter: true },
    ...Array.from({ length: FLOORS }, (_, index) => ({
      ...{ name: `floor${index + 1}`, parent: "main", limitA: 40, loadA: [3, 3, 3] as Triple, meter: true },
    })),
  ],
  chargers: Array.from({ length: CHARGERS }, (_, index) => ({
    ...{ identity: `CP${index + 1}`, zone: index < 2 * FLOORS ? `floor${1 + (index >> 1)}` : "main" },
    ...{ maxA: 32, rotation: (["RST", "STR", "TRS"] as const)[index % 3]!, meterIntervalS: 10, batteryWh: 1e6 },
  })),
  nodes: {
    "ev-dlm": { rampUpAps: 0.5, cycleS: CYCLE_MS / 1000 },
  },
};

/** Runs Node-RED on a small machine, once without the package and once with it, and the building beside it. */
export async function measureSmall(options: SmallOptions): Promise<{ how: string; figures: SmallFigure[] }> {
  const machine = smallMachine();
  const removePackage = await packOnce();
  try {
    options.say(machine.how);
    const own = await measureBare(machine, options);
    return { how: machine.how, figures: await measureProduct(machine, options, own) };
  } finally {
    removePackage();
    machine.close();
  }
}

async function measureBare(
  machine: SmallMachine,
  { major, say }: SmallOptions,
): Promise<{ rssMb: number; startMs: number }> {
  const nodeRed = await NodeRed.start(major, runOn(machine, { bare: true }));
  try {
    machine.adopt(nodeRed.pid!);
    await nodeRed.kill("SIGTERM");
    const beganMs = performance.now();
    await nodeRed.restart();
    const startMs = performance.now() - beganMs;
    machine.adopt(nodeRed.pid!);
    await pass(SETTLE_MS);
    const rssMb = rssOf(nodeRed.pid!);
    say(`Node-RED alone: ${rssMb.toFixed(0)} MB, starts in ${(startMs / 1000).toFixed(1)} s`);
    return { rssMb, startMs };
  } finally {
    await nodeRed.stop();
  }
}

async function measureProduct(
  machine: SmallMachine,
  { minutes, major, seed, leaseS, refreshS, say }: SmallOptions,
  own: { rssMb: number; startMs: number },
): Promise<SmallFigure[]> {
  const ports = await portsOf(PLAN);
  const simulator = new SimulatorProcess(siteOf(PLAN, ports), {});
  let nodeRed: NodeRed | null = null;
  try {
    await simulator.started();
    nodeRed = await NodeRed.start(major, runOn(machine));
    machine.adopt(nodeRed.pid!);
    await nodeRed.deploy(flow(ports, { leaseS, refreshS }));
    await settled(simulator);
    await nodeRed.kill("SIGTERM");
    const firstsBefore = firstsIn(nodeRed);
    const beganMs = performance.now();
    const restarted = nodeRed.restart();
    const started = nodeRed;
    const restarts = startsIn(nodeRed) + 1;
    await until("the flows run", () => startsIn(started) >= restarts, START_MS);
    const flowsMs = performance.now() - beganMs;
    await until("a first decision is taken", () => firstsIn(started) > firstsBefore, START_MS);
    const firstMs = performance.now() - beganMs;
    await restarted;
    machine.adopt(nodeRed.pid!);
    await settled(simulator);
    const backMs = performance.now() - beganMs;
    say(
      `first decision after ${(firstMs / 1000).toFixed(1)} s, all chargers under control after ${(backMs / 1000).toFixed(0)} s`,
    );
    await pass(SETTLE_MS);
    const seen = await observe(nodeRed, simulator, minutes, seeded(seed), say);
    const rounded = (value: number): number => Math.round(value * 10) / 10;
    const figure = (name: string, value: number, unit: string, aim: number | null, detail: object): SmallFigure => {
      return { name, value: rounded(value), unit, aim, detail };
    };
    const { cyclesMs, rssMb, writtenMbPerDay, ...rest } = seen;
    return [
      figure("start to first decision", firstMs / 1000, "s", null, {
        nodeRedAloneS: rounded(own.startMs / 1000),
        flowsRunS: rounded(flowsMs / 1000),
        allUnderControlS: rounded(backMs / 1000),
      }),
      figure("cycle, from due to done, p99", percentile(cyclesMs, 0.99), "ms", AIM_CYCLE_MS, {
        ...{ cycles: cyclesMs.length, median: rounded(median(cyclesMs)), slowest: slowestOf(cyclesMs) },
        ...{
          loopP99Ms: rounded(rest.loopP99Ms),
          loopMaxMs: rounded(rest.loopMaxMs),
          cpuPercent: rounded(rest.cpuPercent),
        },
      }),
      figure("memory above Node-RED's own, RSS", median(rssMb) - own.rssMb, "MB", AIM_RSS_MB, {
        ...{ nodeRedAlone: rounded(own.rssMb), median: rounded(median(rssMb)), most: rounded(Math.max(...rssMb)) },
      }),
      figure("written to flash in a day", writtenMbPerDay, "MB", AIM_WRITTEN_MB, {
        ...{ minutes, dailyCopyMb: rounded(rest.dailyCopyMb), inWritesMb: rounded(rest.givenMbPerDay) },
      }),
    ];
  } finally {
    await nodeRed?.stop();
    await simulator.stop();
  }
}

async function observe(
  nodeRed: NodeRed,
  simulator: SimulatorProcess,
  minutes: number,
  random: () => number,
  say: (line: string) => void,
) {
  const pid = nodeRed.pid!;
  const dailyCopyMb = mb(await copied(pid, join(nodeRed.userDir, "ev-charging/site")));
  await lookAt(nodeRed, 1);
  const before = { io: ioOf(pid), cpuMs: cpuMsOf(pid), atMs: performance.now() };
  const rssMb: number[] = [];
  for (let look = 1; performance.now() - before.atMs < minutes * MINUTE_MS; look++) {
    await pass(LOOK_MS);
    rssMb.push(rssOf(pid));
    if (look % CAR_LOOKS === 0) await stirCar(simulator, random);
    if (look % HOUSE_LOOKS === 0) await stirHouse(simulator, random);
    if (look % (MINUTE_MS / LOOK_MS) === 0)
      say(`${look / 12} min: ${rssMb.at(-1)!.toFixed(0)} MB, ${mb(ioOf(pid).written - before.io.written)} MB written`);
  }
  const seen = await lookAt(nodeRed, 2);
  const tookMs = performance.now() - before.atMs;
  const perDay = (bytes: number): number => (mb(bytes) * DAY_MS) / tookMs;
  const io = ioOf(pid);
  return {
    ...{ cyclesMs: seen.cyclesMs, loopP99Ms: seen.loopP99Ms, loopMaxMs: seen.loopMaxMs, rssMb, dailyCopyMb },
    writtenMbPerDay: perDay(io.written - before.io.written) + dailyCopyMb,
    givenMbPerDay: perDay(io.given - before.io.given),
    cpuPercent: (100 * (cpuMsOf(pid) - before.cpuMs)) / tookMs,
  };
}

function runOn({ wrapper }: SmallMachine, more: RunOptions = {}): RunOptions {
  return {
    ...{ wrapper, channel: true, env: { SMALL_CYCLE_MS: String(CYCLE_MS) }, slowBy: SLOW_BY },
    nodeArgs: ["--require", join(ROOT, "bench/small/probe.cjs")],
    ...more,
  };
}

async function portsOf({ zones, chargers }: ParkPlan): Promise<ParkPorts> {
  const ocpp = await freePort();
  const meters = new Map<string, number>();
  for (const { name, meter } of zones) if (meter) meters.set(name, await freePort());
  return { ocpp, dial: new Map(chargers.map(({ identity }) => [identity, ocpp])), bus: meters, meter: meters };
}

/** That of the drills, which also says when load management has decided for the first time. */
function flow(ports: ParkPorts, lease: { leaseS: number; refreshS: number }): FlowNode[] {
  const func = `if (!context.get("said")) { context.set("said", true); node.log("${FIRST}"); }`;
  const change = (node: FlowNode): FlowNode => {
    if (node.id === "dlm") return { ...node, wires: [["profile", "first"], [], []] };
    return node.id === "profile" ? { ...node, ...lease, minIncreaseS: 5 } : node;
  };
  return [
    ...flowOf(PLAN, ports).map(change),
    { id: "first", type: "function", z: "drill", func, outputs: 0, wires: [] },
  ];
}

const firstsIn = ({ log }: NodeRed): number => log.split(FIRST).length - 1;

const startsIn = ({ log }: NodeRed): number => log.split("Started flows").length - 1;

/** Every charger is there and charges. */
async function settled(simulator: SimulatorProcess): Promise<void> {
  const charging = () => {
    const states = Object.values(simulator.truth.chargePoints);
    return (
      states.length === CHARGERS &&
      states.every(({ online, status }) => online && /^(Charging|SuspendedEVSE)$/.test(status))
    );
  };
  await until("all chargers are under control", charging, START_MS);
}

async function stirCar(simulator: SimulatorProcess, random: () => number): Promise<void> {
  const identity = `CP${1 + Math.floor(random() * CHARGERS)}`;
  const isThere = simulator.truth.chargePoints[identity]!.status !== "Available";
  if (random() < 0.3) await simulator.tell({ identity, plugged: !isThere });
  else await simulator.tell({ identity, wantA: WANTED_A[Math.floor(random() * WANTED_A.length)] });
}

async function stirHouse(simulator: SimulatorProcess, random: () => number): Promise<void> {
  const { name } = PLAN.zones[Math.floor(random() * PLAN.zones.length)]!;
  const mostA = name === "main" ? 30 : 10;
  await simulator.tell({ zone: name, loadA: [0, 1, 2].map(() => Math.round(10 * random() * mostA) / 10) });
}

async function lookAt(nodeRed: NodeRed, id: number): Promise<Look> {
  let seen: Look | null = null;
  nodeRed.onMessage((message) => {
    if ((message as Look).look === id) seen = message as Look;
  });
  nodeRed.send({ look: id });
  await until("Node-RED says what it saw", () => seen !== null, MINUTE_MS);
  return seen!;
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}

/** Waits for the daily copy of the database, some minutes after the start. @returns how many bytes are written meanwhile */
async function copied(pid: number, site: string): Promise<number> {
  const endMs = performance.now() + COPY_MS;
  while (performance.now() < endMs) {
    const { written } = ioOf(pid);
    const bytes = copiesIn(site);
    await pass(LOOK_MS);
    if (copiesIn(site) === bytes) continue;
    await pass(LOOK_MS);
    return ioOf(pid).written - written;
  }
  throw new Error("no copy of the database was made");
}

/** Bytes of the copies of the database. */
function copiesIn(site: string): number {
  const folder = join(site, "copies");
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);
}

/** Bytes that went to the disk, and bytes that were given to the file system. */
function ioOf(pid: number): { written: number; given: number } {
  const text = readFileSync(`/proc/${pid}/io`, "utf8");
  const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)![1]);
  return { written: field("write_bytes"), given: field("wchar") };
}

function cpuMsOf(pid: number): number {
  // Fields 14 and 15 in ticks of 10 ms, counted behind the command's name, which may hold blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

const mb = (bytes: number): number => Math.round(bytes / 1e4) / 100;

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}

/** The slowest few, ms, with the moments at which they were, in parts of the time from its beginning to its end. */
function slowestOf(cyclesMs: readonly number[]): string {
  const slowest = cyclesMs.map((ms, index) => ({ ms, index })).toSorted((a, b) => b.ms - a.ms);
  return slowest
    .slice(0, 10)
    .map(({ ms, index }) => `${Math.round(ms)} at ${(index / cyclesMs.length).toFixed(2)}`)
    .join(", ");
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
