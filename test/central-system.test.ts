import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { CentralSystem, type CentralSystemSettings, type CentralSystemState } from "../lib/central-system.ts";
import { systemClock } from "../lib/clock.ts";
import { Site } from "../lib/site.ts";
import { freePort } from "./free-port.ts";

describe("A central system", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "phasewise-cs-"));
  let site: Site;
  let system: CentralSystem;
  const sockets: WebSocket[] = [];
  const blockers: Server[] = [];

  beforeEach(() => {
    site = new Site({ key: "site", dataDir });
    system = new CentralSystem("cs", site.stations, systemClock);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const blocker of blockers.splice(0)) blocker.close();
    await system.close();
    site.close();
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  const settings = (port: number, more: Partial<CentralSystemSettings> = {}): CentralSystemSettings => ({
    host: "127.0.0.1",
    port,
    path: "/",
    pingS: 20,
    callTimeoutS: 30,
    policy: {
      unknownChargePoints: "accept",
      sharedPassword: null,
      requirePassword: false,
      allowMissingSubprotocol: false,
      heartbeatS: 60,
    },
    ...more,
  });
  const dial = async (port: number): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6");
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return socket;
  };
  const stateOf = (kind: CentralSystemState["kind"]): Promise<CentralSystemState> =>
    new Promise((resolve) => system.onState((state) => state.kind === kind && resolve(state)));

  it("keeps its sockets when settings change that do not concern where it listens", async () => {
    const port = await freePort();
    await system.apply(settings(port), null);
    const socket = await dial(port);
    await system.apply(settings(port, { pingS: 5 }), null);
    assert.equal(socket.readyState, WebSocket.OPEN);
  });

  it("moves to another port and closes what was on the old one", async () => {
    const [from, to] = [await freePort(), await freePort()];
    await system.apply(settings(from), null);
    const socket = await dial(from);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await system.apply(settings(to), null);
    await closed;
    await dial(to);
  });

  it("says by name that its port is in use", async () => {
    const blocker = createServer();
    blockers.push(blocker);
    const port = await new Promise<number>((resolve) =>
      blocker.listen(0, "127.0.0.1", () => resolve((blocker.address() as { port: number }).port)),
    );
    await system.apply(settings(port), null);
    const state = await stateOf("failed");
    assert.equal(state.kind === "failed" && (state.error as { code?: string }).code, "EV_PORT_IN_USE");
  });

  it("is not listening any more once closed", async () => {
    const port = await freePort();
    await system.apply(settings(port), null);
    await system.close();
    await assert.rejects(dial(port));
  });
});
