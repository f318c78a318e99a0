import { strict as assert } from "node:assert";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CarBench, drawnA } from "./car-bench.ts";
import { type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { RawCharger } from "./raw-charger.ts";

interface Caught {
  error: { message: string; code?: string; source: { id: string; type: string } };
}

/** A server on a port of its own. */
async function listen(
  onSocket: (socket: import("node:net").Socket) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as { port: number }).port };
}

/** A flow node or config node that cannot work, and the words its error must contain. */
interface Broken {
  node: FlowNode;
  says: RegExp;
}

/** Nodes with one wrong property each, on a site of their own so that the good site's tree stays whole. */
function brokenNodes(takenPort: number, file: string): Broken[] {
  const config = (id: string, type: string, properties: object, says: RegExp) => ({
    node: { id, type, ...properties },
    says,
  });
  const inFlow = (id: string, type: string, properties: object, says: RegExp) =>
    config(id, type, { z: "bad-tab", x: 100, y: 100, wires: [], ...properties }, says);
  const taken = new RegExp(`${takenPort}`);
  return [
    config("bad-store", "ev-site", { dataDir: join(file, "data") }, /data|database/i),
    config("bad-site", "ev-site", { voltageV: "many" }, /voltageV is "many"/),
    config("bad-port", "ev-central-system", { site: "own-site", host: "127.0.0.1", port: takenPort }, taken),
    config(
      "bad-heartbeat",
      "ev-central-system",
      { site: "own-site", port: 1, heartbeatS: "often" },
      /heartbeatS is "often"/,
    ),
    config("bad-zone", "ev-zone", { site: "own-site", name: "Bad", limitA: [63, "lots", 63] }, /limitA\[1\] is "lots"/),
    config("bad-twin", "ev-charge-point", { centralSystem: "bad-port", identity: "DEMO1" }, /DEMO1/),
    config("bad-bus", "ev-modbus", { host: "127.0.0.1", port: 70_000 }, /port is 70000/),
    inFlow("bad-profile", "ev-meter", { bus: "garbage-bus", meter: "odd", profile: "abacus" }, /abacus/),
    inFlow("bad-reader", "ev-meter", { bus: "nowhere", meter: "lost", profile: "siemens-pac2200" }, /bus/),
    inFlow("bad-surplus", "ev-pv-surplus", { gridMeter: "main", residualW: "some" }, /residualW is "some"/),
    inFlow("bad-dlm", "ev-dlm", { zone: "nowhere" }, /zone/),
    inFlow("bad-cycle", "ev-dlm", { zone: "bad-zone", cycleS: "soon" }, /cycleS is "soon"/),
    inFlow("bad-lease", "ev-charging-profile", { leaseS: 5 }, /leaseS is 5/),
    inFlow("bad-badges", "ev-authorization", { freeCharging: [{ idTag: "*" }] }, /freeCharging\[0\].badge/),
    inFlow("bad-event", "ev-event", { centralSystem: "nowhere" }, /centralSystem|central system/),
    inFlow("bad-command", "ev-command", { centralSystem: "nowhere", action: "Reset" }, /centralSystem|central system/),
    inFlow("bad-car", "ev-simulator", { url: "down the road", identity: "CP8" }, /url/),
    inFlow("bad-meter-port", "ev-meter-simulator", { port: takenPort, profile: "siemens-pac2200" }, taken),
  ];
}

/** A meter at the other end of which something answers that is no meter. */
const garbageMeter = (port: number): FlowNode[] => [
  { id: "garbage-bus", type: "ev-modbus", host: "127.0.0.1", port, timeoutMs: 500 },
  {
    id: "garbage-meter",
    type: "ev-meter",
    z: "bad-tab",
    x: 100,
    y: 100,
    bus: "garbage-bus",
    meter: "garbage",
    profile: "siemens-pac2200",
    wires: [[]],
  },
];

/** A button for wrong messages in front of each node that takes messages, and a Catch node that shows what comes of it. */
function messageBench(flow: FlowNode[]): FlowNode[] {
  const targets = ["ev-dlm", "ev-charging-profile", "ev-simulator", "ev-meter-simulator"];
  const place = { z: flow.find(({ type }) => type === "tab")?.id, x: 100, y: 900 };
  const button = (type: string, target: string | undefined) => ({
    ...place,
    id: `to-${type}`,
    type: "inject",
    props: [],
    wires: [[target]],
  });
  return [
    ...targets.map((type) => button(type, flow.find((node) => node.type === type)?.id)),
    button("ev-pv-surplus", "surplus"),
    { ...place, id: "surplus", type: "ev-pv-surplus", gridMeter: "main", wires: [[]] },
    button("ev-command", "asker"),
    {
      ...place,
      id: "asker",
      type: "ev-command",
      chargePoint: "",
      action: "",
      payload: "payload",
      payloadType: "msg",
      wires: [[]],
    },
    { ...place, id: "catch", type: "catch", scope: null, wires: [["caught"]] },
    { ...place, id: "caught", type: "debug", active: true, complete: "true", tosidebar: true, wires: [] },
  ] as FlowNode[];
}

describe("bad input", () => {
  let bench: CarBench;
  let taken: { server: Server; port: number };
  let garbage: { server: Server; port: number };
  let broken: Broken[];

  before("deploy a good flow and, beside it, every broken node", async () => {
    taken = await listen(() => {});
    garbage = await listen((socket) => socket.on("data", () => socket.write("\x16\x03 certainly not Modbus \xff")));
    const file = join(tmpdir(), `phasewise-a-file-${process.pid}`);
    writeFileSync(file, "not a folder");
    broken = brokenNodes(taken.port, file);
    bench = await CarBench.start("5", (flow) => [
      { ...theNode(flow, "ev-charge-point"), id: "guest", identity: "GUEST", zone: "" },
      { id: "bad-tab", type: "tab", label: "broken" },
      { id: "own-site", type: "ev-site", name: "broken" },
      ...broken.map(({ node }) => node),
      ...garbageMeter(garbage.port),
      ...messageBench(flow),
    ]);
  });
  after(async () => {
    await bench?.stop();
    taken?.server.close();
    garbage?.server.close();
  });

  it("names each malformed property on the node concerned", async () => {
    const silent: string[] = [];
    for (const { node, says } of broken) {
      const place = `[error] [${node.type}:${String(node["name"] ?? node.id)}]`;
      const errors = () => bench.nodeRed.log.split("\n").filter((line) => line.includes(place));
      const isNamed = () => errors().some((line) => says.test(line));
      await until("an error", isNamed, 3000).catch(() => silent.push(`${node.id}: ${errors()[0] ?? "no error"}`));
      const isRed = () => bench.feed.statuses.get(node.id)?.fill === "red";
      await until("a red status", isRed, 3000).catch(() => silent.push(`${node.id}: no red status`));
    }
    assert.deepEqual(silent, []);
  });

  it("shows a meter that answers garbage as such", async () => {
    const status = await bench.feed.status(
      "a warning",
      "garbage-meter",
      ({ fill }) => fill === "red" || fill === "yellow",
      15_000,
    );
    assert.match(status.text ?? "", /\w/);
  });

  it("refuses wrong messages with a code that Catch nodes see", async () => {
    const wrong: [type: string, field: RegExp, message: Record<string, unknown>][] = [
      ["ev-dlm", /limitA/, { topic: "limit/House", payload: { limitA: "few" } }],
      ["ev-dlm", /payload/, { topic: "mode/CP1/1", payload: "turbo" }],
      ["ev-dlm", /payload/, { topic: "meter/main", meter: "main", payload: 5 }],
      ["ev-charging-profile", /limitA/, { chargePoint: "CP1", connector: 1, payload: { limitA: "much" } }],
      ["ev-pv-surplus", /payload/, { topic: "meter/main", meter: "main", payload: "sunny" }],
      ["ev-simulator", /plugged/, { payload: { plugged: "perhaps" } }],
      ["ev-meter-simulator", /loadA/, { payload: { loadA: "heavy" } }],
    ];
    for (const [type, field, message] of wrong) {
      const sentMs = Date.now();
      await bench.nodeRed.press(`to-${type}`, message);
      const { message: caught } = await bench.feed.next<Caught>(
        `an error of ${type} about ${field}`,
        "caught",
        ({ error }) => error.source.type === type && field.test(error.message),
        5000,
        sentMs,
      );
      assert.equal(caught.error.code, "EV_MESSAGE_INVALID", caught.error.message);
    }
  });

  it("says when a command cannot go out", async () => {
    const commands: [code: string, message: Record<string, unknown>][] = [
      ["EV_MESSAGE_INVALID", { chargePoint: "NOBODY", action: "Reset", payload: { type: "Soft" } }],
      ["EV_OCPP_INVALID", { chargePoint: "CP1", action: "Reset", payload: { type: "Gentle" } }],
      ["EV_OCPP_OFFLINE", { chargePoint: "GUEST", action: "Reset", payload: { type: "Soft" } }],
    ];
    for (const [code, message] of commands) {
      const sentMs = Date.now();
      await bench.nodeRed.press("to-ev-command", message);
      const isOurs = ({ error }: Caught) => error.source.id === "asker";
      const { message: caught } = await bench.feed.next<Caught>(
        `an error for ${JSON.stringify(message)}`,
        "caught",
        isOurs,
        5000,
        sentMs,
      );
      assert.equal(caught.error.code, code, caught.error.message);
    }
  });

  it("survives frames, requests and bytes that are not OCPP", async () => {
    const frames = [
      "",
      "not json",
      "null",
      "[]",
      "{}",
      "[2]",
      '[2,"x"]',
      '[2,7,"Heartbeat",{}]',
      '[9,"x","y",{}]',
      '[3,"x",{}]',
      '[4,"x"]',
      "[".repeat(20_000),
    ];
    let charger = await RawCharger.dial(bench.ports.ocpp, "GUEST");
    for (const frame of [...frames, Buffer.from([0xff, 0x00, 0xc3]), "x".repeat(3_000_000)]) {
      if (charger.closed) charger = await RawCharger.dial(bench.ports.ocpp, "GUEST");
      charger.send(frame);
    }
    charger.close();
    await fetch(`http://127.0.0.1:${bench.ports.ocpp}/GUEST`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
    const bytes = connect(bench.ports.ocpp, "127.0.0.1").on("error", () => {});
    bytes.end("\x00\x01 no HTTP at all\r\n\r\n");

    const next = await RawCharger.dial(bench.ports.ocpp, "GUEST");
    assert.equal((await next.call("BootNotification", { chargePointVendor: "T", chargePointModel: "B" }))[0], 3);
    assert.deepEqual((await next.call("NoSuchAction", {})).slice(0, 3), [4, "raw-2", "NotImplemented"]);
    assert.equal((await next.call("StartTransaction", { connectorId: "one" }))[0], 4);
    assert.equal((await next.call("Heartbeat", {}))[0], 3);
    next.close();
  });

  it("goes on charging the good car meanwhile", async () => {
    await bench.car("the car draws current", (car) => drawnA(car) > 6, 40_000);
    await bench.reading("the meter is read", ({ payload }) => payload.quality === "good", 5000);
    assert.equal(bench.nodeRed.running, true);
    assert.doesNotMatch(bench.nodeRed.log, /uncaught|unhandled/i);
  });

  it("refuses a breaker that the safe currents do not fit, with the numbers, and keeps the last good tree", async () => {
    const zone = bench.node("ev-zone");
    const tooSmall = bench.flow.map((node) => (node.id === zone.id ? { ...node, limitA: [5, 5, 5] } : node));
    await bench.nodeRed.deploy(tooSmall, "full");
    const status = await bench.feed.status("a red status", bench.node("ev-dlm").id, ({ fill }) => fill === "red");
    const lines = bench.nodeRed.log
      .split("\n")
      .filter((line) => /\[error\] \[ev-(zone|dlm)/.test(line) && /\b6\b/.test(line) && /\b5\b/.test(line));
    assert.ok(lines.length > 0, `no line names 6 A and 5 A; status: ${status.text}\n${bench.nodeRed.log.slice(-2000)}`);
    await bench.car("the car charges on", (car) => drawnA(car) > 5, 20_000);
  });
});
