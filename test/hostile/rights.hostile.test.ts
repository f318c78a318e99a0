import { strict as assert } from "node:assert";
import { adminRoutes } from "../admin-routes.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { until } from "../e2e/net.ts";
import type { RawCharger } from "../e2e/raw-charger.ts";
import { HostileSite, smallSite } from "./bench.ts";
import { addLogin, loggedIn } from "./dashboard-login.ts";
import { actOut } from "./row.ts";
import { RIGHTS } from "./rows/rights.ts";
import { DashboardVisitor } from "./visitor.ts";

/** Nodes that take messages from a widget of the same name. */
const NODES: readonly FlowNode[] = [
  { id: "ev-dlm", type: "ev-dlm", zone: "zone", wires: [["answers"], ["answers"], []] },
  { id: "ev-sessions", type: "ev-sessions", site: "site", wires: [["answers"]] },
  { id: "ev-alarms", type: "ev-alarms", site: "site", wires: [["answers"]] },
  { id: "ev-authorization", type: "ev-authorization", site: "site", wires: [[], ["answers"]] },
  { id: "ev-report", type: "ev-report", site: "site", destination: "wired", wires: [[], ["answers"]] },
  { id: "ev-limit", type: "ev-limit", zone: "zone", kind: "current", wires: [["answers"]] },
  { id: "ev-charging-profile", type: "ev-charging-profile", wires: [["answers"]] },
  { id: "ev-meter-input", type: "ev-meter-input", meter: "grid", mapping: "{}", staleAfterS: 30, wires: [["answers"]] },
  { id: "ev-pv-surplus", type: "ev-pv-surplus", gridMeter: "grid", wires: [["answers"]] },
  { id: "ev-command", type: "ev-command", action: "", payload: "payload", payloadType: "msg", wires: [["answers"]] },
];

/** What changes something, by the node that it is sent to. */
const ACTS: readonly [node: string, message: Record<string, unknown>][] = [
  ["ev-dlm", { topic: "clear/OPEN/1" }],
  ["ev-dlm", { topic: "mode/OPEN/1", payload: "off" }],
  ["ev-dlm", { topic: "limit/Main", payload: 6 }],
  ["ev-dlm", { topic: "override", payload: { target: "OPEN/1", limitA: 6, reason: "mine", by: "adam" } }],
  ["ev-dlm", { topic: "measurement/grid", payload: { currentA: [0, 0, 0], quality: "good" } }],
  ["ev-dlm", { topic: "connector/OPEN/1", payload: { state: "charging" } }],
  ["ev-dlm", { payload: "no topic at all" }],
  ["ev-sessions", { topic: "sessions/prune", payload: { before: "2100-01-01" } }],
  ["ev-alarms", { topic: "alarms/test" }],
  ["ev-alarms", { topic: "alarm/oven/kitchen", payload: { state: "raised", text: "it burns" } }],
  ["ev-alarms", { topic: "alarms/ack", payload: { key: "oven/kitchen", by: "adam" } }],
  ["ev-authorization", { topic: "badges/add", payload: { idTag: "MINE" } }],
  ["ev-authorization", { topic: "badges/learn", payload: { seconds: 30 } }],
  ["ev-authorization", { requestId: "1", payload: { status: "Accepted" } }],
  ["ev-report", { topic: "report/send" }],
  ["ev-report", { topic: "report/ack", reportId: "1" }],
  ["ev-report", { reportId: "1", payload: { ok: true } }],
  ["ev-limit", { payload: { limitA: 6 } }],
  ["ev-charging-profile", { chargePoint: "OPEN", connector: 1, payload: 6 }],
  ["ev-meter-input", { payload: { a: 1 } }],
  ["ev-pv-surplus", { topic: "measurement/grid", payload: {} }],
  ["ev-command", { action: "TriggerMessage", chargePoint: "OPEN", payload: { requestedMessage: "Heartbeat" } }],
  ["ev-command", { action: "Reset", chargePoint: "OPEN", payload: { type: "Soft" } }],
  ["ev-command", { action: "ExportSite" }],
];

/** What only asks. */
const ASKS: readonly [node: string, message: Record<string, unknown>][] = [
  ["ev-dlm", { topic: "recording" }],
  ["ev-dlm", { topic: "replay" }],
  ["ev-dlm", { topic: "evidence" }],
  ["ev-dlm", { topic: "why/OPEN/1" }],
  ["ev-dlm", { topic: "view" }],
  ["ev-sessions", { topic: "sessions/list", payload: {} }],
  ["ev-sessions", { topic: "sessions/export", payload: {} }],
  ["ev-alarms", { topic: "alarms/list" }],
  ["ev-alarms", { topic: "alarms/history" }],
  ["ev-alarms", { topic: "audit/list" }],
  ["ev-authorization", { topic: "badges/list" }],
  ["ev-authorization", { topic: "badges/export" }],
  ["ev-authorization", { topic: "badges/trace" }],
  ["ev-report", { topic: "report/list" }],
  ["ev-command", { action: "MaintenanceReport" }],
];

/** A place of the attacker's, with a login that must not be shown to others. */
const ELSEWHERE = "ftp://user:secret@192.0.2.66/in";

interface Entry {
  user: string | null;
  by: string | null;
  what: string;
  role: string;
  allowed: boolean;
}

const ROLES = ["viewer", "operator", "admin", "none"].map((role) => ({ user: `the ${role}`, role }));

/** The small site with a dashboard: a widget before each node, and who may do what. */
function siteWithDashboard(ports: { ocpp: number }): FlowNode[] {
  const inFlow = { z: "tab", x: 100, y: 100 };
  const small = smallSite(ports).map((node) =>
    node.type === "ev-site" ? { ...node, roles: ROLES, otherUsers: "none", flows: "admin" } : node,
  );
  const widgets = NODES.map(({ id }) => ({
    ...{ ...inFlow, id: `to ${id}`, type: "ui-template", group: "group", name: id, format: "<i></i>" },
    ...{ templateScope: "local", storeOutMessages: true, passthru: false, wires: [[id]] },
  }));
  const layout = { colors: {}, sizes: {}, layout: "grid", breakpoints: [] };
  return [
    ...small,
    {
      id: "base",
      type: "ui-base",
      name: "Pages",
      path: "/dashboard",
      includeClientData: true,
      acceptsClientConfig: [],
    },
    { id: "theme", type: "ui-theme", name: "Light", ...layout },
    { id: "page", type: "ui-page", name: "Page", ui: "base", path: "/page", theme: "theme", order: 1, ...layout },
    { id: "group", type: "ui-group", name: "Group", page: "page", width: "6", height: "1", order: 1 },
    ...widgets,
    ...NODES.map((node) => ({ ...inFlow, ...node })),
    { ...inFlow, id: "set topic", type: "change", rules: [], wires: [["ev-dlm"]] },
    { ...inFlow, id: "ask", type: "inject", props: [], wires: [["ev-alarms"]] },
    { ...inFlow, id: "catch", type: "catch", scope: null, uncaught: false, wires: [["refused"]] },
    ...["answers", "refused"].map((id) => ({
      ...{ ...inFlow, id, type: "debug", active: true, tosidebar: true, complete: "true", wires: [] },
    })),
  ];
}

describe("hostile visitors of the dashboard", () => {
  let site: HostileSite;
  let charger: RawCharger;

  before(async () => {
    site = await HostileSite.start({ dashboard: true, flow: siteWithDashboard, prepare: addLogin });
    await site.nodeRed.feed();
    charger = await site.charger("OPEN");
    await charger.call("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
  });
  afterEach(() => site.assertAlive());
  after(() => site?.stop());

  const open = async (headers: Record<string, string> = {}, claims: object = {}): Promise<DashboardVisitor> => {
    const visitor = await DashboardVisitor.open(site.nodeRed.url, "/dashboard", headers, claims);
    site.atEnd(() => visitor.close());
    return visitor;
  };
  const as = (role: string, claims: object = {}) => open(loggedIn(`the ${role}`), claims);

  /** What was refused since, in words. */
  const refusals = async (sinceMs: number): Promise<string[]> => {
    const feed = await site.nodeRed.feed();
    type Caught = { error: { message: string } };
    return feed.of<Caught>("refused", sinceMs).map(({ message }) => message.error.message);
  };
  /** Has everything sent that `send` sends, and waits until each has been refused for its sender's role. */
  const refused = async (count: number, send: () => void, who: RegExp): Promise<void> => {
    const sinceMs = Date.now() - 1;
    send();
    const told = async () => (await refusals(sinceMs)).filter((text) => who.test(text)).length;
    await until(`${count} are refused`, async () => (await told()) >= count).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${(await refusals(sinceMs)).join("; ")}`);
    });
    assert.equal(await told(), count);
  };
  const log = async (): Promise<Entry[]> => {
    const feed = await site.nodeRed.feed();
    type Answer = { topic: string; payload: Entry[]; asked?: string };
    const asked = `log ${Math.random()}`;
    const answered = feed.next<Answer>("the log", "answers", (message) => message.asked === asked, 20_000);
    await site.nodeRed.press("ask", { topic: "audit/list", payload: { most: 5000 }, asked });
    return (await answered).message.payload;
  };
  const NOBODY = /somebody without a login has the role none/;

  actOut(RIGHTS, {
    async noLogin() {
      const visitor = await open();
      const send = () => {
        for (const [node, message] of ACTS) visitor.emit("widget-send", `to ${node}`, message);
      };
      await refused(ACTS.length, send, NOBODY);
      const entries = (await log()).filter(
        ({ allowed, by }) => !allowed && /at (::ffff:)?127\.0\.0\.1$/.test(by ?? ""),
      );
      assert.equal(entries.length, ACTS.length);
      assert.ok(entries.every(({ user, role }) => user === null && role === "none"));
    },

    async forgedName() {
      const admin = await as("admin");
      const feed = await site.nodeRed.feed();
      type Answer = { topic: string; _client: { socketId: string } };
      const seen = feed.next<Answer>("the admin's answer", "answers", ({ topic }) => topic === "report/list");
      admin.emit("widget-send", "to ev-report", { topic: "report/list" });
      const { socketId } = (await seen).message._client;
      const user = { username: "the admin", userId: "the admin", name: "the admin" };
      const _client = { user, socketId, socketIp: "192.0.2.1" };
      const liar = await open({}, { user, ...user });
      const clear = { topic: "clear/OPEN/1", _client, by: "the admin", user };
      const send = () => {
        liar.emit("widget-send", "to ev-dlm", clear);
        liar.emit("widget-action", "to ev-dlm", clear);
        liar.emit("widget-change", "to ev-dlm", clear);
      };
      await refused(3, send, NOBODY);
      assert.ok((await log()).every(({ allowed, what }) => !(allowed && what.startsWith("clear"))));
    },

    async lists() {
      const visitor = await open();
      const clear = { topic: "clear/OPEN/1", _client: { user: "the admin" } };
      const send = () => {
        visitor.emit("widget-send", "to ev-dlm", [[clear, clear]]);
        visitor.emit("widget-action", "to ev-dlm", [[clear]]);
      };
      await refused(3, send, NOBODY);
    },

    async otherNodes() {
      const visitor = await open(loggedIn("the viewer"));
      const feed = await site.nodeRed.feed();
      const reading = { topic: "measurement/grid", payload: { currentA: [0, 0, 0] }, mine: true };
      for (const event of ["widget-send", "widget-action", "widget-change"])
        for (const { id } of NODES) visitor.emit(event, id, reading);
      await refused(1, () => visitor.emit("widget-send", "set topic", reading), /user the viewer has the role viewer/);
      assert.deepEqual(
        feed.of<{ mine?: boolean }>("answers").filter(({ message }) => message.mine),
        [],
      );
    },

    async impossible() {
      const visitor = await open();
      const ids = ["to ev-dlm", "ev-dlm", "set topic", "__proto__", "constructor", "", null, 7, {}, ["to ev-dlm"]];
      const messages = ["text", 7, true, null, [], [[[[{}]]]], [["text"]], { _client: "text" }, { payload: [[[[]]]] }];
      for (const event of ["widget-send", "widget-action", "widget-change"])
        for (const id of ids) for (const message of messages) visitor.emit(event, id, message);
      const deepest = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
      for (const event of ["widget-send", "widget-action"]) visitor.emitText(`["${event}","to ev-dlm",${deepest}]`);
      const other = await open();
      const send = () => other.emit("widget-send", "to ev-dlm", { topic: "clear/OPEN/1" });
      await refused(1, send, /clear\/OPEN\/1: somebody without a login/);
      site.assertAlive();
    },

    async viewerActs() {
      const viewer = await as("viewer");
      const send = () => {
        for (const [node, message] of ACTS) viewer.emit("widget-send", `to ${node}`, message);
      };
      await refused(ACTS.length, send, /user the viewer has the role viewer; it takes (operator|admin)/);
      const operator = await as("operator");
      operator.emit("widget-send", "to ev-dlm", { topic: "mode/OPEN/1", payload: "off" });
      const done = ({ user, allowed, what }: Entry) =>
        user === "the operator" && allowed && what.startsWith("mode/OPEN/1");
      await until("the operator's word is in the log", async () => (await log()).some(done));
    },

    async diagnostics() {
      const FILES = ["GetDiagnostics", "GetLog", "UpdateFirmware", "SignedUpdateFirmware"];
      const log1 = { logType: "DiagnosticsLog", requestId: 1, log: { remoteLocation: ELSEWHERE } };
      const later = new Date(Date.now() + 60_000).toISOString();
      const orders: [string, object][] = [
        ["GetDiagnostics", { location: ELSEWHERE }],
        ["GetLog", log1],
        ["UpdateFirmware", { location: ELSEWHERE, retrieveDate: later }],
      ];
      for (const role of ["viewer", "operator"]) {
        const somebody = await as(role);
        const send = () => {
          for (const [action, payload] of orders)
            somebody.emit("widget-send", "to ev-command", { action, chargePoint: "OPEN", payload });
        };
        await refused(orders.length, send, new RegExp(`user the ${role} has the role ${role}; it takes admin`));
      }
      assert.ok(!charger.heard.some(({ action }) => FILES.includes(action)), "the charger hears nothing");
      const entries = (await log()).filter(({ what }) => what.includes("192.0.2.66"));
      assert.equal(entries.length, 2 * orders.length);
      assert.ok(entries.every(({ what, allowed }) => !allowed && !what.includes("secret")));
    },

    async roleNone() {
      const feed = await site.nodeRed.feed();
      const nobody = await as("none");
      const stranger = await open();
      const sinceMs = Date.now();
      const send = (visitor: DashboardVisitor, name: string) => {
        for (const [node, message] of ASKS) visitor.emit("widget-send", `to ${node}`, { ...message, mine: name });
      };
      await refused(ASKS.length, () => send(nobody, "none"), /user the none has the role none; it takes viewer/);
      await refused(ASKS.length, () => send(stranger, "stranger"), NOBODY);
      type Mine = { mine?: string; ok?: boolean };
      const answersTo = (name: string) =>
        feed.of<Mine>("answers", sinceMs).filter(({ message }) => message.mine === name && message.ok !== false);
      assert.deepEqual(answersTo("none"), []);
      assert.deepEqual(answersTo("stranger"), []);
      // A viewer is answered: what has no answer yet says so in words of its own.
      send(await as("viewer"), "viewer");
      await until("a viewer is answered", () => answersTo("viewer").length >= ASKS.length - 2, 20_000);
    },

    async fullLog() {
      const visitor = await open(loggedIn("a nuisance"));
      const sent = 1000;
      for (let count = 0; count < sent; count++)
        visitor.emit("widget-send", "to ev-dlm", { topic: "clear/OPEN/1", by: `name ${count}` });
      const sinceMs = Date.now() - 5000;
      const told = async () => (await refusals(sinceMs)).filter((text) => /user a nuisance/.test(text)).length;
      // The editor is told of so many messages only in part: it is enough that they were looked at.
      await until("they are refused", async () => (await told()) > 60, 20_000);
      const entries = (await log()).filter(({ user }) => user === "a nuisance");
      assert.ok(entries.length <= 120, `${entries.length} entries`);
      assert.ok(entries.length >= 60, `${entries.length} entries`);
    },

    async buttons() {
      const shipped = await HostileSite.start({ example: "10 - Facility dashboard.json", dashboard: true });
      site.atEnd(() => void shipped.stop());
      const { flow } = shipped;
      const page = (name: string) => flow.find((node) => node.type === "ui-template" && node["name"] === name)!.id;
      const caught = { type: "catch", scope: null, uncaught: false, wires: [["told"]] };
      const told = { type: "debug", active: true, tosidebar: true, complete: "true", wires: [] };
      const tabs = flow.filter(({ type }) => type === "tab");
      const catches = tabs.map(({ id }) => ({ ...caught, id: `catch ${id}`, z: id, x: 100, y: 100 }));
      const debug = { ...told, id: "told", z: tabs[0]!.id, x: 100, y: 100 };
      await shipped.nodeRed.deploy([...flow, ...catches, debug]);
      const visitor = await shipped.visitor();
      const feed = await shipped.nodeRed.feed();
      const sinceMs = Date.now();
      const clear = { topic: "clear/CP1/1", payload: {}, mine: true };
      for (const list of [clear, [[clear]]])
        for (const name of ["now", "by-hand", "history", "sessions", "badges", "wall"]) {
          visitor.emit("widget-action", page(name), list);
          visitor.emit("widget-send", page(name), list);
        }
      // What a page may ask for is looked at by the node that it is for.
      for (const [name, topic] of [
        ["by-hand", "override"],
        ["by-hand", "mode/Garage"],
        ["badges", "badges/add"],
      ] as const)
        for (const kind of ["widget-send", "widget-action"]) visitor.emit(kind, page(name), { ...clear, topic });
      type Caught = { mine?: boolean; topic: string };
      const topics = () =>
        feed.of<Caught>("told", sinceMs).flatMap(({ message }) => (message.mine ? message.topic : []));
      await until("all are refused as what they cannot be", async () => topics().length >= 3);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.deepEqual([...new Set(topics())].sort(), ["badges/add", "mode/Garage", "override"]);
      await shipped.stop();
    },

    async noClientData() {
      const { flow } = site;
      const withheld = flow.map((node) => (node.id === "base" ? { ...node, includeClientData: false } : node));
      await site.nodeRed.deploy(withheld);
      const admin = await as("admin");
      const clear = { topic: "clear/OPEN/1", _client: { user: { username: "the admin" } } };
      const send = () => {
        admin.emit("widget-send", "to ev-dlm", clear);
        admin.emit("widget-action", "to ev-dlm", [[clear]]);
        admin.emit("widget-change", "to ev-meter-input", clear);
      };
      await refused(3, send, NOBODY);
      await site.nodeRed.deploy(flow);
    },

    async addresses() {
      for (const { method, path, permission } of await adminRoutes()) {
        const address = path.replace(/:[a-z]+/gi, "x");
        const body = method === "GET" ? undefined : {};
        const status = async (user: "stranger" | "reader" | null) =>
          (await site.ask(user, method, address, body)).status;
        assert.equal(await status(null), 401, `${method} ${path} without a login`);
        assert.equal(await status("stranger"), 403, `${method} ${path} without a permission`);
        if (permission === "ev-charging.write")
          assert.equal(await status("reader"), 403, `${method} ${path} by who may read`);
      }
    },
  });
});
