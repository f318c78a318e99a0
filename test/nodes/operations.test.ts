import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { OperationRow, OperationsView } from "../../lib/maintenance/operation-types.ts";
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import type { EvChargePointNode } from "../../nodes/runtime/node-types.ts";
import { signedIn } from "../rights/signed-in.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  stop,
  until,
} from "./helper.ts";

const TYPES = [
  "ev-site",
  "ev-central-system",
  "ev-charge-point",
  "ev-command",
  "ev-alarms",
  "ev-event",
  "ev-authorization",
];

interface Answer extends NodeMessage {
  text?: string;
  refusal?: string;
}

describe("what staff do with a charger", () => {
  let port: number;
  let charger: Charger;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
    await deploy(TYPES, flow());
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const ready = charger.next("TriggerMessage");
    await charger.connect(port);
    await ready;
    await charger.status("Available");
  });
  afterEach(async () => {
    charger.close();
    await stop();
  });

  const flow = (): FlowNode[] => [
    {
      ...{ id: "site", type: "ev-site", dataDir, language: "de", otherUsers: "viewer" },
      roles: [{ user: "ana", role: "operator" }],
    },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, callTimeoutS: 1 },
    {
      ...{ id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", name: "Platz 12" },
      overrides: { "config.identify": { vendorId: "maker", messageId: "blink" } },
    },
    { id: "command", type: "ev-command", wires: [["out"]] },
    { id: "out", type: "helper" },
    { id: "events", type: "ev-event", events: ["reservation"], wires: [["told"]] },
    { id: "told", type: "helper" },
    { id: "badges", type: "ev-authorization", site: "site", wires: [[], ["trace"]] },
    { id: "trace", type: "helper" },
    { id: "alarms", type: "ev-alarms", site: "site", wires: [["log"]] },
    { id: "log", type: "helper" },
    { id: "catch", type: "catch", scope: ["command"], wires: [["caught"]] },
    { id: "caught", type: "helper" },
  ];
  const receive = (name: string, payload: object, user = "ana"): void =>
    node("command").receive({ topic: `operations/${name}`, payload, ...signedIn(user) } as never);
  const does = async (name: string, payload: object = {}): Promise<string | undefined> => {
    const answer = nextMessage<Answer>("out", ({ topic }) => topic === `operations/${name}`);
    receive(name, { target: "CP1/1", ...payload });
    return (await answer).text;
  };
  const refuses = async (name: string, payload: object = {}, user = "ana"): Promise<string | undefined> => {
    const caught = nextMessage<Answer>("caught");
    receive(name, { target: "CP1/1", ...payload }, user);
    return (await caught).refusal;
  };
  const view = async (user = "ana"): Promise<OperationsView & { mayOperate: boolean }> => {
    const answer = nextMessage<Answer>("out", ({ topic }) => topic === "operations/list");
    receive("list", {}, user);
    return (await answer).payload as OperationsView & { mayOperate: boolean };
  };
  const row = async (): Promise<OperationRow> => (await view()).rows[0]!;
  const begin = () =>
    charger.say("StartTransaction", {
      connectorId: 1,
      idTag: "AB",
      meterStart: 0,
      timestamp: new Date().toISOString(),
    });

  it("is offered as its state and model allow it, and to those who may", async () => {
    const free = await row();
    assert.deepEqual([free.target, free.charger, free.state], ["CP1/1", "Platz 12", free.state]);
    assert.deepEqual(free.can, ["start", "unlock", "restart", "outOfService", "identify", "reserve"]);
    await begin();
    assert.deepEqual((await row()).can, ["stop", "unlock", "restart", "outOfService", "identify"]);
    assert.deepEqual([(await view()).mayOperate, (await view("bob")).mayOperate], [true, false]);
    charger.close();
    await until("it is gone", () => !node<EvChargePointNode>("cp").site!.stations.get("CP1")!.online);
    assert.deepEqual((await row()).can, []);
  });

  it("starts a charge for a badge, and for a guest, whose badge comes into the list", async () => {
    const forBadge = charger.next("RemoteStartTransaction");
    assert.equal(await does("start", { idTag: "04AB" }), "Platz 12 (CP1/1) soll starten, für 04AB.");
    assert.deepEqual(await forBadge, { connectorId: 1, idTag: "04AB" });
    const forGuest = charger.next("RemoteStartTransaction");
    assert.equal(await does("start"), "Platz 12 (CP1/1) soll starten, für Gast.");
    assert.deepEqual(await forGuest, { connectorId: 1, idTag: "GUEST" });
    assert.ok((await view()).badges.some(({ idTag, name }) => idTag === "GUEST" && name === "Gast"));
  });

  it("stops a charge, and breaks one off by a restart or an unlocking only where that is said", async () => {
    assert.equal(await refuses("stop"), "Dort lädt kein Auto.");
    const { transactionId } = (await begin()) as { transactionId: number };
    assert.match((await refuses("restart")) ?? "", /^Dort lädt ein Auto\./);
    assert.match((await refuses("unlock")) ?? "", /^Dort lädt ein Auto\./);
    const reset = charger.next("Reset");
    assert.match((await does("restart", { hard: true, force: true })) ?? "", /startet sofort neu/);
    assert.deepEqual(await reset, { type: "Hard" });
    const stopped = charger.next("RemoteStopTransaction");
    await does("stop");
    assert.deepEqual(await stopped, { transactionId });
  });

  it("takes it out of service, also with an end, and into service again", async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    assert.match((await does("outOfService", { until, reason: "Kabel" })) ?? "", /außer Betrieb bis \d{4}-/);
    const { isOut, can, reason, by } = await row();
    assert.deepEqual([isOut, reason, by], [true, "Kabel", "ana"]);
    assert.ok(can.includes("intoService") && !can.includes("start"));
    assert.match((await does("intoService")) ?? "", /wieder in Betrieb/);
    assert.equal((await row()).isOut, false);
    assert.match((await refuses("outOfService", { until: "2020-01-01" })) ?? "", /^Das Ende muss/);
  });

  it("reserves it for a badge, once, and cancels that", async () => {
    const reserved = charger.next("ReserveNow");
    assert.match((await does("reserve", { idTag: "04AB" })) ?? "", /für 04AB reserviert bis/);
    const { reservationId } = (await reserved) as { reservationId: number };
    assert.equal((await row()).reservation?.who, "04AB");
    const cancelled = charger.next("CancelReservation");
    await does("cancel");
    assert.deepEqual(await cancelled, { reservationId });
    assert.equal(await refuses("cancel"), "Diese Reservierung gibt es nicht mehr.");
  });

  it("keeps it by itself near the time, refuses other badges, and says when it is used", async () => {
    const told = nextMessage<Answer>("told", ({ payload }) => (payload as { state: string }).state === "held");
    const reserved = charger.next("ReserveNow");
    const from = new Date(Date.now() + 300_000).toISOString();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    assert.match((await does("reserve", { idTag: "04AB", from, until })) ?? "", /ist für 04AB reserviert von/);
    const { reservationId, expiryDate } = (await reserved) as { reservationId: number; expiryDate: string };
    assert.equal(Date.parse(expiryDate), Date.parse(from) + 30 * 60_000);
    assert.equal((await told).topic, "ocpp/CP1/1/reservation");
    assert.match((await refuses("start", { idTag: "CD" })) ?? "", /^Diese Ladestation ist bis .* für 04AB reserviert/);
    assert.deepEqual(await charger.say("Authorize", { idTag: "CD" }), { idTagInfo: { status: "Invalid" } });
    assert.match((await refuses("reserve", { from, until, idTag: "CD" })) ?? "", /schon von .* bis .* reserviert/);
    const rows = (await view("bob")).reservations;
    assert.deepEqual(
      rows.map(({ who, idTag, place }) => [who, idTag, place]),
      [["jemanden", null, "CP1/1"]],
    );
    const used = nextMessage<Answer>("told", ({ payload }) => (payload as { state: string }).state === "used");
    const start = { connectorId: 1, idTag: "04AB", meterStart: 0, reservationId, timestamp: new Date().toISOString() };
    await charger.say("StartTransaction", start);
    await used;
    assert.deepEqual((await view()).reservations, []);
  });

  it("is kept over a restart, which tells the charger again, and by ourselves where the charger does not", async () => {
    charger.answer = (action) => {
      if (action === "ReserveNow") throw new OcppCallError("NotSupported", "");
      return { status: "Accepted" };
    };
    assert.match((await does("reserve", { idTag: "04AB" })) ?? "", /andere Badges werden hier abgelehnt/);
    charger.answer = () => ({ status: "Accepted" });
    charger.close();
    await stop({ keepData: true });
    await deploy(TYPES, flow());
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const reserved = charger.next("ReserveNow");
    await charger.connect(port);
    assert.equal((await reserved)["idTag"], "04AB");
    assert.equal((await row()).reservation?.who, "04AB");
    const trace = nextMessage<Answer & { payload: { rule: string; text: string } }>("trace");
    assert.deepEqual((await begin())["idTagInfo"], { status: "Invalid" });
    assert.equal((await trace).payload.rule, "reserved");
    assert.match((await trace).payload.text, /Platz 12 \(CP1\/1\) ist bis .* für ein anderes Badge reserviert/);
  });

  it("tells what is reserved as a list and as a calendar", async () => {
    const from = new Date(Date.now() + 86_400_000).toISOString();
    const until = new Date(Date.now() + 90_000_000).toISOString();
    await does("reserve", { idTag: "04AB", from, until, ref: "visit@calendar", reason: "Besuch" });
    const asked = async (payload: object) => {
      const answer = nextMessage<Answer & { payload: unknown }>(
        "out",
        ({ topic }) => topic === "operations/reservations",
      );
      receive("reservations", payload);
      return (await answer).payload;
    };
    const [one, ...others] = (await asked({})) as { ref: string; state: string; reason: string }[];
    assert.deepEqual([one?.ref, one?.state, one?.reason, others], ["visit@calendar", "booked", "Besuch", []]);
    const calendar = String(await asked({ format: "ics" }));
    assert.match(calendar, /^BEGIN:VCALENDAR\r\n[\s\S]*UID:visit@calendar\r\n[\s\S]*END:VCALENDAR\r\n$/);
    const later = new Date(Date.now() + 100_000_000).toISOString();
    await does("reserve", { idTag: "04AB", from, until: later, ref: "visit@calendar" });
    const changed = String(await asked({ format: "ics" }));
    assert.equal(changed.match(/^UID:/gm)?.length, 1, "an entry that was changed stands there once");
    assert.match(changed, /STATUS:CONFIRMED/);
    await does("cancel", { ref: "visit@calendar" });
    assert.deepEqual((await view()).reservations, []);
  });

  it("lets it show itself by its maker's message", async () => {
    const shown = charger.next("DataTransfer");
    assert.match((await does("identify")) ?? "", /zeigt sich/);
    assert.deepEqual(await shown, { vendorId: "maker", messageId: "blink" });
  });

  it("is refused in plain words: by the charger, by the role; and stands in the log", async () => {
    charger.answer = () => ({ status: "Rejected" });
    assert.match((await refuses("start", { idTag: "04AB" })) ?? "", /^Die Ladestation startet nicht\./);
    assert.match((await refuses("unlock", {}, "bob")) ?? "", /^Sie dürfen|^Das dürfen/);
    assert.equal((errorsOf("command").at(-1) as { code?: string }).code, "EV_ROLE_DENIED");
    const log = nextMessage<{ payload: { user: string; what: string; allowed: boolean }[] }>("log");
    node("alarms").receive({ topic: "audit/list" } as never);
    assert.deepEqual(
      (await log).payload.map(({ user, what, allowed }) => [user, what, allowed]),
      [
        ["bob", "unlock CP1/1", false],
        ["ana", "start CP1/1 for badge 04AB", true],
      ],
    );
  });
});
