/**
 * The four drills of commissioning on the shipped car park: real Node-RED, OCPP and Modbus. What they say is compared with the frames, the
 * cars and another reader of the meter.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import ModbusRTU from "modbus-serial";
import type { DrillKind, DrillPage, DrillView } from "../../lib/commissioning/drills/view-types.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { OverviewPage } from "../../nodes/admin/types/overview-page-types.ts";
import type { EditorFeed } from "../e2e/editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "../e2e/flows.ts";
import { until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { addModule } from "../e2e/package.ts";
import { isLong } from "./scale.ts";

/** Shorter than shipped, s: a cut connection lasts as long. */
const LEASE = { leaseS: 90, refreshS: 40 };
const CALM = [5, 5, 5];
/** Frames and readings pass an editor's feed, ms; a drill looks and decides in steps. */
const WIRE_S = 2;
/** A charger reports its current so seldom at most, s. */
const REPORTED_S = 20;
/** The process begins to charge, and comes back, within this, ms. */
const LONG_MS = 240_000;

interface Wish {
  kind: DrillKind;
  target: string;
  limitW?: number;
}
const WISHES: Wish[] = [
  { kind: "meter", target: "grid" },
  { kind: "disobey", target: "CP1/1" },
  { kind: "limit", target: "Building", limitW: 12_000 },
  { kind: "link", target: "CP1/1" },
];

const LIMIT = WISHES.find(({ kind }) => kind === "limit")!;
const LINK = WISHES.find(({ kind }) => kind === "link")!;

interface RawMessage {
  chargePoint: string;
  payload: { direction: string; frame: unknown };
}
interface CarMessage {
  chargePoint: string;
  payload: SimulatedState;
}

describe("drill: commissioning on the shipped car park", function () {
  if (!isLong) return;
  this.timeout(900_000);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  let reader: ModbusRTU;
  let reading: NodeJS.Timeout;
  const meter: { atMs: number; currentA: number[] }[] = [];
  let site = "";

  before("open it", async () => {
    const example = await exampleForTest("10 - Facility dashboard.json");
    flow = example.flow.map((node) => {
      if (node.type === "ev-simulator") return { ...node, wires: [["cars"]] };
      if (node.type === "ev-meter-simulator") return { ...node, loadA: CALM };
      return node.type === "ev-charging-profile" ? { ...node, ...LEASE } : node;
    });
    const z = theNode(flow, "tab").id;
    site = theNode(flow, "ev-site").id;
    const debug = {
      type: "debug",
      z,
      x: 900,
      y: 900,
      active: true,
      tosidebar: true,
      complete: "true",
      targetType: "full",
    };
    const event = { id: "raw", type: "ev-event", z, x: 500, y: 900, events: ["raw"], raw: true, wires: [["parsed"]] };
    const alarms = { id: "alarms", type: "ev-alarms", z, x: 500, y: 950, site, minSeverity: "info", format: "alarm" };
    // A debug node cuts long texts.
    flow.push({ id: "parsed", type: "json", z, property: "payload.frame", action: "obj", wires: [["frames"]] });
    flow.push({ ...debug, id: "cars" }, { ...debug, id: "frames" }, { ...debug, id: "notices" });
    flow.push({ ...event, centralSystem: "", chargePoint: "" }, { ...alarms, wires: [["notices"], []] });
    nodeRed = await NodeRed.start("5", {
      channel: true,
      nodeArgs: ["--import", join(import.meta.dirname, "probe.ts")],
      prepare: (userDir) => addModule(userDir, "@flowfuse/node-red-dashboard"),
    });
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
    reader = new ModbusRTU();
    const connected = () => reader.connectTCP("127.0.0.1", { port: example.ports.modbus }).then(() => true);
    await until("the meter listens", () => connected().catch(() => false), 30_000);
    reader.setID(1);
    let isReading = false;
    reading = setInterval(async () => {
      if (isReading || !reader.isOpen) return;
      isReading = true;
      const answer = await reader.readInputRegisters(6, 6).catch(() => null);
      isReading = false;
      if (!answer) return;
      meter.push({ atMs: Date.now(), currentA: [0, 4, 8].map((at) => answer.buffer.readFloatBE(at)) });
    }, 250);
    await full();
  });
  after(async () => {
    clearInterval(reading);
    reader?.close(() => {});
    await nodeRed?.stop();
  });

  const car = (id: string): SimulatedState | undefined =>
    feed.of<CarMessage>("cars").findLast(({ message }) => message.chargePoint === id)?.message.payload;
  const drawnA = (id: string): number => Math.max(0, ...(car(id)?.currentA ?? []));
  const garageA = (): number =>
    Math.max(...[0, 1, 2].map((p) => sum(["CP1", "CP2", "CP3"].map((id) => car(id)?.siteCurrentA[p] ?? 0))));
  const told = () => ["CP1", "CP2", "CP3", "CP4", "CP5", "CP6"].map((id) => `${id} ${drawnA(id)} A`).join(", ");
  /** The cars fill the breaker of the garage. */
  const full = () =>
    until(
      "the garage is full",
      () => garageA() > 29 && car("CP1")?.online === true && drawnA("CP1") > 9.5,
      LONG_MS,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${told()}\n${nodeRed.log.slice(-3000)}`);
    });
  const page = async () => (await nodeRed.get(`/ev-charging/drills?site=${site}`)) as DrillPage;
  const post = async (name: string, payload: object): Promise<string> => {
    const body = JSON.stringify({ site, name, payload });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${nodeRed.url}/ev-charging/drills`, { method: "POST", headers, body });
    return answer.ok ? "" : await answer.text();
  };
  const running = async () => (await page()).running;
  const phase = async () => (await running())?.phase ?? "";
  /** The machine may be slow: what is refused for the moment is asked for again. */
  const start = async (wish: Wish): Promise<void> => {
    let refusal = "";
    const asked = async () => {
      refusal = await post("start", wish);
      return refusal === "";
    };
    await until(`${wish.kind} begins`, asked, 60_000).catch(() => assert.fail(`${wish.kind}: ${refusal}; ${told()}`));
  };
  const inForce = (wish: Wish) => until(`${wish.kind} is in force`, async () => (await phase()) === "fault", 100_000);
  const ended = async (withinMs = 400_000): Promise<DrillView> => {
    await until("it has ended", async () => (await running()) === null, withinMs);
    return (await page()).results[0]!;
  };
  const announced = async (sinceMs: number) => {
    const notice =
      (text: RegExp) =>
      ({ message }: { message: unknown }) =>
        text.test(JSON.stringify(message));
    const isTold = () => feed.of("notices", sinceMs).some(notice(/a drill is under way/));
    await until("the alarm list says it", isTold, 15_000);
    const dlm = theNode(flow, "ev-dlm").id;
    const counts = ({ text }: { text?: string }) => /^Drill: .* \d+ s/.test(text ?? "");
    await until("the status counts down", () => feed.statusesOf(dlm, sinceMs).some(counts), 15_000);
  };

  /** Limits that a charger has accepted, by the frames. */
  const accepted = (): { id: string; atMs: number; limitA: number }[] => {
    const open = new Map<string, { id: string; limitA: number }>();
    const list: { id: string; atMs: number; limitA: number }[] = [];
    for (const { atMs, message } of feed.of<RawMessage>("frames")) {
      const { frame } = message.payload;
      const [type, call, action, body] = frame as [number, string, unknown, unknown];
      if (type === 2 && action === "SetChargingProfile") {
        const { chargingSchedule } = (body as { csChargingProfiles: { chargingSchedule: Schedule } })
          .csChargingProfiles;
        open.set(call, { id: message.chargePoint, limitA: chargingSchedule.chargingSchedulePeriod[0]!.limit });
      }
      const set = open.get(call);
      if (type === 3 && set && (action as { status?: string }).status === "Accepted") list.push({ ...set, atMs });
    }
    return list;
  };

  /** When the last charger that was told less had accepted it, s after a moment. */
  const loweredS = (fromMs: number, untilMs: number, but: string): number => {
    const now = new Map<string, number>();
    let lastMs = fromMs;
    for (const { id, atMs, limitA } of accepted()) {
      const isLower = limitA < (now.get(id) ?? Number.POSITIVE_INFINITY) - 0.05;
      now.set(id, limitA);
      if (isLower && id !== but && atMs > fromMs && atMs <= untilMs) lastMs = atMs;
    }
    return (lastMs - fromMs) / 1000;
  };

  /** When the meter, read by somebody else, first showed so much less on each of the phases, s after a moment. */
  const fellS = (fromMs: number, byA: number): number | null => {
    const before = meter.filter(({ atMs }) => atMs <= fromMs).at(-1)!;
    const later = meter.filter(({ atMs }) => atMs > fromMs);
    const isDown = ({ currentA }: (typeof meter)[number]) =>
      currentA.every((now, p) => before.currentA[p]! - now >= byA * 0.6);
    const at = later.find((_, i) => later.slice(i, i + 3).length === 3 && later.slice(i, i + 3).every(isDown));
    return at ? (at.atMs - fromMs) / 1000 : null;
  };

  /** When chargers first drew as wanted, by the cars themselves, s after a moment. */
  const carsS = (fromMs: number, holds: (now: Map<string, SimulatedState>) => boolean): number | null => {
    const now = new Map<string, SimulatedState>();
    for (const { atMs, message } of feed.of<CarMessage>("cars")) {
      now.set(message.chargePoint, message.payload);
      if (atMs > fromMs && holds(now)) return (atMs - fromMs) / 1000;
    }
    return null;
  };

  /** The report says the same seconds as the result. */
  const reported = async ({ kind, title, findings }: DrillView) => {
    const report = await (await fetch(`${nodeRed.url}/ev-charging/commissioning-report?site=${site}`)).text();
    const timed = findings.map(({ text }) => text).filter((text) => /after [\d.]+ s/.test(text));
    assert.ok(timed.length > 0, kind);
    for (const text of [title, ...timed]) assert.ok(report.includes(text), `${kind}: the report lacks ${text}`);
  };

  const say = (text: string) => process.stdout.write(`      ${text}\n`);

  for (const wish of WISHES)
    it(`${wish.kind}: goes to its end, is right, and its times are those on the wire`, async () => {
      await full();
      const sinceMs = Date.now();
      await start(wish);
      await announced(sinceMs);
      const result = await ended();
      const fromMs = Date.parse(result.started);
      const findings = JSON.stringify([result.findings, result.steps]);
      assert.deepEqual([result.kind, result.end, result.verdict], [wish.kind, "finished", "right"], findings);
      const { commandedS, measuredS } = result;
      assert.ok(measuredS !== null, findings);
      const roomS = result.steps[0]!.atS < 0 ? -result.steps[0]!.atS : 0;
      const said = `${wish.kind}: room ${roomS} s, confirmed ${commandedS} s, drawn ${measuredS} s (allowed ${result.allowedS} s)`;
      if (wish.kind === "link") {
        const wireS = fellS(fromMs, 3);
        const safeS = carsS(fromMs, (now) => Math.max(...now.get("CP1")!.currentA) <= 6.1);
        say(`${said}; by the other reader of the meter ${wireS} s, the car itself ${safeS} s`);
        assert.ok(
          wireS !== null &&
            Math.abs(measuredS - wireS) <= WIRE_S &&
            safeS !== null &&
            Math.abs(measuredS - safeS) <= 2 * WIRE_S,
        );
      } else {
        const wireS = loweredS(fromMs, fromMs + (commandedS! + 1) * 1000, wish.kind === "disobey" ? "CP1" : "");
        const isSafe = (now: Map<string, SimulatedState>): boolean => {
          const cars = [...now.values()];
          if (wish.kind === "limit") return sum(cars.map(({ powerW }) => powerW)) <= wish.limitW! * 1.05 + 115;
          if (wish.kind === "meter") return cars.every(({ currentA }) => Math.max(...currentA) <= 6.6);
          // The others have given way once each of them keeps to what it had accepted.
          return ["CP2", "CP3"].every((id) => Math.max(...now.get(id)!.currentA) <= now.get(id)!.limitA + 0.5);
        };
        const afterS = wish.kind === "disobey" ? wireS : 0;
        const foundS = carsS(fromMs + afterS * 1000, isSafe);
        const safeS = foundS === null ? null : afterS + foundS;
        say(`${said}; by the frames ${wireS} s, the cars themselves ${safeS} s`);
        assert.ok(commandedS !== null && Math.abs(commandedS - wireS) <= WIRE_S, `${said}; by the frames ${wireS} s`);
        assert.ok(
          safeS !== null && measuredS >= safeS - WIRE_S && measuredS <= safeS + REPORTED_S,
          `${said}; cars ${safeS} s`,
        );
      }
      await reported(result);
      await full();
    });

  for (const wish of WISHES)
    it(`${wish.kind}: is aborted half-way without a trace`, async () => {
      await full();
      const sinceMs = Date.now();
      await start(wish);
      await announced(sinceMs);
      await inForce(wish);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.equal(await post("abort", {}), "");
      const { kind, end, findings } = (await page()).results[0]!;
      assert.deepEqual([await running(), kind, end], [null, wish.kind, "person"]);
      assert.ok(
        findings.every(({ verdict }) => verdict !== "wrong"),
        JSON.stringify(findings),
      );
      await full();
      await calm();
    });

  const isAlarmed = async () => {
    const { overview } = (await nodeRed.get(`/ev-charging/overview?site=${site}`)) as OverviewPage;
    return overview.alarms.some(({ text }) => /a drill is under way/.test(text));
  };

  /** Nothing of a drill is left in what people see. */
  async function calm(): Promise<void> {
    const dlm = theNode(flow, "ev-dlm").id;
    await feed.status("the status says nothing of it", dlm, ({ text }) => !/Drill/.test(text ?? ""), 20_000);
    await until("the alarm list says nothing of it", async () => !(await isAlarmed()), 5000);
    assert.equal((await page()).running, null);
  }

  it("limit: a step of the wall clock, an hour ahead and back, changes nothing of it", async () => {
    for (const shiftMs of [3_600_000, -3_600_000]) {
      await full();
      await start(LIMIT);
      await inForce(LIMIT);
      nodeRed.send({ shiftMs });
      const { end, verdict, durationS, findings } = await ended(90_000);
      assert.deepEqual([end, verdict], ["finished", "right"], JSON.stringify(findings));
      say(`clock ${shiftMs > 0 ? "ahead" : "back"}: ended after ${durationS} s`);
      assert.ok(durationS <= 75, String(durationS));
    }
    await full();
  });

  it("link: its charger is taken out of the flow half-way, and put back", async () => {
    await full();
    await start(LINK);
    await inForce(LINK);
    const cp1 = flow.find(({ identity, type }) => type === "ev-charge-point" && identity === "CP1")!;
    await nodeRed.deploy(
      flow.filter((node) => node !== cp1),
      "nodes",
    );
    const { end } = await ended(30_000);
    say(`charger taken out: ended (${end})`);
    assert.ok(["gone", "deploy"].includes(end), end);
    await calm();
    await nodeRed.deploy(flow, "nodes");
    await full();
  });

  it("link: Node-RED is killed half-way, and nothing of it is in force after the restart", async () => {
    await full();
    await start(LINK);
    await inForce(LINK);
    await nodeRed.kill("SIGKILL");
    const atMs = Date.now();
    await nodeRed.restart();
    const { running: now, results } = await page();
    assert.deepEqual(
      [now, results[0]!.kind, results[0]!.end, results[0]!.verdict],
      [null, "link", "restart", "unsure"],
    );
    const ready = () => choicesOf("disobey", "CP1/1");
    await until("CP1 is back", async () => !/not connected/.test((await ready()) ?? "not connected"), LONG_MS);
    await until("the alarm list says nothing of it", async () => !(await isAlarmed()), 15_000);
    say(`killed: connected again ${Math.round((Date.now() - atMs) / 1000)} s after`);
  });

  async function choicesOf(kind: DrillKind, target: string): Promise<string | undefined> {
    return (await page()).choices.find((one) => one.kind === kind && one.target === target)?.lacks;
  }
});

interface Schedule {
  chargingSchedulePeriod: { limit: number }[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
