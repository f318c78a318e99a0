import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import Papa from "papaparse";
import type { SessionMessage } from "../../lib/session/sessions/session-payload.ts";
import type { Statistics } from "../../lib/session/statistics/statistics.ts";
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
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-sessions", "ev-simulator", "ev-zone", "ev-dlm"];

const told = (id: string) => errorsOf(id).map(String).join();

type Answer = NodeMessage & { count?: number; complete?: boolean; parts?: { index: number; count?: number } };

describe("ev-sessions", () => {
  let port: number;
  let charger: Charger;
  let isFree = false;

  beforeEach(async () => {
    isFree = false;
    port = await freePort();
    charger = new Charger();
  });

  afterEach(async () => {
    charger.close();
    await stop();
  });

  const flow = (properties: object = {}, more: FlowNode[] = []): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir, timeZone: "Europe/Berlin" },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    {
      id: "cp",
      type: "ev-charge-point",
      centralSystem: "cs",
      identity: "CP1",
      connectors: [{ number: 1, socketType: "T2" }],
      ...(isFree && { overrides: { "transaction.withoutTransactions": true } }),
    },
    { id: "sessions", type: "ev-sessions", site: "site", wires: [["out"]], ...properties },
    { id: "out", type: "helper" },
    ...more,
  ];
  const start = async (properties: object = {}, more: FlowNode[] = []): Promise<SessionMessage[]> => {
    await deploy(TYPES, flow(properties, more));
    const heard: SessionMessage[] = [];
    node("out").on("input", ((message: SessionMessage) => heard.push(message)) as never);
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    return heard;
  };
  const ask = (topic: string, payload: object = {}): Promise<Answer> => {
    const answer = nextMessage<Answer>("out", (message) => message.topic === topic && message.complete !== false);
    node("sessions").receive({ topic, payload });
    return answer;
  };
  const charge = async (idTag = "04AB"): Promise<number> => {
    const at = (s: number) => new Date(Date.now() + s * 1000).toISOString();
    const begun = { connectorId: 1, idTag, meterStart: 1000, timestamp: at(-3600) };
    const { transactionId } = (await charger.say("StartTransaction", begun)) as { transactionId: number };
    await charger.status("Charging");
    await charger.say("StopTransaction", {
      transactionId,
      meterStop: 8000,
      timestamp: at(0),
      reason: "EVDisconnected",
    });
    return transactionId;
  };

  it("tells a session as it opens and closes", async () => {
    const heard = await start();
    await charger.connect(port);
    const closed = nextMessage<SessionMessage>("out", ({ event }) => event === "close");
    const transactionId = await charge();
    const { topic, chargePoint, connector, session, payload } = await closed;
    assert.deepEqual([topic, chargePoint, connector, session], ["session/close", "CP1", 1, `CP1-${transactionId}`]);
    const { energyWh, durationS, idTag, stopReason, socketType } = payload;
    assert.deepEqual(
      [energyWh, durationS, idTag, stopReason, socketType],
      [7000, 3600, "04AB", "EVDisconnected", "T2"],
    );
    assert.deepEqual(
      heard.filter(({ event }) => event !== "update").map((message) => message.topic),
      ["session/open", "session/close"],
    );
    await until("none is open", () => lastStatus("sessions")?.text === "0 open");
  });

  it("bills by the meter of the socket, and refuses one that is not there or counts for two", async () => {
    const meter = {
      id: "meter",
      type: "ev-meter-input",
      meter: "socket 1",
      mapping: "$.payload",
      wires: [["counted"]],
    };
    const counted = { id: "counted", type: "helper" };
    const types = [...TYPES, "ev-meter-input"];
    const own = (connectors: object[]) => flow().map((one) => (one.id === "cp" ? { ...one, connectors } : one));
    await deploy(types, [...own([{ number: 1, sessionMeter: "socket 1" }]), meter, counted]);
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    await charger.connect(port);
    const counts = async (energyImportWh: number) => {
      const read = nextMessage("counted");
      node("meter").receive({ payload: { energyImportWh, powerW: 7000, currentA: [10, 10, 10] } } as NodeMessage);
      await read;
    };
    const timestamp = () => new Date().toISOString();
    await counts(500_000);
    const opened = nextMessage<SessionMessage>("out", ({ event }) => event === "open");
    const closed = nextMessage<SessionMessage>("out", ({ event }) => event === "close");
    const begun = { connectorId: 1, idTag: "04AB", meterStart: 100, timestamp: timestamp() };
    const { transactionId } = await charger.say("StartTransaction", begun);
    await opened;
    await counts(500_030);
    await charger.say("StopTransaction", { transactionId, meterStop: 120, timestamp: timestamp() });
    const { energyWh, energySource, meterKind, flags } = (await closed).payload;
    assert.deepEqual([energyWh, energySource, meterKind, flags], [30, "meter", "meter", []]);
    await redeploy([...own([{ number: 1, sessionMeter: "none" }]), meter, counted]);
    await until("a refusal", () => /sessionMeter of connector 1 is "none", which no node measures/.test(told("cp")));
    await redeploy([...own([1, 2].map((number) => ({ number, sessionMeter: "socket 1" }))), meter, counted]);
    await until("a refusal", () =>
      /"socket 1", which also counts for CP1\/2; each socket needs its own/.test(told("cp")),
    );
  });

  it("bills what can have flowed, and names it doubtful, when a register on the way is another one's", async () => {
    await start();
    await charger.connect(port);
    const closed = nextMessage<SessionMessage>("out", ({ event }) => event === "close");
    const begunMs = Date.now();
    const at = (ms: number) => new Date(begunMs + ms).toISOString();
    const begun = { connectorId: 1, idTag: "04AB", meterStart: 0, timestamp: at(0) };
    const { transactionId } = await charger.say("StartTransaction", begun);
    await charger.status("Charging");
    const measured = (energyWh: number, ms: number) =>
      charger.say("MeterValues", {
        connectorId: 1,
        transactionId,
        meterValue: [
          {
            timestamp: at(ms),
            sampledValue: [
              { value: String(energyWh), measurand: "Energy.Active.Import.Register", unit: "Wh" },
              { value: "6.4", measurand: "Current.Import", phase: "L1", unit: "A" },
            ],
          },
        ],
      });
    for (const [index, energyWh] of [876.6, 880, 886.6, 10].entries()) await measured(energyWh, index * 600);
    await charger.say("StopTransaction", { transactionId, meterStop: 10, timestamp: at(2400) });
    const { payload } = await closed;
    assert.deepEqual([payload.energyWh, payload.energySource], [10, "transaction"]);
    const { text } = await testHelper.request().get("/ev-charging/sessions/sessions?format=csv&separator=;&decimal=,");
    const [row] = Papa.parse<Record<string, string>>(text, { header: true, delimiter: ";" }).data;
    assert.deepEqual([row?.["Energy (kWh)"], row?.["Flags"]], ["0,01", payload.flags.join(" ")]);
    assert.ok(payload.flags.includes("registerJump"), payload.flags.join(" "));
  });

  it("answers lists and totals", async () => {
    await start({ updates: false });
    await charger.connect(port);
    await charge("04AB");
    await charge("04CD");
    const list = await ask("sessions/list", { user: "04cd" });
    assert.deepEqual([list.count, (list.payload as { idTag: string }[])[0]?.idTag], [1, "04CD"]);
    const { payload } = await ask("sessions/totals", { by: "user" });
    const { sessions, energyWh, averageEnergyWh, users } = payload as Record<string, unknown>;
    assert.deepEqual([sessions, energyWh, averageEnergyWh, (users as unknown[]).length], [2, 14_000, 7000, 2]);
  });

  it("exports a table in parts that fit together", async () => {
    await start({ updates: false });
    await charger.connect(port);
    await charge("=04AB");
    const parts: Answer[] = [];
    node("out").on("input", ((message: Answer) => message.parts && parts.push(message)) as never);
    const last = nextMessage<Answer>("out", ({ complete }) => complete === true);
    node("sessions").receive({ topic: "sessions/export", payload: { separator: ",", decimal: "." } });
    assert.equal((await last).parts?.count, parts.length);
    assert.deepEqual(
      parts.map((message) => message.parts?.index),
      parts.map((_, index) => index),
    );
    const table = parts.map(({ payload }) => payload as string).join("");
    const { data } = Papa.parse<Record<string, string>>(table, { header: true, skipEmptyLines: true });
    assert.deepEqual([data[0]?.["Energy (kWh)"], data[0]?.["UID"], data[0]?.["Duration"]], ["7", "'=04AB", "1:00:00"]);
    node("sessions").receive({ topic: "sessions/export", payload: { format: "json", user: "nobody" } });
    const empty = await nextMessage<Answer>("out", ({ complete }) => complete === true);
    assert.deepEqual([empty.payload, empty.parts?.count], [[], 1]);
  });

  it("gives the table as a file to whoever may read", async () => {
    await start({ updates: false });
    await charger.connect(port);
    await charge();
    const get = (path: string) => testHelper.request().get(`/ev-charging/sessions/${path}`);
    const csv = await get("sessions?format=csv&separator=;").expect(200);
    assert.match(csv.get("content-type") ?? "", /text\/csv/);
    assert.match(csv.get("content-disposition") ?? "", /sessions\.csv/);
    const { data } = Papa.parse<Record<string, string>>(csv.text, { header: true, skipEmptyLines: true });
    assert.equal(data[0]?.["Energy (kWh)"], "7");
    const { body } = await get("sessions?format=json").expect(200);
    assert.deepEqual([body.length, body[0]?.energyWh], [1, 7000]);
    assert.deepEqual((await get("sessions?format=json&user=nobody").expect(200)).body, []);
    await get("sessions?month=never").expect(400);
    await get("nothing").expect(400);
  });

  it("keeps the sessions of a simulated car", async () => {
    const url = `ws://127.0.0.1:${port}`;
    const heard = await start({}, [{ id: "sim", type: "ev-simulator", url, identity: "CP1", wires: [[]] }]);
    const open = (): SessionMessage | undefined => heard.find(({ event }) => event === "open");
    await until("a session is open", () => open() !== undefined, 20_000);
    const opened = open()!;
    assert.equal(opened.payload.idTag, "SIMCP1");
    const closed = nextMessage<SessionMessage>("out", ({ event }) => event === "close", 20_000);
    node("sim").receive({ payload: "unplug" });
    const { payload } = await closed;
    assert.deepEqual([payload.stopReason, payload.id], ["EVDisconnected", opened.payload.id]);
  });

  it("keeps a free charge without a transaction", async () => {
    isFree = true;
    await start();
    await charger.connect(port);
    const begun = nextMessage<SessionMessage>("out", ({ event }) => event === "open");
    await charger.status("Charging");
    const opened = await begun;
    assert.deepEqual([opened.payload.transactionId, opened.payload.flags], [null, ["noTransaction"]]);
    const closed = nextMessage<SessionMessage>("out", ({ event }) => event === "close");
    await charger.status("Available");
    assert.equal((await closed).payload.id, opened.payload.id);
  });

  it("keeps the sessions of a charger that a flow drives, with its part of the sun", async () => {
    await start({}, [
      { id: "zone", type: "ev-zone", site: "site", name: "home", limitA: [32, 32, 32] },
      { id: "box", type: "ev-charge-point", centralSystem: "", zone: "zone", identity: "BOX" },
      { id: "dlm", type: "ev-dlm", zone: "zone", wires: [[], [], []] },
    ]);
    const opened = nextMessage<SessionMessage>("out", ({ event }) => event === "open");
    const closed = nextMessage<SessionMessage>("out", ({ event }) => event === "close");
    const tell = (payload: object) => node("dlm").receive({ topic: "connector/BOX/1", payload } as NodeMessage);
    node("dlm").receive({ topic: "surplus", payload: { surplusW: 500, gridW: -500 } } as NodeMessage);
    tell({ state: "charging", measuredA: [16, 16, 16], energyWh: 100, user: "Anna" });
    const { payload } = await opened;
    assert.deepEqual([payload.chargePoint, payload.zone, payload.flags], ["BOX", "home", ["noTransaction"]]);
    tell({ state: "charging", measuredA: [16, 16, 16], energyWh: 110 });
    tell({ state: "available" });
    const { energyWh, user, pvShare, meterKind } = (await closed).payload;
    assert.deepEqual([energyWh, user, pvShare, meterKind], [10, "Anna", 1, "charger"]);
  });

  it("forgets what ended before a day, once it is told to in earnest", async () => {
    await start({ updates: false });
    await charger.connect(port);
    const at = (days: number, minutes = 0) => new Date(Date.now() - days * 86_400_000 + minutes * 60_000).toISOString();
    for (const days of [100, 0.1]) {
      const begun = { connectorId: 1, idTag: "04AB", meterStart: 1000, timestamp: at(days) };
      const { transactionId } = (await charger.say("StartTransaction", begun)) as { transactionId: number };
      await charger.say("StopTransaction", { transactionId, meterStop: 2000, timestamp: at(days, 30) });
    }
    const before = at(50).slice(0, 10);
    const counted = (await ask("sessions/prune", { before })).payload as { sessions: number; applied: boolean };
    assert.deepEqual([counted.sessions, counted.applied], [1, false]);
    assert.equal((await ask("sessions/list")).count, 2);
    await ask("sessions/prune", { before, apply: true });
    assert.equal((await ask("sessions/list")).count, 1);
    node("sessions").receive({ topic: "sessions/prune", payload: { before: at(30), apply: true } });
    await until("the error", () => errorsOf("sessions").length > 0);
    assert.match(errorsOf("sessions")[0]?.message ?? "", /payload\.before .* at least 40 days ago/);
  });

  it("adds up by day and charger, tells holders their own alone, and money to those whom it concerns", async () => {
    await deploy(
      [...TYPES, "ev-authorization"],
      flow({ updates: false }, [
        { id: "badges", type: "ev-authorization", site: "site", wires: [[], ["listed"]] },
        { id: "listed", type: "helper" },
      ]).map((one) =>
        one.id !== "site"
          ? one
          : {
              ...one,
              tariff: { perKWh: 0.5, perHour: "1", currency: "" },
              roles: ["holder", "viewer", "operator"].map((role) => ({
                user: role === "holder" ? "anna" : role,
                role,
              })),
              otherUsers: "holder",
            },
      ),
    );
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const listed = nextMessage("listed");
    node("badges").receive({ topic: "badges/add", payload: { idTag: "04AB", comment: "Anna" } } as NodeMessage);
    await listed;
    await charger.connect(port);
    await charge("04AB");
    await charge("04CD");
    const askAs = async (user: string | null, payload: object = {}) => {
      const answer = nextMessage<Answer>("out", ({ topic }) => topic === "sessions/statistics");
      const sender = user === null ? {} : signedIn(user);
      node("sessions").receive({ topic: "sessions/statistics", payload, ...sender } as never);
      return (await answer).payload as never as Statistics & { currency: string | null; owner: string | null };
    };
    const days = await askAs(null, { by: "year" });
    assert.deepEqual(
      [days.total.energyWh, days.total.sessions, days.total.money, days.currency],
      [14_000, 2, 9, "EUR"],
    );
    assert.equal(days.total.sunShare, null, "nobody knows of the sun");
    const chargers = await askAs("operator", { by: "chargePoint", from: days.from });
    assert.deepEqual(
      chargers.rows.map(({ key, energyWh, money }) => [key, energyWh, money]),
      [["CP1", 14_000, 9]],
    );
    const seen = await askAs("viewer", { by: "year" });
    assert.deepEqual([seen.total.energyWh, seen.total.money, seen.currency], [14_000, undefined, null]);
    const own = await askAs("Anna", { by: "holder", from: days.from, user: "" });
    assert.deepEqual([own.owner, own.total.money], ["Anna", 4.5]);
    assert.deepEqual(
      own.rows.map(({ key, energyWh }) => [key, energyWh]),
      [["Anna", 7000]],
    );
    const csv = nextMessage<Answer>("out", ({ topic }) => topic === "sessions/statistics");
    node("sessions").receive({
      topic: "sessions/statistics",
      payload: { by: "holder", from: days.from, format: "csv" },
    } as never);
    assert.match(String((await csv).payload), /^User;Sessions;Energy \(kWh\);/);
    const stranger = { _client: { socketId: "x", socketIp: "192.0.2.1" } };
    node("sessions").receive({ topic: "sessions/statistics", payload: {}, ...stranger } as never);
    node("sessions").receive({ topic: "sessions/list", payload: {}, ...signedIn("anna") } as never);
    await until("both are refused", () => errorsOf("sessions").length === 2);
    assert.match(
      told("sessions"),
      /somebody without a login has the role holder.*sessions\/list: user anna has the role holder; it takes viewer/,
    );
  });

  it("tells a Catch node what it did not understand", async () => {
    await start();
    node("sessions").receive({ topic: "sessions/list", payload: { month: "May" } });
    await until("the error", () => errorsOf("sessions").length > 0);
    assert.match(errorsOf("sessions")[0]?.message ?? "", /payload\.month is "May"/);
  });
});
