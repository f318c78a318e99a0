import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { createRPCError } from "ocpp-rpc";
import type { AllocationMessage } from "../../lib/messages.ts";
import type { CompareAnswer } from "../../lib/upstream/compare/compare-answer.ts";
import type { OverviewPage } from "../../nodes/admin/types/overview-page-types.ts";
import type { EvSiteNode } from "../../nodes/runtime/node-types.ts";
import { Authority } from "../certificates.ts";
import { ForeignBackEnd } from "../upstream/back-end.ts";
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

const TYPES = [
  ...["ev-overview", "ev-site", "ev-central-system", "ev-charge-point", "ev-back-end"],
  ...["ev-authorization", "ev-sessions", "ev-zone", "ev-dlm", "tls-config"],
];

describe("ev-back-end", () => {
  let port: number;
  let charger: Charger;
  let cloud: ForeignBackEnd;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
    cloud = new ForeignBackEnd();
    await cloud.open();
  });

  afterEach(async () => {
    charger.close();
    await stop();
    await cloud.close();
    assert.deepEqual(cloud.faults, []);
  });

  const backEnd = (id: string, more: object = {}): FlowNode => {
    return {
      id,
      type: "ev-back-end",
      site: "site",
      name: `Cloud ${id}`,
      url: cloud.url,
      identity: `${id}-{identity}`,
      ...more,
    };
  };
  const flow = (backEnds: FlowNode[], system: object = {}, point: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    ...backEnds,
    { id: "cs", type: "ev-central-system", name: "Garage", site: "site", host: "127.0.0.1", port, ...system },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", ...point },
  ];
  const start = async (nodes: FlowNode[], credentials = {}): Promise<void> => {
    await deploy(TYPES, nodes, credentials);
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
  };
  const charge = async (): Promise<void> => {
    const at = (s: number) => new Date(Date.now() + s * 1000).toISOString();
    const begun = { connectorId: 1, idTag: "04AB", meterStart: 1000, timestamp: at(-3600) };
    const { transactionId } = (await charger.say("StartTransaction", begun)) as { transactionId: number };
    await charger.say("StopTransaction", { transactionId, meterStop: 8000, timestamp: at(-1), reason: "Local" });
  };
  const connectedAs = (identity: string) => cloud.actions(identity).includes("BootNotification");

  it("reports what its charge points charge, and shows how many are connected", async () => {
    await start(flow([backEnd("be")], { backEnds: ["be"] }));
    await until("it is connected", () => lastStatus("be")?.text === "1 of 1 connected");
    await charger.connect(port);
    await charge();
    await until("the charge is reported", () => cloud.books.some(({ wh }) => wh === 7000));
    assert.deepEqual(
      cloud.books.map(({ idTag, wh }) => [idTag, wh]),
      [["04AB", 7000]],
    );
    assert.equal(cloud.heard[0]?.identity, "be-CP1");
  });

  it("keeps its connections over a deploy that changes nothing, and makes new ones where something changed", async () => {
    const nodes = flow([backEnd("be")], { backEnds: ["be"] });
    await start(nodes);
    await until("it is connected", () => connectedAs("be-CP1"));
    await redeploy(nodes);
    await charger.connect(port);
    await charge();
    await until("the charge is reported", () => cloud.books.some(({ wh }) => wh === 7000));
    assert.equal(cloud.actions().filter((action) => action === "BootNotification").length, 1);
    await redeploy(flow([backEnd("be", { identity: "other" })], { backEnds: ["be"] }));
    await until("it has the other name", () => connectedAs("other"));
    await redeploy(flow([backEnd("be")]));
    await until("it is left", () => lastStatus("be")?.text === "ev-back-end.status.unused");
  });

  it("is told of by an error when it cannot be reached, and by another when the password is wrong", async () => {
    cloud.allows = (_identity, password) => password?.toString() === "right";
    await cloud.close();
    await start(flow([backEnd("be")], { backEnds: ["be"] }), { be: { password: "wrong" } });
    await until("it is red", () => lastStatus("be")?.fill === "red");
    assert.match(errorsOf("be").at(-1)?.message ?? "", /^Cloud be: CP1: .*ECONNREFUSED/);
    await cloud.open();
    await until("the password is refused", () => /HTTP 401/.test(errorsOf("be").at(-1)?.message ?? ""));
    await redeploy(flow([backEnd("be")], { backEnds: ["be"] }), { be: { password: "right" } });
    await until("it is connected", () => lastStatus("be")?.text === "1 of 1 connected");
  });

  it("is told nothing behind a certificate of somebody else, and is reached once the right authority is named", async () => {
    const theirs = new Authority("Their authority");
    const secret = new ForeignBackEnd(theirs.issue("cloud", ["127.0.0.1"]));
    await secret.open();
    try {
      const tls = { id: "tls", type: "tls-config", cert: "", key: "", ca: "", verifyservercert: true };
      const nodes = [tls, ...flow([backEnd("be", { url: secret.url, tls: "tls" })], { backEnds: ["be"] })];
      await start(nodes, { tls: { cadata: new Authority("Another one").cert } });
      await until("it is red", () => lastStatus("be")?.fill === "red");
      assert.match(errorsOf("be").at(-1)?.message ?? "", /^Cloud be: CP1: its certificate is not trusted here/);
      assert.deepEqual(secret.heard, []);
      await redeploy(nodes, { tls: { cadata: theirs.cert } });
      await until("it is connected", () => lastStatus("be")?.text === "1 of 1 connected");
    } finally {
      await stop();
      await secret.close();
    }
  });

  it("goes by its host where it has no name: a login or a secret in its address is shown to nobody", async () => {
    const url = cloud.url.replace("ws://", "ws://user:very-secret@");
    await start(flow([backEnd("be", { name: "", url: `${url}?auth=very-secret` })], { backEnds: ["be"] }));
    await until("it is connected", () => lastStatus("be")?.text === "1 of 1 connected");
    const { body } = await testHelper.request().get("/ev-charging/overview?site=site").expect(200);
    const [shown] = (body as OverviewPage).overview.backEnds;
    assert.equal(shown?.name, cloud.url);
    assert.doesNotMatch(JSON.stringify(body), /very-secret/);
  });

  it("has its books shown by ev-sessions", async () => {
    const sessions: FlowNode[] = [
      { id: "sessions", type: "ev-sessions", site: "site", wires: [["out"]] },
      { id: "out", type: "helper" },
    ];
    await start([...flow([backEnd("be")], { backEnds: ["be"] }), ...sessions]);
    await charger.connect(port);
    await charge();
    await until("the charge is reported", () => cloud.books.some(({ wh }) => wh === 7000));
    const ask = (topic: string, payload: object) => {
      const answer = nextMessage<NodeMessage & { count?: number }>("out", (message) => message.topic === topic);
      node("sessions").receive({ topic, payload } as NodeMessage);
      return answer;
    };
    let found = await ask("sessions/books", { backEnd: "Cloud be", state: "reported" });
    // Its confirmation may be on the way.
    while (found.count === 0) found = await ask("sessions/books", { backEnd: "Cloud be", state: "reported" });
    const [row] = found.payload as { energyWh: number; upstreamTransactionId: string }[];
    assert.deepEqual([row?.energyWh, row?.upstreamTransactionId], [7000, "7000"]);
    assert.deepEqual((await ask("sessions/repeat", {})).payload, { repeated: 0 });
    const [{ start: began }] = found.payload as [{ start: string }];
    const compare = async (csv: string) => (await ask("sessions/compare", { csv })).payload as unknown as CompareAnswer;
    assert.equal(
      (await compare(`Start;kWh;Station\n${began};7,00;be-CP1`)).text,
      "Both books are the same. Charges: 1.",
    );
    const other = await compare(`Start;kWh;Station\n${began};8,10;be-CP1`);
    assert.deepEqual(other.counts, { onlyHere: 0, onlyThere: 0, energyDiffers: 1, perhapsTwice: 0 });
    assert.match(other.differences[0]?.text ?? "", /^CP1\/1, .*: 7.00 kWh here, 8.10 kWh in line 2\.$/);
  });

  it("leaves its books behind when it is deleted, with what waits, and goes on when it is put back", async () => {
    const sessions: FlowNode[] = [
      { id: "sessions", type: "ev-sessions", site: "site", wires: [["out"]] },
      { id: "out", type: "helper" },
    ];
    await cloud.close();
    await start([...flow([backEnd("be")], { backEnds: ["be"] }), ...sessions]);
    await charger.connect(port);
    await charge();
    await redeploy([...flow([]), ...sessions]);
    const answer = nextMessage<NodeMessage & { count?: number }>("out", ({ topic }) => topic === "sessions/books");
    node("sessions").receive({ topic: "sessions/books", payload: { backEnd: "be" } } as NodeMessage);
    const rows = (await answer).payload as { state: string; energyWh: number }[];
    assert.deepEqual(
      rows.map(({ state, energyWh }) => [state, energyWh]),
      [["waiting", 7000]],
    );
    await cloud.open();
    // Who takes the deletion back has everything reported.
    await redeploy([...flow([backEnd("be")], { backEnds: ["be"] }), ...sessions]);
    await until("the charge is reported", () => cloud.books.some(({ wh }) => wh === 7000));
    assert.equal(cloud.transactions.size, 1);
  });

  it("has what it refused shown in rows and tables, and reported again by whom the role allows it", async () => {
    const site = { users: [{ user: "eve", role: "viewer" }], otherUsers: "viewer" };
    const sessions: FlowNode[] = [
      { id: "sessions", type: "ev-sessions", site: "site", wires: [["out"]] },
      { id: "out", type: "helper" },
    ];
    const nodes = [...flow([backEnd("be")], { backEnds: ["be"] }), ...sessions];
    let refuses = true;
    cloud.before = ({ action }) => {
      if (refuses && action === "StartTransaction") throw createRPCError("PropertyConstraintViolation", "unknown tag");
    };
    await start(nodes.map((one) => (one.id === "site" ? { ...one, ...site } : one)));
    await charger.connect(port);
    await charge();
    type Answer = NodeMessage & {
      text?: string;
      mayRepeat?: boolean;
      payload: { id: string; reports: { backEnd: string; text: string }[] }[] & string;
    };
    const ask = (topic: string, payload: object, from: object = {}) => {
      const answer = nextMessage<Answer>("out", (message) => message.topic === topic);
      node("sessions").receive({ topic, payload, ...from } as NodeMessage);
      return answer;
    };
    let rows = await ask("sessions/rows", { report: "refused" });
    while (rows.payload.length === 0) rows = await ask("sessions/rows", { report: "refused" });
    assert.deepEqual(rows.payload[0]?.reports, [
      { backEnd: "Cloud be", state: "refused", text: "refused: PropertyConstraintViolation: unknown tag" },
    ]);
    assert.equal(rows.mayRepeat, true);
    const { body } = await testHelper.request().get("/ev-charging/overview?site=site").expect(200);
    const [shown] = (body as OverviewPage).overview.backEnds;
    assert.deepEqual([shown?.name, shown?.connected, shown?.refused, shown?.reported], ["Cloud be", 1, 1, 0]);
    assert.match(shown?.sessions[0]?.reason ?? "", /unknown tag/);
    assert.match((await ask("sessions/export", { separator: "," })).payload, /,Reported to Cloud be\r\n$/);
    const viewer = { _client: { socketId: "none" } };
    assert.equal((await ask("sessions/rows", {}, viewer)).mayRepeat, false);
    node("sessions").receive({ topic: "sessions/repeat", payload: {}, ...viewer } as NodeMessage);
    await until("a viewer is refused", () =>
      /EV_ROLE_DENIED|operator/.test(errorsOf("sessions").at(-1)?.message ?? ""),
    );
    refuses = false;
    assert.equal((await ask("sessions/repeat", {})).text, "1 session is reported again.");
    await until("it is reported", () => cloud.books.some(({ wh }) => wh === 7000));
  });

  it("gets again what it refused when somebody presses the sidebar's button, who must be an operator and is noted", async () => {
    let refuses = true;
    cloud.before = ({ action }) => {
      if (refuses && action === "StartTransaction") throw createRPCError("PropertyConstraintViolation", "unknown tag");
    };
    const build = (role: string) =>
      flow([backEnd("be")], { backEnds: ["be"] }).map((one) => (one.id === "site" ? { ...one, flows: role } : one));
    await start(build("viewer"));
    await charger.connect(port);
    await charge();
    const overview = async () => {
      const { body } = await testHelper.request().get("/ev-charging/overview?site=site").expect(200);
      return (body as OverviewPage).overview.backEnds[0]!;
    };
    while ((await overview()).refused === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const [{ session } = { session: "" }] = (await overview()).sessions;
    const press = async (sessionId: unknown) => {
      const body = { site: "site", backEnd: "be", sessionId };
      return (await testHelper.request().post("/ev-charging/overview/repeat").send(body).expect(200)).body as object;
    };
    const site = () => node<EvSiteNode>("site").site!;
    assert.equal(((await press(session)) as { code: string }).code, "EV_ROLE_DENIED");
    await redeploy(build("operator"));
    assert.deepEqual(await press("no such session"), {
      ...{ ok: false, code: "EV_MESSAGE_INVALID" },
      text: "No back end has refused this session. It is reported already, or waits.",
    });
    assert.equal(((await press("")) as { ok: boolean }).ok, false);
    refuses = false;
    assert.deepEqual(await press(session), { ok: true, text: "1 session is reported again." });
    await until("it is reported", () => cloud.books.some(({ wh }) => wh === 7000));
    const log = await site().rights.entries({ fromWallMs: 0, toWallMs: Date.now() + 1000, most: 5 });
    assert.ok(log.some(({ what, by }) => what.startsWith("sessions/repeat") && by === "the editor"));
  });

  it("that bills lowers what load management gives, at once and with its name, and never raises it", async () => {
    const managed: FlowNode[] = [
      { id: "zone", type: "ev-zone", site: "site", name: "Garage", limitA: [20, 20, 20] },
      { id: "dlm", type: "ev-dlm", zone: "zone", cycleS: 1, rampUpAps: 50, wires: [["alloc"], [], []] },
      { id: "alloc", type: "helper" },
    ];
    const billing = backEnd("be", { role: "billing" });
    await start([...flow([billing], { backEnds: ["be"] }, { zone: "zone" }), ...managed]);
    await until("it is connected", () => connectedAs("be-CP1"));
    await charger.connect(port);
    await charger.status("Charging");
    const allocated = (accept: (limitA: number) => boolean) =>
      nextMessage<AllocationMessage>("alloc", ({ payload }) => accept(payload.limitA));
    const limit = (limitA: number) =>
      cloud.command("be-CP1", "SetChargingProfile", {
        connectorId: 1,
        csChargingProfiles: {
          ...{ chargingProfileId: 1, stackLevel: 3, chargingProfilePurpose: "TxDefaultProfile" },
          chargingProfileKind: "Relative",
          chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: limitA }] },
        },
      });
    await allocated((limitA) => limitA > 15);
    const lowered = allocated((limitA) => limitA <= 8);
    assert.deepEqual(await limit(8), { status: "Accepted" });
    const { payload } = await lowered;
    assert.deepEqual([payload.limitA, payload.reasons[0]?.code], [8, "CLOUD"]);
    assert.match(payload.text, /limited by the back end Cloud be/);
    const raised = allocated((limitA) => limitA > 15);
    await limit(32);
    const free = (await raised).payload;
    assert.ok(free.limitA <= 20, `${free.limitA} A`);
    assert.notEqual(free.reasons[0]?.code, "CLOUD");
    const paused = allocated((limitA) => limitA === 0);
    await limit(4);
    assert.equal((await paused).payload.reasons[0]?.code, "CLOUD");
  });

  it("that bills is asked who may charge, and the trace says what it answered", async () => {
    const nodes = flow([backEnd("be", { role: "billing", lateInvalid: "stop" })], { backEnds: ["be"] });
    const trace: FlowNode[] = [
      { id: "badges", type: "ev-authorization", site: "site", wires: [[], ["out"]] },
      { id: "out", type: "helper" },
    ];
    await start([...nodes, ...trace]);
    await until("it is connected", () => connectedAs("be-CP1"));
    await charger.connect(port);
    const show = async (idTag: string) => {
      const told = nextMessage<NodeMessage & { payload: { rule: string; text: string } }>("out", () => true);
      const { idTagInfo } = (await charger.say("Authorize", { idTag })) as { idTagInfo: { status: string } };
      const { rule, text } = (await told).payload;
      return [idTagInfo.status, rule, text];
    };
    const answered = "the back end Cloud be answered";
    assert.deepEqual(await show("04AB"), ["Accepted", "backEnd", `${answered} Accepted for badge 04AB`]);
    cloud.tagStatus = "Blocked";
    assert.deepEqual(await show("BAD"), ["Blocked", "backEnd", `${answered} Blocked for badge BAD`]);
    // Nobody is let in by the central system's own rule, by which anyone may charge, while the back end is away.
    await cloud.close();
    await until("it is away", () => lastStatus("be")?.fill === "red");
    const [status, rule, text] = await show("NEW");
    assert.deepEqual([status, rule], ["Invalid", "unknown"]);
    assert.match(text ?? "", /^the back end Cloud be did not answer within 3 s; badge NEW is not in the list/);
    assert.equal((await show("04AB"))[1], "backEndEarlier");
  });

  it("has diagnostics fetched with the permission, is told of it, and has a restart wait for the end of a charge", async () => {
    await start(flow([backEnd("be", { role: "billing", allowDiagnostics: true })], { backEnds: ["be"] }));
    await until("it is connected", () => connectedAs("be-CP1"));
    charger.answer = (action) => (action === "GetDiagnostics" ? { fileName: "log.zip" } : { status: "Accepted" });
    const asked: string[] = [];
    for (const action of ["GetDiagnostics", "UpdateFirmware", "Reset"])
      charger.commands.on(action, () => asked.push(action));
    await charger.connect(port);
    await charger.status("Charging");
    const location = "ftp://192.0.2.1/diagnostics";
    assert.deepEqual(await cloud.command("be-CP1", "GetDiagnostics", { location }), { fileName: "log.zip" });
    await charger.say("DiagnosticsStatusNotification", { status: "Uploaded" });
    await until("it is told", () => cloud.actions("be-CP1").includes("DiagnosticsStatusNotification"));
    const update = { location: "https://192.0.2.1/new.bin", retrieveDate: new Date().toISOString() };
    await assert.rejects(cloud.command("be-CP1", "UpdateFirmware", update), /does not pass this on/);
    assert.deepEqual(await cloud.command("be-CP1", "Reset", { type: "Soft" }), { status: "Accepted" });
    assert.deepEqual(asked, ["GetDiagnostics"]);
    await charger.status("Available");
    // It is done when the charge has ended: asked for once more, at once.
    const reset = charger.next("Reset");
    await cloud.command("be-CP1", "Reset", { type: "Soft" });
    assert.deepEqual(await reset, { type: "Soft" });
  });

  it("that bills has the charger's signed values, the data of the end, and messages of its vendor as they came", async () => {
    const billing = backEnd("be", { role: "billing", dataTransferVendors: ["com.maker"] });
    await start(flow([billing], { backEnds: ["be"] }));
    await until("it is connected", () => connectedAs("be-CP1"));
    await charger.connect(port);
    const at = (s: number) => new Date(Date.now() + s * 1000).toISOString();
    const value = (context: string) => ({
      timestamp: at(-60),
      sampledValue: [{ value: "OCMF|{}|{}", context, format: "SignedData", unit: "kWh" }],
    });
    const begun = { connectorId: 1, idTag: "04AB", meterStart: 0, timestamp: at(-3600) };
    const { transactionId } = (await charger.say("StartTransaction", begun)) as { transactionId: number };
    const [first, last] = [value("Transaction.Begin"), value("Transaction.End")];
    await charger.say("MeterValues", { connectorId: 1, transactionId, meterValue: [first] });
    const transactionData = [first, last];
    await charger.say("StopTransaction", { transactionId, meterStop: 7000, timestamp: at(-1), transactionData });
    const theirs = () => [...cloud.transactions.values()][0];
    await until("the charge is reported", () => theirs()?.stop != null);
    assert.deepEqual(theirs()?.stop?.["transactionData"], transactionData);
    assert.deepEqual(theirs()?.samples.at(-1)?.["meterValue"], [first]);
    const message = { vendorId: "com.maker", data: "42" };
    assert.deepEqual(await charger.say("DataTransfer", message), { status: "Accepted", data: "theirs" });
    assert.deepEqual(await charger.say("DataTransfer", { vendorId: "other" }), { status: "UnknownVendorId" });
  });

  it("may bill alone: a second one is refused with both places, and the first goes on", async () => {
    const billing = (id: string) => backEnd(id, { role: "billing" });
    await start(flow([billing("first")], { backEnds: ["first"] }));
    await until("it is connected", () => connectedAs("first-CP1"));
    await redeploy(flow([billing("first"), billing("second")], { backEnds: ["first"] }, { backEnds: ["second"] }));
    await until("it is refused", () => lastStatus("cp")?.fill === "red");
    const [error] = errorsOf("cp").slice(-1);
    assert.match(
      error?.message ?? "",
      /Cloud second \(chosen at charge point CP1\) and Cloud first \(chosen at Garage\)/,
    );
    assert.equal((error as { code?: string }).code, "EV_CONFIG_INVALID");
    await charger.connect(port);
    await charge();
    await until("the charge is reported", () => cloud.books.some(({ wh }) => wh === 7000));
    assert.ok(!connectedAs("second-CP1"));
    assert.equal(lastStatus("first")?.text, "1 of 1 connected");
  });

  it("must be there, of the same site, and have an address", async () => {
    await start(flow([backEnd("be", { url: "https://example.com" })], { backEnds: ["be"] }));
    assert.match(errorsOf("be")[0]?.message ?? "", /^url is "https:\/\/example.com"; it must be .*ws:\/\//);
    assert.equal(lastStatus("be")?.fill, "red");
    assert.match(
      errorsOf("cp")[0]?.message ?? "",
      /^Garage: the back end be is missing, disabled, wrong or of another site/,
    );
  });
});
