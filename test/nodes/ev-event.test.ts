import { strict as assert } from "node:assert";
import type { StationEvent } from "../../lib/messages.ts";
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

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-event"];

describe("ev-event", () => {
  let port: number;
  let charger: Charger;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
  });

  afterEach(async () => {
    charger.close();
    await stop();
  });

  const flow = (properties: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", aliases: ["box"] },
    { id: "event", type: "ev-event", wires: [["out"]], ...properties },
    { id: "out", type: "helper" },
  ];
  const start = async (properties: object = {}): Promise<StationEvent[]> => {
    await deploy(TYPES, flow(properties));
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const heard: StationEvent[] = [];
    node("out").on("input", ((message: StationEvent) => heard.push(message)) as never);
    return heard;
  };
  const next = (event: string) => nextMessage<StationEvent>("out", (message) => message.event === event);

  it("tells all that happens to a charge point, in the contract's shape", async () => {
    const heard = await start();
    const status = next("status");
    await charger.connect(port);
    await charger.status("Charging");
    const { topic, chargePoint, connector, event, payload, ocpp } = await status;
    assert.deepEqual([topic, chargePoint, connector, event], ["ocpp/CP1/1/status", "CP1", 1, "status"]);
    assert.equal(payload["status"], "Charging");
    assert.deepEqual([ocpp?.action, ocpp?.version], ["StatusNotification", "1.6"]);
    assert.deepEqual(
      heard.slice(0, 2).map((message) => message.event),
      ["online", "boot"],
    );
    await until("it is counted", () => lastStatus("event")?.text === "1 online");
    const offline = next("offline");
    charger.close();
    await offline;
    await until("nobody online", () => lastStatus("event")?.text === "0 online");
    assert.ok(!heard.some((message) => message.event === "raw"));
  });

  it("tells only the events that are ticked", async () => {
    const heard = await start({ events: ["status", "transaction.start"] });
    await charger.connect(port);
    await charger.status("Charging");
    const started = next("transaction.start");
    await charger.say("StartTransaction", {
      connectorId: 1,
      idTag: "T",
      meterStart: 0,
      timestamp: new Date().toISOString(),
    });
    assert.equal((await started).topic, "ocpp/CP1/1/transaction.start");
    assert.deepEqual(
      heard.map((message) => message.event),
      ["status", "transaction.start"],
    );
  });

  for (const [chargePoint, hears] of [
    ["CP1", true],
    ["cp1", true],
    ["box", true],
    ["CP2", false],
  ] as const) {
    it(`of charge point ${chargePoint} ${hears ? "hears" : "does not hear"} CP1`, async () => {
      const heard = await start({ chargePoint });
      await charger.connect(port);
      await charger.status("Charging");
      if (hears) await until("an event", () => heard.length > 0);
      else await new Promise((resolve) => setImmediate(resolve));
      assert.equal(heard.length > 0, hears);
    });
  }

  const TS = "2026-06-01T12:00:00Z";
  const said: [event: string, action: string, request: object, answer: object, payload: object][] = [
    ["heartbeat", "Heartbeat", {}, {}, {}],
    [
      "firmware",
      "FirmwareStatusNotification",
      { status: "Installed" },
      {},
      { action: "FirmwareStatusNotification", status: "Installed", requestId: null },
    ],
    [
      "firmware",
      "SignedFirmwareStatusNotification",
      { status: "InvalidSignature", requestId: 4 },
      {},
      { action: "SignedFirmwareStatusNotification", status: "InvalidSignature", requestId: 4 },
    ],
    [
      "diagnostics",
      "DiagnosticsStatusNotification",
      { status: "Uploading" },
      {},
      { action: "DiagnosticsStatusNotification", status: "Uploading", requestId: null },
    ],
    [
      "diagnostics",
      "LogStatusNotification",
      { status: "Uploaded", requestId: 7 },
      {},
      { action: "LogStatusNotification", status: "Uploaded", requestId: 7 },
    ],
    [
      "security",
      "SecurityEventNotification",
      { type: "TamperDetectionActivated", timestamp: TS },
      {},
      { action: "SecurityEventNotification", type: "TamperDetectionActivated", timestamp: TS, techInfo: null },
    ],
    [
      "certificate",
      "SignCertificate",
      { csr: "-----BEGIN CERTIFICATE REQUEST-----" },
      { status: "Rejected" },
      { action: "SignCertificate", csr: "-----BEGIN CERTIFICATE REQUEST-----", status: "Rejected" },
    ],
    [
      "data",
      "DataTransfer",
      { vendorId: "Maker", data: "42" },
      { status: "UnknownVendorId" },
      { vendorId: "Maker", messageId: null, data: "42", status: "UnknownVendorId" },
    ],
  ];
  for (const [event, action, request, answer, payload] of said) {
    it(`tells ${action} as ${event}, once it is confirmed`, async () => {
      await start({ events: [event] });
      await charger.connect(port);
      const told = next(event);
      const confirmation = await charger.say(action, request as Record<string, unknown>);
      if (action !== "Heartbeat") assert.deepEqual(confirmation, answer);
      const message = await told;
      assert.deepEqual(message.payload, payload);
      assert.deepEqual([message.topic, message.ocpp?.action], [`ocpp/CP1/0/${event}`, action]);
    });
  }

  it("shows frames when asked to", async () => {
    await start({ raw: true, events: ["raw"] });
    const raw = next("raw");
    await charger.connect(port);
    const { payload } = await raw;
    assert.equal(payload["direction"], "in");
    assert.match(String(payload["frame"]), /"BootNotification"/);
  });

  it("tells of a charge point that nobody configured", async () => {
    await start({ centralSystem: "cs" });
    charger = new Charger("STRANGER");
    const unknown = next("unknown");
    await charger.connect(port);
    assert.equal((await unknown).chargePoint, "STRANGER");
  });

  it("is red with an event that does not exist", async () => {
    await start({ events: ["explosion"] });
    assert.match(errorsOf("event")[0]?.message ?? "", /events has "explosion"; it may have online, /);
    assert.equal(lastStatus("event")?.fill, "red");
  });
});
