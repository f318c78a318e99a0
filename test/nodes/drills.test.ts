import { strict as assert } from "node:assert";
import type { Node, NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import type { AlarmNoticeMessage } from "../../lib/alarm/wording.ts";
import type { DrillRunning, DrillView } from "../../lib/commissioning/drills/view-types.ts";
import type { AllocationMessage } from "../../lib/messages.ts";
import type { DrillsPage } from "../../nodes/admin/types/commissioning-page-types.ts";
import { signedIn } from "../rights/signed-in.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = [
  "ev-site",
  "ev-zone",
  "ev-charge-point",
  "ev-central-system",
  "ev-modbus",
  "ev-meter",
  "ev-dlm",
  "ev-charging-profile",
  "ev-alarms",
  "ev-overview",
];

interface News extends NodeMessage {
  payload: { running: DrillRunning | null; result: DrillView | null };
}

describe("drills", () => {
  let port: number;
  let charger: Charger;
  let repeat: NodeJS.Timeout;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
  });
  afterEach(async () => {
    clearInterval(repeat);
    charger.close();
    await stop();
  });

  const flow = (): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir, otherUsers: "operator", roles: [{ user: "ana", role: "admin" }] },
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: 1 },
    { id: "m", type: "ev-meter", bus: "bus", meter: "grid", intervalMs: 0, wires: [[]] },
    {
      ...{ id: "z", type: "ev-zone", site: "site", name: "main", limitA: [80, 80, 80] },
      meters: [{ meter: "grid", staleAfterS: 2 }],
    },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", zone: "z" },
    { id: "dlm", type: "ev-dlm", zone: "z", cycleS: 1, rampUpAps: 100, wires: [["alloc", "profile"], ["news"], []] },
    { id: "profile", type: "ev-charging-profile", wires: [[]] },
    { id: "alarms", type: "ev-alarms", site: "site", minSeverity: "info", wires: [["notices"], []] },
    ...["alloc", "news", "notices", "caught"].map((id) => ({ id, type: "helper" })),
    { id: "catch", type: "catch", scope: ["dlm"], wires: [["caught"]] },
  ];
  const say = (message: object) => (node("dlm") as Node | null)?.receive(message as NodeMessage);
  const ask = (name: string, payload: object = {}, user = "ana") =>
    say({ topic: `drill/${name}`, payload, ...signedIn(user) });
  const news = (accept: (payload: News["payload"]) => boolean) =>
    nextMessage<News>("news", ({ topic, payload }) => /^drill\/.+\//.test(topic ?? "") && accept(payload), 18_000);
  /** A machine that is busy may have let a meter wait: then it is asked again. @returns the first news, and when it was asked for */
  const begin = async (payload: object): Promise<{ begun: News; atMs: number }> => {
    let atMs = 0;
    const asking = setInterval(() => {
      atMs = performance.now();
      ask("start", payload);
    }, 300);
    const begun = await news(({ running }) => running !== null).finally(() => clearInterval(asking));
    return { begun, atMs };
  };
  const allocated = (limitA: number) =>
    nextMessage<AllocationMessage>("alloc", ({ payload }) => payload.limitA === limitA);
  const onWire = async (limitA: number): Promise<number> => {
    while (!JSON.stringify(await charger.next("SetChargingProfile")).includes(`"startPeriod":0,"limit":${limitA}}`));
    return performance.now();
  };
  const charging = async () => {
    await deploy(TYPES, flow());
    await until("the port is open", () => /open/.test(lastStatus("cs")?.text ?? ""));
    repeat = setInterval(() => say({ topic: "meter/grid", payload: { currentA: [3, 3 + Math.random(), 3] } }), 200);
    const full = onWire(32);
    const ready = charger.next("TriggerMessage");
    await charger.connect(port);
    await ready;
    await charger.status("Charging");
    const timestamp = new Date().toISOString();
    await charger.say("StartTransaction", { connectorId: 1, idTag: "AB", meterStart: 0, timestamp });
    await full;
  };

  it("takes a meter away, tells each second, and puts it back; the time is that of the frame", async () => {
    await charging();
    const refused = nextMessage<NodeMessage & { error: { code: string } }>("caught");
    ask("start", { kind: "meter", target: "grid" }, "bob");
    assert.equal((await refused).error.code, "EV_ROLE_DENIED");
    const unknown = nextMessage<NodeMessage & { error: { code: string }; refusal: string }>("caught");
    ask("start", { kind: "meter", target: "sun" });
    const { error, refusal } = await unknown;
    assert.deepEqual([error.code, refusal], ["EV_DRILL", "No zone of a load management names the meter sun."]);
    const notice = nextMessage<AlarmNoticeMessage & NodeMessage>(
      "notices",
      ({ topic }) => topic === "alarm/drill/site",
    );
    const lowered = onWire(6);
    const { begun, atMs } = await begin({ kind: "meter", target: "grid" });
    const { topic, payload } = begun;
    assert.deepEqual([topic, payload.running?.phase], ["drill/meter/grid", "fault"]);
    assert.match(payload.running!.text, /^Drill: meter grid dead, at most \d+ s more$/);
    const again = nextMessage<NodeMessage & { refusal: string }>("caught");
    ask("start", { kind: "limit" });
    assert.match((await again).refusal, /^A drill or the proof of a wiring is under way/);
    await until("the status counts down", () => /^Drill: meter grid dead/.test(lastStatus("dlm")?.text ?? ""));
    const reallyS = ((await lowered) - atMs) / 1000;
    assert.match((await notice).payload.text, /^a drill is under way: meter grid dead; it ends at /);
    const time = new Date().toISOString();
    await charger.say("MeterValues", {
      connectorId: 1,
      meterValue: [{ timestamp: time, sampledValue: [{ value: "6", measurand: "Current.Import" }] }],
    });
    const { result } = (await news(({ result }) => result !== null)).payload;
    assert.deepEqual([result?.verdict, result?.end, result?.by, result?.limit], ["right", "finished", "ana", 6]);
    assert.ok(Math.abs(result!.commandedS! - reallyS) < 0.7, `${result!.commandedS} ${reallyS}`);
    assert.ok(result!.curve.length >= 3);
    const listed = nextMessage<NodeMessage>("news", ({ topic }) => topic === "drill/list");
    ask("list", {}, "bob");
    const { running, results } = (await listed).payload as { running: null; results: DrillView[] };
    assert.deepEqual([running, results.map(({ kind, target }) => `${kind} ${target}`)], [null, ["meter grid"]]);
    await allocated(32);
  });

  it("holds a connection shut until it is aborted", async () => {
    await charging();
    const page = async () =>
      (await testHelper.request().get("/ev-charging/drills?site=site").expect(200)).body as DrillsPage;
    const post = (name: string, payload: object, status: number) =>
      testHelper.request().post("/ev-charging/drills").send({ site: "site", name, payload }).expect(status);
    const { choices, running: none, mayDrill } = await page();
    assert.deepEqual([none, mayDrill], [null, true]);
    assert.deepEqual(
      choices.map(({ kind, target }) => `${kind} ${target}`),
      ["link CP1/1", "meter grid", "limit main", "disobey CP1/1"],
    );
    const { message } = (await post("start", { kind: "link", target: "CP7/1" }, 400)).body as { message: string };
    assert.equal(message, "CP7/1 is no connector of a load management.");
    await begin({ kind: "link", target: "CP1/1" });
    assert.match((await page()).running!.text, /^Drill: connection to CP1\/1 cut/);
    await assert.rejects(new Charger().connect(port), /409/);
    const ended = news(({ result }) => result !== null);
    await post("abort", {}, 200);
    assert.deepEqual((await ended).payload.result?.end, "person");
    await charger.connect(port);
  });

  it("is over with a deploy", async () => {
    await charging();
    const lowered = nextMessage<AllocationMessage>("alloc", ({ payload }) => payload.limitA < 7);
    await begin({ kind: "limit", target: "main" });
    await until("a long status keeps its countdown", () => /^Drill: .*… \d+ s$/.test(lastStatus("dlm")?.text ?? ""));
    assert.match((await lowered).payload.text, /\(4\.2 kW, a drill\)/);
    await redeploy(flow());
    const free = allocated(32);
    const listed = nextMessage<NodeMessage>("news", ({ topic }) => topic === "drill/list");
    ask("list");
    const { running, results } = (await listed).payload as { running: null; results: DrillView[] };
    assert.deepEqual([running, results.map(({ end }) => end)], [null, ["deploy"]]);
    await free;
  });
});
