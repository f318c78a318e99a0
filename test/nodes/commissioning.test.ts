import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import type { ResultView, RunningView, TargetView } from "../../lib/commissioning/view-types.ts";
import type { AllocationMessage } from "../../lib/messages.ts";
import type { CommissioningPage } from "../../nodes/admin/types/commissioning-page-types.ts";
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
];

interface Listed {
  running: RunningView | null;
  targets: TargetView[];
  results: ResultView[];
  mayProve: boolean;
}

interface News extends NodeMessage {
  payload: { running: boolean; progress: number; result: ResultView | null };
}

describe("proving how a charger is wired", () => {
  let port: number;
  let charger: Charger;
  let repeat: NodeJS.Timeout;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
    charger.configuration = [{ key: "ConnectorPhaseRotation", readonly: true, value: "0.RST,1.STR" }];
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
    { id: "z", type: "ev-zone", site: "site", name: "main", limitA: [80, 80, 80], meters: [{ meter: "grid" }] },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", name: "Bay 12", zone: "z" },
    { id: "dlm", type: "ev-dlm", zone: "z", cycleS: 1, rampUpAps: 100, wires: [["alloc", "profile"], ["news"], []] },
    { id: "profile", type: "ev-charging-profile", wires: [[]] },
    ...["alloc", "news", "caught"].map((id) => ({ id, type: "helper" })),
    { id: "catch", type: "catch", scope: ["dlm"], wires: [["caught"]] },
  ];
  const say = (message: object) => node("dlm").receive(message as NodeMessage);
  const ask = (name: string, payload: object = {}, user = "ana") =>
    say({ topic: `commissioning/${name}`, payload, ...signedIn(user) });
  const news = (accept: (payload: News["payload"]) => boolean) =>
    nextMessage<News>("news", ({ topic, payload }) => topic === "commissioning/CP1/1" && accept(payload));
  const list = async (payload: object, user: string): Promise<Listed> => {
    const listed = nextMessage<NodeMessage>("news", ({ topic }) => topic === "commissioning/list");
    ask("list", payload, user);
    return (await listed).payload as Listed;
  };
  const allocated = (limitA: number) =>
    nextMessage<AllocationMessage>("alloc", ({ payload }) => payload.limitA === limitA);
  const onWire = async (limitA: number): Promise<void> => {
    while (!JSON.stringify(await charger.next("SetChargingProfile")).includes(`"startPeriod":0,"limit":${limitA}}`));
  };
  const charging = async () => {
    await deploy(TYPES, flow());
    await until("the port is open", () => /open/.test(lastStatus("cs")?.text ?? ""));
    const measure = () => ({ topic: "meter/grid", payload: { currentA: [3, 3 + Math.random(), 3] } }) as NodeMessage;
    // There is no node for a moment while it is deployed again.
    repeat = setInterval(() => testHelper.getNode("dlm")?.receive(measure()), 200);
    const full = allocated(32);
    const ready = charger.next("TriggerMessage");
    await charger.connect(port);
    await ready;
    await charger.status("Charging");
    const timestamp = new Date().toISOString();
    await charger.say("StartTransaction", { connectorId: 1, idTag: "AB", meterStart: 0, timestamp });
    await full;
  };

  it("asks load management for steps, and ends by hand with a result that is kept", async () => {
    await charging();
    const refused = nextMessage<NodeMessage & { error: { code: string } }>("caught");
    ask("start", { target: "CP1/1" }, "bob");
    assert.equal((await refused).error.code, "EV_ROLE_DENIED");
    const begun = news(({ running }) => running);
    const lowered = allocated(14);
    const onTheWire = onWire(14);
    ask("start", { target: "CP1/1", field: "right" });
    await begun;
    assert.match((await lowered).payload.text, /14 A: its wiring is being proven/);
    await onTheWire;
    const busy = nextMessage<NodeMessage & { refusal: string }>("caught");
    ask("start", { target: "CP1/1" });
    assert.match((await busy).refusal, /Another wiring is being proven/);
    const ended = news(({ running }) => !running);
    const free = allocated(32);
    ask("abort");
    const { result } = (await ended).payload;
    assert.deepEqual([result?.end, result?.verdict, result?.by, result?.rotation], ["person", "unsure", "ana", null]);
    assert.match(result!.text, /^not sure – Stopped by hand/);
    await free;
    const { running, results } = await list({}, "ana");
    assert.deepEqual([running, results.map(({ target }) => target)], [null, ["CP1/1"]]);
  });

  it("tells a page what is needed first, and what each leg shows while a run is under way", async () => {
    await charging();
    const ready = await list({ target: "CP1/1" }, "bob");
    assert.deepEqual([ready.running, ready.results, ready.mayProve], [null, [], false]);
    assert.deepEqual(
      ready.targets.map(({ target, charger, needs }) => [target, charger, needs.map(({ isMet }) => isMet)]),
      [["CP1/1", "Bay 12 (CP1/1)", [true, true, true]]],
    );
    assert.equal(ready.targets[0]?.needs[2]?.text, "A meter above it sends often enough: grid.");
    assert.deepEqual((await list({ target: "CP9/1" }, "bob")).targets, []);
    const begun = news(({ running }) => running);
    ask("start", { target: "CP1/1" });
    await begun;
    let live = await list({ target: "CP1/1" }, "ana");
    while (live.running?.meters[0]?.legsA[0] !== 3) live = await list({ target: "CP1/1" }, "ana");
    const { target, step, steps, wantedA, meters } = live.running!;
    assert.deepEqual([target, step, steps, wantedA, live.mayProve], ["CP1/1", 1, 8, 14, true]);
    assert.deepEqual([meters[0]?.meter, meters[0]?.zone], ["grid", "main"]);
    await charger.status("Available");
    let idle = live;
    while (idle.targets[0]?.needs[1]?.isMet) idle = await list({ target: "CP1/1" }, "ana");
    assert.deepEqual(
      idle.targets[0]?.needs.map(({ need, isMet }) => `${need} ${isMet}`),
      ["connected true", "car false", "meter true"],
    );
    assert.match(idle.targets[0]?.needs[1]?.text ?? "", /^Nothing charges at Bay 12 \(CP1\/1\)\. Plug in a car/);
  });

  it("is begun by a dialog, says what is missing, and is over with a deploy", async () => {
    await charging();
    const page = async () =>
      (await testHelper.request().get("/ev-charging/commissioning?target=CP1%2F1").expect(200))
        .body as CommissioningPage;
    const post = (body: object, status: number) =>
      testHelper.request().post("/ev-charging/commissioning").send(body).expect(status);
    assert.deepEqual([(await page()).running, (await page()).result], [null, null]);
    const missing = await post({ name: "start", target: "CP1/7" }, 400);
    assert.equal((missing.body as { message: string }).message, "CP1/7 is no connector of a load management.");
    await post({ name: "start", target: "CP1/1", field: "left" }, 200);
    assert.equal((await page()).running?.target, "CP1/1");
    await redeploy(flow());
    const { running, result } = await page();
    assert.deepEqual([running, result?.end], [null, "deploy"]);
    // The meter's role is spoken of, too, where the deploy took so long that a step has enough readings.
    const told = result?.findings.map(({ aspect, verdict }) => `${aspect} ${verdict}`);
    assert.deepEqual(
      told?.filter((one) => one !== "role unsure"),
      ["phases unsure", "rotation unsure", "chargerRotation unsure"],
    );
  });
});
