import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:net";
import WebSocket from "ws";
import type { EvCentralSystemNode } from "../../nodes/runtime/node-types.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point"];

describe("ev-central-system", () => {
  let blocker: Server | undefined;
  const chargers: Charger[] = [];
  const charger = (identity = "CP1"): Charger => {
    chargers.push(new Charger(identity));
    return chargers.at(-1)!;
  };

  afterEach(async () => {
    for (const one of chargers.splice(0)) one.close();
    blocker?.close();
    blocker = undefined;
    await stop();
  });

  const flow = (
    port: number,
    more: Record<string, unknown> = {},
    chargePoint: Record<string, unknown> = {},
  ): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, ...more },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", ...chargePoint },
  ];

  it("lets a charge point boot and says that anyone on the network may pose as one", async () => {
    const port = await freePort();
    await deploy(TYPES, flow(port));
    await until("listening", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    await charger().connect(port);
    assert.equal(lastStatus("cs")?.fill, "yellow");
  });

  it("refuses a wrong password and takes the right one", async () => {
    const port = await freePort();
    await deploy(TYPES, flow(port, { requirePassword: true }), { cp: { password: "0123456789abcdef0" } });
    await until("listening", () => lastStatus("cs")?.fill === "green");
    await assert.rejects(charger().connect(port, "wrong"));
    await charger().connect(port, "0123456789abcdef0");
  });

  it("drops no socket on a full deploy", async () => {
    const port = await freePort();
    await deploy(TYPES, flow(port));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6");
    let closes = 0;
    socket.on("close", () => closes++);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    for (let time = 0; time < 3; time++) await redeploy(flow(port));
    socket.send(JSON.stringify([2, "1", "Heartbeat", {}]));
    const answer = await new Promise<string>((resolve) =>
      socket.on("message", (data) => String(data).includes('"1"') && resolve(String(data))),
    );
    assert.match(answer, /^\[3,"1",\{"currentTime"/);
    assert.equal(closes, 0);
    socket.terminate();
  });

  it("closes its sockets and frees its port when it is deleted", async () => {
    const port = await freePort();
    await deploy(TYPES, flow(port));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6");
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await redeploy([{ id: "site", type: "ev-site", dataDir }]);
    await closed;
    blocker = createServer();
    await new Promise<void>((resolve, reject) => blocker!.once("error", reject).listen(port, "127.0.0.1", resolve));
  });

  it("says by name that its port is in use, and listens once it is free", async () => {
    blocker = createServer();
    const port = await new Promise<number>((resolve) => {
      blocker!.listen(0, "127.0.0.1", () => resolve((blocker!.address() as { port: number }).port));
    });
    await deploy(TYPES, flow(port));
    await until("the error", () =>
      errorsOf("cs").some((error) => (error as { code?: string }).code === "EV_PORT_IN_USE"),
    );
    assert.equal(lastStatus("cs")?.fill, "red");
    const { centralSystem } = node<EvCentralSystemNode>("cs");
    const attempts: string[] = [];
    centralSystem!.onState(({ kind }) => attempts.push(kind));
    await until("a second attempt", () => attempts.join() === "failed,starting,failed");
    assert.equal(errorsOf("cs").length, 1);
    await new Promise((resolve) => blocker!.close(resolve));
    blocker = undefined;
    await until("listening", () => lastStatus("cs")?.fill === "yellow");
  });

  it("refuses a rule for badges that there is not", async () => {
    await deploy(TYPES, flow(await freePort(), { authorization: "nobody" }));
    assert.match(errorsOf("cs")[0]?.message ?? "", /^authorization is "nobody"/);
  });
});
