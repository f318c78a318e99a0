import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import type { AlarmNoticeMessage, AlarmView, EmailMessage } from "../../lib/alarm/wording.ts";
import { signedIn } from "../rights/signed-in.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, errorsOf, freePort, lastStatus, nextMessage, node, redeploy, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-alarms"];

async function flow(properties: object = {}, port = 0) {
  return [
    { id: "site", type: "ev-site", name: "House", dataDir: join(dataDir, "alarms") },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port: port || (await freePort()) },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "alarms", type: "ev-alarms", site: "site", ...properties, wires: [["out"]] },
    { id: "out", type: "helper" },
  ];
}

const send = (topic: string, payload: unknown = {}) => node("alarms").receive({ topic, payload } as NodeMessage);
const ofState = (state: string) => (message: AlarmNoticeMessage) => message.payload.state === state;
const next = (state: string) => nextMessage<AlarmNoticeMessage>("out", ofState(state), 15_000);
const OVEN = { state: "raised", severity: "alarm", text: "the oven is on", action: "Switch it off." };

describe("ev-alarms", () => {
  afterEach(stop);

  it("tells a fault that a charge point reports in plain words, and when it is over", async () => {
    const port = await freePort();
    await deploy(TYPES, await flow({}, port));
    const charger = new Charger();
    await charger.connect(port, undefined, { chargePointVendor: "Schneider Electric", chargePointModel: "EVlink" });
    const raised = next("raised");
    const status = { connectorId: 1, errorCode: "InternalError", status: "Faulted", vendorErrorCode: "5" };
    await charger.say("StatusNotification", status);
    const { topic, payload } = await raised;
    assert.equal(topic, "alarm/chargerFault/CP1/1");
    assert.equal(payload.severity, "alarm");
    assert.match(payload.text, /charger CP1\/1: Contactor state/);
    assert.match(payload.action, /replace the contactor/);
    assert.equal(lastStatus("alarms")?.text, "1 alarm");
    const cleared = next("cleared");
    await charger.say("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
    assert.equal((await cleared).payload.key, "chargerFault/CP1/1");
    await until("no alarm is left", () => lastStatus("alarms")?.text === "ev-alarms.status.none");
    charger.close();
  });

  it("keeps an alarm of a flow over a deploy without telling it again, with its acknowledgement", async () => {
    const described = await flow();
    await deploy(TYPES, described);
    const raised = next("raised");
    send("alarm/oven/kitchen", OVEN);
    assert.equal((await raised).topic, "alarm/oven/kitchen");
    const seen = nextMessage<{ payload: AlarmView }>("out", ({ payload }) => "by" in (payload.acknowledged ?? {}));
    send("alarms/ack", { key: "oven/kitchen", by: "Ana", comment: "on my way" });
    assert.equal((await seen).payload.acknowledged?.comment, "on my way");
    await redeploy(described);
    const told: AlarmNoticeMessage[] = [];
    node("out").on("input", (message) => told.push(message as unknown as AlarmNoticeMessage));
    const list = nextMessage<{ topic: string; payload: AlarmView[] }>("out", ({ topic }) => topic === "alarms/list");
    send("alarms/list");
    assert.deepEqual(
      (await list).payload.map(({ key, acknowledged }) => [key, acknowledged?.by]),
      [["oven/kitchen", "Ana"]],
    );
    const cleared = next("cleared");
    send("alarm/oven/kitchen", { state: "cleared" });
    await cleared;
    assert.deepEqual(told.filter(({ payload }) => payload.state === "raised").length, 0);
    const history = nextMessage<{ topic: string; payload: AlarmView[] }>(
      "out",
      ({ topic }) => topic === "alarms/history",
    );
    send("alarms/history");
    const [entry] = (await history).payload;
    assert.equal(entry?.state, "cleared");
    assert.ok(entry?.clearedAt);
  });

  it("shapes messages for an e-mail node: subject, text with what to do, and the end", async () => {
    await deploy(TYPES, await flow({ format: "email", siteName: "Main street 1" }));
    const mail = (mark: string) =>
      nextMessage<EmailMessage>("out", ({ topic }) => topic.startsWith(`[${mark}]`), 15_000);
    const raised = mail("alarm");
    send("alarms/test");
    const { topic, payload, alarm } = await raised;
    assert.equal(topic, "[alarm] Main street 1: this is a test of the alarm messages");
    assert.match(payload, /What to do: Nothing: it is over by itself\./);
    assert.equal(alarm.state, "raised");
    assert.match((await mail("resolved")).payload, /Resolved: /);
  });

  it("refuses what it cannot read, naming the field, and changes nothing", async () => {
    await deploy(TYPES, await flow());
    send("nonsense");
    send("alarm/oven/kitchen", { state: "burning" });
    send("alarm/oven/kitchen", { ...OVEN, severity: "awful" });
    send("alarms/ack", { key: "oven/kitchen", by: "Ana" });
    send("alarms/history", { from: "yesterday" });
    await until("five errors", () => errorsOf("alarms").length === 5);
    const fields = errorsOf("alarms").map(({ message }) => message.split(" ", 1)[0]);
    assert.deepEqual(fields, ["topic", "payload.state", "payload.severity", "payload.key", "payload.from"]);
    assert.equal(lastStatus("alarms")?.text, "ev-alarms.status.none");
  });
});

describe("roles of the dashboard's users", () => {
  afterEach(stop);

  it("answers whoever may look without a note in the log, and nobody who may do nothing", async () => {
    const described = await flow();
    Object.assign(described[0]!, { roles: [{ user: "eve", role: "none" }], otherUsers: "viewer" });
    await deploy(TYPES, described);
    sendAs("eve", "alarms/list");
    sendAs("bob", "alarm/oven/kitchen", OVEN);
    await until("both are refused", () => errorsOf("alarms").length === 2);
    const answer = nextMessage<{ topic: string; payload: { user: string; what: string }[] }>(
      "out",
      ({ topic }) => topic === "audit/list",
    );
    sendAs("bob", "alarms/list");
    sendAs("bob", "audit/list");
    assert.deepEqual(
      (await answer).payload.map(({ user, what }) => [user, what]),
      [
        ["bob", "alarm/oven/kitchen raised"],
        ["eve", "alarms/list"],
      ],
    );
  });

  const sendAs = (user: string, topic: string, payload: unknown = {}) =>
    node("alarms").receive({ topic, payload, ...signedIn(user) } as never);

  it("lets an operator acknowledge and a viewer not, and keeps who tried", async () => {
    const described = await flow();
    Object.assign(described[0]!, { roles: [{ user: "ana", role: "operator" }], otherUsers: "viewer" });
    await deploy(TYPES, described);
    send("alarm/oven/kitchen", OVEN);
    sendAs("bob", "alarms/ack", { key: "oven/kitchen", by: "Bob" });
    await until("bob is refused", () => errorsOf("alarms").length === 1);
    assert.equal((errorsOf("alarms")[0] as { code?: string }).code, "EV_ROLE_DENIED");
    const seen = nextMessage<{ payload: AlarmView }>("out", ({ payload }) => "by" in (payload.acknowledged ?? {}));
    sendAs("Ana", "alarms/ack", { key: "oven/kitchen", comment: "on my way" });
    await seen;
    type Entry = { user: string; allowed: boolean; reason: string | null };
    const log = nextMessage<{ topic: string; payload: Entry[] }>("out", ({ topic }) => topic === "audit/list");
    send("audit/list");
    assert.deepEqual(
      (await log).payload.map(({ user, allowed, reason }) => [user, allowed, reason]),
      [
        ["Ana", true, "on my way"],
        ["bob", false, null],
      ],
    );
  });
});
