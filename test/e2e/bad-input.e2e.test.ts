import { strict as assert } from "node:assert";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CarBench, drawnA } from "./car-bench.ts";
import type { FlowNode } from "./flows.ts";
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

/** Nodes with one wrong property each, on sites of their own so that the good site's tree stays whole. */
function brokenNodes(takenPort: number, garbagePort: number, fileAsFolder: string): Broken[] {
  const flowNode = { z: "bad-tab", x: 100, y: 100, wires: [] };
  return [
    { node: { id: "bad-store", type: "ev-site", dataDir: join(fileAsFolder, "data") }, says: /data|open/i },
    { node: { id: "bad-site", type: "ev-site", voltageV: "many" }, says: /voltageV is "many"/ },
    {
      node: { id: "bad-port", type: "ev-central-system", site: "", host: "127.0.0.1", port: takenPort },
      says: new RegExp(`${takenPort}`),
    },
    {
      node: { id: "bad-heartbeat", type: "ev-central-system", site: "", port: 1, heartbeatS: "often" },
      says: /heartbeatS is "often"/,
    },
    {
      node: { id: "bad-zone", type: "ev-zone", site: "", name: "Bad", limitA: [63, "lots", 63] },
      says: /limitA\[1\] is "lots"/,
    },
    { node: { id: "bad-twin", type: "ev-charge-point", centralSystem: "bad-port", identity: "CP1" }, says: /CP1/ },
    { node: { id: "bad-bus", type: "ev-modbus", host: "127.0.0.1", port: 70_000 }, says: /port is 70000/ },
    { node: { id: "garbage-bus", type: "ev-modbus", host: "127.0.0.1", port: garbagePort, timeoutMs: 500 }, says: /$/ },
    {
      node: { id: "bad-profile", type: "ev-meter", ...flowNode, bus: "garbage-bus", meter: "odd", profile: "abacus" },
      says: /abacus/,
    },
    {
      node: {
        id: "bad-reader",
        type: "ev-meter",
        ...flowNode,
        bus: "nowhere",
        meter: "lost",
        profile: "siemens-pac2200",
      },
      says: /bus/,
    },
    {
      node: { id: "bad-surplus", type: "ev-pv-surplus", ...flowNode, gridMeter: "main", residualW: "some" },
      says: /residualW is "some"/,
    },
    { node: { id: "bad-dlm", type: "ev-dlm", ...flowNode, zone: "nowhere" }, says: /zone/ },
    { node: { id: "bad-lease", type: "ev-charging-profile", ...flowNode, leaseS: 5 }, says: /leaseS is 5/ },
    { node: { id: "bad-event", type: "ev-event", ...flowNode, centralSystem: "nowhere" }, says: /centralSystem/ },
    {
      node: { id: "bad-command", type: "ev-command", ...flowNode, centralSystem: "nowhere", action: "Reset" },
      says: /centralSystem/,
    },
    { node: { id: "bad-car", type: "ev-simulator", ...flowNode, url: "down the road", identity: "CP8" }, says: /url/ },
    {
      node: {
        id: "bad-meter-port",
        type: "ev-meter-simulator",
        ...flowNode,
        port: takenPort,
        profile: "siemens-pac2200",
        loadA: [1, 1, 1],
      },
      says: new RegExp(`${takenPort}`),
    },
  ];
}

/** A button for wrong messages in front of each node that takes messages, and a Catch node that shows what comes of it. */
function messageBench(flow: FlowNode[]): FlowNode[] {
  const targets = ["ev-dlm", "ev-charging-profile", "ev-command", "ev-simulator", "ev-meter-simulator"];
  const tab = flow.find(({ type }) => type === "tab")?.id;
  const button = (type: string) => ({
    id: `to-${type}`,
    type: "inject",
    z: tab,
    x: 100,
    y: 900,
    props: [],
    wires: [[flow.find((node) => node.type === type)?.id]],
  });
  return [
    ...targets.map(button),
    { id: "to-ev-pv-surplus", type: "inject", z: tab, x: 100, y: 900, props: [], wires: [["surplus"]] },
    { id: "surplus", type: "ev-pv-surplus", z: tab, x: 100, y: 900, gridMeter: "main", wires: [[]] },
    { id: "catch", type: "catch", z: tab, x: 100, y: 900, scope: null, wires: [["caught"]] },
    { id: "caught", type: "debug", z: tab, x: 100, y: 900, active: true, complete: "true", tosidebar: true, wires: [] },
  ] as FlowNode[];
}

describe("bad input", function () {
  this.timeout(60_000);
  let bench: CarBench;
  let taken: { server: Server; port: number };
  let garbage: { server: Server; port: number };
  let broken: Broken[];

  before("deploy a good flow and, beside it, every broken node", async () => {
    taken = await listen(() => {});
    garbage = await listen((socket) => socket.on("data", () => socket.write("\x16\x03 certainly not Modbus \xff")));
    const file = join(tmpdir(), `phasewise-a-file-${process.pid}`);
    writeFileSync(file, "not a folder");
    broken = brokenNodes(taken.port, garbage.port, file);
    const garbageMeter = {
      id: "garbage-meter",
      type: "ev-meter",
      z: "bad-tab",
      x: 1,
      y: 1,
      bus: "garbage-bus",
      meter: "garbage",
      profile: "siemens-pac2200",
      wires: [[]],
    };
    bench = await CarBench.start("5", (flow) => [
      {
        ...flow.find(({ type }) => type === "ev-charge-point"),
        id: "guest",
        type: "ev-charge-point",
        identity: "GUEST",
        zone: "",
      },
      { id: "bad-tab", type: "tab", label: "broken" },
      ...broken.map(({ node }) => node),
      garbageMeter,
      ...messageBench(flow),
    ]);
  });
  after(async () => {
    await bench?.stop();
    taken?.server.close();
    garbage?.server.close();
  });

  it("names each malformed property on the node concerned", async () => {
    for (const { node, says } of broken.filter(({ node }) => node.id !== "garbage-bus")) {
      const line = () =>
        bench.nodeRed.log.split("\n").find((text) => text.includes(`[error] [${node.type}:${node.id}]`));
      await until(`an error of ${node.id}`, () => line() !== undefined, 5000).catch((error: Error) => {
        throw new Error(`${error.message}\n${bench.nodeRed.log}`);
      });
      assert.match(line()!, says, node.id);
      await bench.feed.status(`a red status on ${node.id}`, node.id, ({ fill }) => fill === "red", 5000);
    }
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

  it("says when a command goes to a charger that is not there", async () => {
    const sentMs = Date.now();
    await bench.nodeRed.press("to-ev-command", { chargePoint: "NOBODY", action: "Reset", payload: { type: "Soft" } });
    await bench.feed.next<Caught>(
      "an error",
      "caught",
      ({ error }) => error.source.type === "ev-command" && /^EV_/.test(error.code ?? ""),
      5000,
      sentMs,
    );
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
