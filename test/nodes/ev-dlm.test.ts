import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { AlarmMessage, AllocationMessage, ZoneMessage } from "../../lib/messages.ts";
import type { EvZoneNode } from "../../nodes/runtime/node-types.ts";
import { signedIn } from "../rights/signed-in.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
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
  "ev-meter-simulator",
  "ev-modbus",
  "ev-meter",
  "ev-dlm",
];

const SITE = { id: "site", type: "ev-site", dataDir };
const MAIN = { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: [32, 32, 32] };
const DLM = {
  id: "dlm",
  type: "ev-dlm",
  zone: "z-main",
  cycleS: 1,
  rampUpAps: 100,
  wires: [["alloc"], ["zones"], ["alarms"]],
};
const OUTPUTS: FlowNode[] = ["alloc", "zones", "alarms"].map((id) => ({ id, type: "helper" }));

/** The history has one slot for each five minutes of the wall clock: a test that runs over their border sees two. */
const HISTORY_SLOT_MS = 300_000;

/** A charger without OCPP: its state comes from messages. */
const charger = (identity: string): FlowNode => ({
  id: `node-${identity}`,
  type: "ev-charge-point",
  centralSystem: "",
  identity,
  zone: "z-main",
});
const flow = (...more: FlowNode[]): FlowNode[] => [SITE, MAIN, DLM, charger("CP1"), ...OUTPUTS, ...more];

const say = (message: object) => node("dlm").receive(message as NodeMessage);
const charge = (identity = "CP1") =>
  say({ topic: `connector/${identity}/1`, payload: { state: "charging", measuredA: [0, 0, 0] } });
const allocation = (accept: (message: AllocationMessage) => boolean = () => true) =>
  nextMessage<AllocationMessage>("alloc", accept);

describe("ev-dlm", () => {
  afterEach(stop);

  it("shares the current of its root zone among its chargers and says why", async () => {
    await deploy(TYPES, flow(charger("CP2")));
    const shared = allocation(({ payload }) => payload.limitA === 16);
    charge("CP1");
    charge("CP2");
    const { topic, chargePoint, connector, zone, payload } = await shared;
    assert.deepEqual([topic, chargePoint, connector, zone], [`alloc/${chargePoint}/1`, chargePoint, 1, "main"]);
    assert.deepEqual([payload.phasesA, payload.leaseS, payload.cycleS], [[16, 16, 16], 180, 1]);
    assert.match(payload.text, /^16 A: L[123] of zone main is full \(32 A\), shared by 2 cars$/);
  });

  it("keeps a zone's demand limit, says so, and takes the pulses of the supplier", async () => {
    await deploy(
      TYPES,
      flow().map((one) => (one.id === "z-main" ? { ...one, demandLimitW: 10_000, demandWindowS: 60 } : one)),
    );
    const told = nextMessage<ZoneMessage>("zones", ({ payload }) => payload.demand !== undefined);
    const held = nextMessage<AllocationMessage>(
      "alloc",
      ({ payload }) => payload.limitA > 6 && /stays below 10 kW/.test(payload.text),
      18_000,
    );
    charge("CP1");
    const { limitA } = (await held).payload;
    assert.ok(limitA * 3 * 230 <= 10_000, `${limitA} A`);
    const { demand } = (await told).payload;
    assert.deepEqual([demand?.limitW, demand?.windowS, demand?.peakW], [10_000, 60, null]);
    say({ topic: "demand/main" });
    say({ topic: "demand/roof" });
    await until("a refusal", () => errorsOf("dlm").length > 0);
    assert.match(errorsOf("dlm")[0]!.message, /topic is "demand\/roof"; it must be .*with a demand limit/);
    assert.equal(errorsOf("dlm").length, 1);
  });

  it("tells the consumption of its zones, and refuses a meter that is not there", async () => {
    const meter = { id: "meter", type: "ev-meter-input", meter: "grid", mapping: "$.payload", wires: [[]] };
    const named = (consumptionMeter: string) => [
      ...flow().map((one) => (one.id === "z-main" ? { ...one, consumptionMeter } : one)),
      meter,
    ];
    await deploy([...TYPES, "ev-meter-input"], named("grid"));
    const asked = nextMessage<NodeMessage & { count: number }>("zones", ({ topic }) => topic === "consumption/main");
    say({ topic: "consumption/main", payload: { by: "month", format: "csv" } });
    const { payload, count } = await asked;
    assert.deepEqual([payload, count], ["zone,meter,period,energyKWh,carsKWh,othersKWh\r\n", 0]);
    await redeploy(named("gas"));
    await until("a refusal", () => /consumptionMeter is "gas", which no node measures/.test(errorsOf("z-main").join()));
  });

  it("says why to driver, staff and integrator, in the language of the site", async () => {
    await deploy(TYPES, [{ ...SITE, language: "de" }, ...flow(charger("CP2")).slice(1)]);
    const shared = allocation(({ payload }) => payload.limitA === 16);
    const seen = nextMessage<ZoneMessage>("zones", ({ payload }) => payload.connectors[0]?.limitA === 16);
    charge("CP1");
    charge("CP2");
    const { payload } = await shared;
    assert.equal(payload.words?.driver, "Lädt langsamer: Der Strom wird mit anderen Autos und dem Gebäude geteilt.");
    assert.match(payload.text, /^16 A: L[123] der Zone main ist voll \(32 A\), geteilt durch 2 Autos$/);
    assert.deepEqual((await seen).payload.connectors[0]?.words, payload.words);
  });

  it("goes on in another language when the site gets one, without a restart, and tells its alarms anew", async () => {
    const watched = { ...MAIN, assumedLoadA: [16, 16, 16], meters: [{ meter: "grid", staleAfterS: 1 }] };
    const bus = { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: 1 };
    const meter = { id: "meter", type: "ev-meter", bus: "bus", meter: "grid", intervalMs: 0, wires: [[]] };
    const described = (language: string): FlowNode[] => [
      { ...SITE, language },
      ...[watched, DLM, charger("CP1"), bus, meter, ...OUTPUTS],
    ];
    const alarm = (text: RegExp) => nextMessage<AlarmMessage>("alarms", ({ payload }) => text.test(payload.text));
    await deploy(TYPES, described("en-US"));
    charge("CP1");
    const { payload: before } = await alarm(/^meter grid\b/);
    await redeploy(described("de"));
    const told = alarm(/^Zähler grid\b/);
    const held = allocation(({ payload }) => /sicherer Betrieb/.test(payload.text));
    charge("CP1");
    const { payload: after } = await told;
    assert.deepEqual([after.state, after.key, after.since], ["raised", before.key, before.since]);
    assert.match(after.action, /^Stromversorgung, Anschluss und Adresse des Zählers prüfen\./);
    assert.match((await held).payload.text, /^6 A: sicherer Betrieb: Ein Zähler der Zone main liefert nicht/);
    await until("the status line follows", () => lastStatus("dlm")?.text === "Ausfall: Zähler grid");
  });

  it("describes the zone on its second output, and shows it as its status", async () => {
    await deploy(TYPES, flow());
    charge();
    const { topic, payload } = await nextMessage<ZoneMessage>(
      "zones",
      (message) => (message.payload.connectors[0]?.limitA ?? 0) > 0,
    );
    assert.equal(topic, "zone/main");
    assert.deepEqual(payload.limitA, [32, 32, 32]);
    assert.equal(payload.connectors[0]!.chargePoint, "CP1");
    await until("the status shows the car", () => /^1 car · 0\/32 A$/.test(lastStatus("dlm")?.text ?? ""));
    assert.equal(lastStatus("dlm")?.fill, "green");
  });

  it("answers on its second output why a connector has what it has, and what would be with other settings", async () => {
    const firstSlot = Math.floor(Date.now() / HISTORY_SLOT_MS);
    await deploy(TYPES, flow(charger("CP2")));
    const shared = allocation(({ payload }) => payload.limitA === 16);
    charge("CP1");
    charge("CP2");
    await shared;
    const answered = nextMessage<{ topic: string; payload: { text: string; wouldHelp: string[]; history: unknown[] } }>(
      "zones",
      ({ topic }) => topic === "why/CP1/1",
    );
    say({ topic: "why/CP1/1" });
    const { payload } = await answered;
    assert.match(payload.text, /^16 A: L[123] of zone main is full \(32 A\), shared by 2 cars$/);
    const mostSlots = Math.floor(Date.now() / HISTORY_SLOT_MS) - firstSlot + 1;
    assert.ok(payload.history.length >= 1 && payload.history.length <= mostSlots, `${payload.history.length} slots`);
    const replayed = nextMessage<{ topic: string; payload: { steps: number } }>(
      "zones",
      ({ topic }) => topic === "replay",
    );
    say({ topic: "replay", payload: { change: { zones: { main: { limitA: 20 } } } } });
    assert.ok((await replayed).payload.steps >= 0);
    say({ topic: "why/CP9/1" });
    await until("the wrong question is refused", () => errorsOf("dlm").length > 0);
  });

  it("plays days with the deployed tree, and says which field of a request is wrong", async () => {
    await deploy(TYPES, flow(charger("CP2")));
    type Answer = { topic: string; payload: { deliveredWh: number; visits: number; bottlenecks: object[] } };
    const answered = nextMessage<Answer>("zones", ({ topic }) => topic === "plan");
    say({ topic: "plan", payload: { table: "8:00;18:00;30\n8:00;18:00;30" } });
    const { payload } = await answered;
    assert.deepEqual([payload.visits, payload.deliveredWh, payload.bottlenecks], [2, 60_000, []]);
    say({ topic: "plan", payload: { days: "many" } });
    await until("the wrong request is refused", () => errorsOf("dlm").length > 0);
    assert.match(String(errorsOf("dlm")[0]), /payload\.days is "many"; it must be a whole number from 1 to 366/);
  });

  it("answers with rows for a dashboard, and keeps what else the request carries", async () => {
    await deploy(TYPES, flow(charger("CP2")));
    const charging = allocation(({ payload }) => payload.limitA > 0);
    charge("CP1");
    charge("CP2");
    await charging;
    type Rows = NodeMessage & { payload: Record<string, unknown>[]; _client?: object };
    const heard = ["totals", "zones", "chargers", "overrides"].map((view) =>
      nextMessage<Rows>("zones", ({ topic }) => topic === `view/${view}`),
    );
    say({ topic: "view", _client: { socketId: "abc" } });
    const [totals, zones, chargers, overrides] = await Promise.all(heard);
    assert.equal((totals as unknown as { payload: { chargers: number } }).payload.chargers, 2);
    assert.equal(zones?.payload[0]?.["zone"], "main");
    assert.deepEqual(
      chargers?.payload.map(({ target, zone }) => [target, zone]),
      [
        ["CP1/1", "main"],
        ["CP2/1", "main"],
      ],
    );
    assert.deepEqual(overrides?.payload, []);
    assert.deepEqual(chargers?._client, { socketId: "abc" });
    say({ topic: "view/cellar" });
    await until("rows that do not exist are refused", () => errorsOf("dlm").length > 0);
  });

  it("obeys a decision by hand of a dashboard's user, and keeps who decided it", async () => {
    await deploy(TYPES, flow());
    const free = allocation(({ payload }) => payload.limitA === 32);
    charge();
    await free;
    const limited = allocation(({ payload }) => payload.limitA === 7);
    const user = signedIn("ana");
    say({
      topic: "override",
      payload: { target: "CP1/1", limitA: 7, hours: 1, reason: "fuse", by: "somebody" },
      ...user,
    });
    assert.match((await limited).payload.text, /^7 A: set by hand until (?:[\d-]+ )?\d+:\d\d: ana: fuse$/);
    const again = allocation(({ payload }) => payload.limitA > 7);
    say({ topic: "override/end", payload: { target: "CP1/1" }, ...user });
    await again;
    const { site } = node("z-main") as EvZoneNode;
    const log = () => site!.store.audit.find({ fromWallMs: 0, toWallMs: Date.now() + 1000, most: 10 });
    await until("both are in the log", () => log().length === 2);
    assert.deepEqual(
      log().map(({ user: who, role, allowed }) => [who, role, allowed]),
      [
        ["ana", "operator", true],
        ["ana", "operator", true],
      ],
    );
    assert.ok(log().some(({ reason }) => reason === "fuse"));
  });

  it("obeys limits and modes from messages within a cycle", async () => {
    await deploy(TYPES, flow());
    const free = allocation(({ payload }) => payload.limitA === 32);
    charge();
    await free;
    const limited = allocation(({ payload }) => payload.limitA === 10);
    say({ topic: "limit/main", payload: { limitA: 10, source: "relay", reason: "dimming" } });
    assert.match((await limited).payload.text, /10 A, dimming/);
    const off = allocation(({ payload }) => payload.limitA === 0);
    say({ topic: "mode/CP1/1", payload: "off" });
    assert.equal((await off).payload.text, "0 A: switched off");
  });

  it("goes to the fail-safe current when its meter does not deliver, with an alarm and a yellow status", async () => {
    const bus = { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: 1 };
    const meter = { id: "meter", type: "ev-meter", bus: "bus", meter: "grid", intervalMs: 0, wires: [[]] };
    const watched = { ...MAIN, meters: [{ meter: "grid", staleAfterS: 1 }] };
    await deploy(TYPES, [...flow(bus, meter).filter(({ id }) => id !== "z-main"), watched]);
    const measured = (payload: object = {}) =>
      say({ topic: "meter/grid", meter: "grid", payload: { currentA: [1, 2, 3], quality: "good", ...payload } });
    const first = allocation(({ payload }) => payload.limitA > 6);
    charge();
    const repeat = setInterval(() => measured(), 100);
    await first.finally(() => clearInterval(repeat));
    const failed = allocation(({ payload }) => payload.limitA === 6);
    const alarm = nextMessage<AlarmMessage>("alarms", ({ topic }) => topic === "alarm/meterStale/grid");
    assert.match((await failed).payload.text, /fail-safe: a meter of zone main does not deliver/);
    assert.equal((await alarm).payload.state, "raised");
    assert.ok((await alarm).payload.action.length > 0);
    await until("the status is yellow", () => lastStatus("dlm")?.fill === "yellow");
    assert.equal(lastStatus("dlm")?.text, "fail-safe: meter grid");
  });

  it("refuses a message that it does not understand, naming the field", async () => {
    await deploy(TYPES, flow());
    say({ topic: "meter/grid", payload: { currentA: [1, "two", 3] } });
    await until("it is refused", () => errorsOf("dlm").length > 0);
    assert.equal((errorsOf("dlm")[0] as Error & { code: string }).code, "EV_MESSAGE_INVALID");
    assert.match(errorsOf("dlm")[0]!.message, /payload\.currentA\[1\] is "two"/);
  });

  describe("over a deploy", () => {
    const charging = async () => {
      await deploy(TYPES, flow());
      const high = allocation(({ payload }) => payload.limitA === 32);
      charge();
      await high;
      return node<EvZoneNode>("z-main").site!.board;
    };

    it("keeps setpoints", async () => {
      const board = await charging();
      const seen: number[] = [];
      await redeploy(flow());
      node("alloc").on("input", (message: NodeMessage) =>
        seen.push((message as unknown as AllocationMessage).payload.limitA),
      );
      await until("it goes on", () => seen.length > 0);
      assert.deepEqual([...new Set(seen)], [32]);
      assert.equal(board.get("CP1/1")!.limitA, 32);
    });

    for (const [what, zones] of [
      ["is renamed and does not fit", [{ ...MAIN, name: "other", limitA: [5, 5, 5] }]],
      ["has an error of its own", [{ ...MAIN, limitA: "many" }]],
      ["is deleted", []],
    ] as const) {
      it(`keeps the last valid tree in force, with a red status, while the zone ${what}`, async () => {
        const board = await charging();
        await redeploy([...flow().filter(({ id }) => id !== "z-main"), ...(zones as readonly FlowNode[])]);
        const { atMs } = board.get("CP1/1")!;
        await until("it goes on", () => board.get("CP1/1")!.atMs > atMs);
        assert.deepEqual([board.get("CP1/1")!.limitA, board.get("CP1/1")!.zone], [32, "main"]);
        await until("the status is red", () => lastStatus("dlm")?.fill === "red");
      });
    }
  });

  describe("beside another on the same root zone", () => {
    const SECOND = { ...DLM, id: "dlm2", wires: [[], [], []] };
    /** Second first: the order of the flow decides nothing. */
    const both = () => [SECOND, ...flow()];
    const told = async (id: string) => {
      await until(`${id} has the error`, () => errorsOf(id).length > 0 && lastStatus(id)?.fill === "red");
      assert.match(errorsOf(id)[0]!.message, /root zone main is also controlled by node .*; keep one/);
    };

    it("leaves the one in charge that was, and tells both", async () => {
      await deploy(TYPES, flow());
      const high = allocation(({ payload }) => payload.limitA === 32);
      charge();
      await high;
      await redeploy(both());
      await told("dlm");
      await told("dlm2");
      const { board } = node<EvZoneNode>("z-main").site!;
      const { atMs } = board.get("CP1/1")!;
      await until("it goes on", () => board.get("CP1/1")!.atMs > atMs);
      assert.equal(board.get("CP1/1")!.limitA, 32);
    });

    it("leaves the same one in charge after a restart", async () => {
      await deploy(TYPES, flow());
      await redeploy(both());
      await stop({ keepData: true });
      await deploy(TYPES, both());
      await told("dlm2");
      const high = allocation(({ payload }) => payload.limitA === 32);
      charge();
      await high;
    });

    it("leaves one in charge where the one that was is gone", async () => {
      await deploy(TYPES, flow());
      const others = [SECOND, { ...SECOND, id: "dlm3" }];
      await redeploy([...others, ...flow().filter(({ id }) => id !== "dlm")]);
      await told("dlm2");
      await told("dlm3");
      const { board } = node<EvZoneNode>("z-main").site!;
      await until("one of them goes on", () => (board.get("CP1/1")?.atMs ?? 0) > 0);
    });

    it("leaves its own zone in force to one that was given the zone of another", async () => {
      const other = { ...MAIN, id: "z-other", name: "other" };
      const second = { ...SECOND, zone: "z-other", wires: [["alloc2"], [], []] };
      const two = flow(other, second, { id: "alloc2", type: "helper" });
      await deploy(TYPES, two);
      await redeploy(two.map((one) => (one.id === "dlm" ? { ...one, zone: "z-other" } : one)));
      await told2();
      const high = allocation(({ zone, payload }) => zone === "main" && payload.limitA === 32);
      charge();
      await high;
    });

    const told2 = () => until("both are red", () => ["dlm", "dlm2"].every((id) => lastStatus(id)?.fill === "red"));
  });

  describe("shows on itself", () => {
    const cases: [string, FlowNode[], string, RegExp][] = [
      ["a zone that is missing", [{ ...DLM, zone: "gone" }], "EV_CONFIG_MISSING", /zone: the zone gone is missing/],
      ["a zone that is not chosen", [{ ...DLM, zone: "" }], "EV_CONFIG_MISSING", /zone: it is empty/],
      [
        "a cycle out of bounds",
        [{ ...DLM, cycleS: 0 }],
        "EV_CONFIG_INVALID",
        /cycleS is 0; it must be a number from 1 to 60/,
      ],
      ["a choice that does not exist", [{ ...DLM, shedding: "lifo" }], "EV_CONFIG_INVALID", /shedding is "lifo"/],
      [
        "a zone that is not a root",
        [
          { id: "z-garage", type: "ev-zone", site: "site", name: "garage", parent: "z-main" },
          { ...DLM, zone: "z-garage" },
        ],
        "EV_ZONE_TREE",
        /zone garage hangs on another zone/,
      ],
      [
        "a root that another node controls",
        [DLM, { ...DLM, id: "dlm2" }],
        "EV_ZONE_TREE",
        /also controlled by node dlm2/,
      ],
    ];
    for (const [what, nodes, code, text] of cases) {
      it(what, async () => {
        await deploy(TYPES, [SITE, MAIN, charger("CP1"), ...OUTPUTS, ...nodes]);
        await until("the error is shown", () => errorsOf("dlm").length > 0);
        assert.equal((errorsOf("dlm")[0] as Error & { code: string }).code, code);
        assert.match(errorsOf("dlm")[0]!.message, text);
        assert.equal(lastStatus("dlm")?.fill, "red");
      });
    }

    it("that the zones are refused, with the numbers", async () => {
      const many = Array.from({ length: 6 }, (_, i) => charger(`X${i}`));
      await deploy(TYPES, flow(...many));
      await until("the status is red", () => lastStatus("dlm")?.fill === "red" || errorsOf("z-main").length > 0);
      assert.equal(errorsOf("z-main")[0]!.message, "L1 of zone main: 7 × 6 A safe current = 42 A, limit 32 A");
    });
  });
});
