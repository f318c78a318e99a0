import { strict as assert } from "node:assert";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import testHelper from "node-red-node-test-helper";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import type { CentralSystemPage } from "../../nodes/admin/types/central-system-page-types.ts";
import type {
  DataFolderPage,
  LineTestPage,
  NetworkPage,
  PortCheckPage,
} from "../../nodes/admin/types/dialog-page-types.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-modbus", "ev-meter-simulator"];

const get = async <T>(path: string): Promise<T> =>
  (await testHelper.request().get(`/ev-charging/${path}`).expect(200)).body as T;
const post = async <T>(path: string, body: object, status = 200): Promise<T> =>
  (await testHelper.request().post(`/ev-charging/${path}`).send(body).expect(status)).body as T;

describe("what the runtime tells the dialogs", () => {
  let port: number;
  let foreign: Server | null = null;

  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(async () => {
    foreign?.close();
    foreign = null;
    await stop();
  });

  const server = (id: string, more: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id, type: "ev-central-system", site: "site", host: "127.0.0.1", port, ...more },
  ];
  const listens = (id: string) => until("it listens", () => /open|listening/.test(lastStatus(id)?.text ?? ""));

  describe("of its network", () => {
    it("lists the machine's addresses, those that others reach first, and the port of Node-RED's own server", async () => {
      await deploy(TYPES, []);
      const { hostname, addresses, editor } = await get<NetworkPage>("network");
      assert.notEqual(hostname, "");
      assert.ok(addresses.some(({ address, isInternal }) => address === "127.0.0.1" && isInternal));
      const internal = addresses.map(({ isInternal }) => isInternal);
      assert.deepEqual(
        internal,
        [...internal].sort((a, b) => Number(a) - Number(b)),
      );
      assert.ok(addresses.every(({ address }) => !address.startsWith("fe80")));
      assert.equal(editor.isSecure, false);
    });
  });

  describe("of a port", () => {
    const check = (id: string, at: number, host = "127.0.0.1") =>
      post<PortCheckPage>("port-checks", { id, host, port: at });

    it("tells a free one, its own, and that of another server of the flow by name", async () => {
      await deploy(TYPES, server("cs", { name: "Cellar" }));
      await listens("cs");
      assert.deepEqual(await check("cs", port), { state: "own" });
      assert.deepEqual(await check("new", port), { state: "other", by: "Cellar" });
      const free = await freePort();
      assert.deepEqual(await check("new", free), { state: "free" });
      assert.deepEqual(await check("new", free), { state: "free" }, "it is given back at once");
    });

    it("tells one that another program uses, and an address that is not the machine's", async () => {
      await deploy(TYPES, []);
      foreign = createServer().listen(port, "127.0.0.1");
      await once(foreign, "listening");
      assert.deepEqual(await check("new", port), { state: "refused", code: "EADDRINUSE" });
      assert.deepEqual(await check("new", port, "192.0.2.1"), { state: "refused", code: "EADDRNOTAVAIL" });
    });

    it("refuses what is no port", async () => {
      await deploy(TYPES, []);
      const { message } = await post<{ message: string }>("port-checks", { port: 70_000 }, 400);
      assert.match(message, /port is 70000; it must be a whole number from 1 to 65535/);
    });
  });

  describe("of a central system", () => {
    it("says whether it listens, and who is connected", async () => {
      await deploy(TYPES, server("cs"));
      await listens("cs");
      assert.deepEqual((await get<CentralSystemPage>("central-systems/cs")).online, []);
      const charger = new Charger("CP1");
      await charger.connect(port);
      try {
        const { state, online } = await get<CentralSystemPage>("central-systems/cs");
        assert.deepEqual([state, online], [{ kind: "listening", port }, ["CP1"]]);
      } finally {
        charger.close();
      }
    });

    it("says why it does not", async () => {
      foreign = createServer().listen(port, "127.0.0.1");
      await once(foreign, "listening");
      await deploy(TYPES, server("cs"));
      await until("it failed", () => lastStatus("cs")?.fill === "red");
      const { state } = await get<CentralSystemPage>("central-systems/cs");
      assert.equal(state.kind, "failed");
      assert.match(JSON.stringify(state), new RegExp(`${port}`));
    });
  });

  describe("of a Modbus connection", () => {
    const line = () => ({ transport: "tcp", host: "127.0.0.1", port, timeoutMs: 200 });
    const meter = (): FlowNode => ({
      id: "sim",
      type: "ev-meter-simulator",
      port,
      unitId: 7,
      loadA: [1, 2, 3],
      wires: [],
    });

    it("says which units answer and which are silent, over a line that is not deployed", async () => {
      await deploy(TYPES, [meter()]);
      await until("the meter listens", () => lastStatus("sim")?.fill === "green");
      const { units } = await post<LineTestPage>("modbus-tests", { line: line(), unitIds: [7, 8, 7] });
      assert.deepEqual(
        units.map(({ unitId, state }) => [unitId, state]),
        [
          [7, "answers"],
          [8, units[1]!.state],
        ],
      );
      assert.ok(["silent", "refuses"].includes(units[1]!.state), units[1]!.state);
    });

    it("asks unit 1 when no meter is named, over the deployed line, and says when nobody is there at all", async () => {
      await deploy(TYPES, [{ id: "bus", type: "ev-modbus", ...line() }]);
      const { code } = await post<{ code: string }>("modbus-tests", { bus: "bus" }, 502);
      assert.equal(code, "EV_MODBUS_CONNECT");
      const missing = await post<{ code: string }>("modbus-tests", { bus: "other" }, 400);
      assert.equal(missing.code, "EV_CONFIG_MISSING");
    });
  });

  describe("of a data folder", () => {
    const look = (folder: string) => post<DataFolderPage>("data-folders", { id: "site", dataDir: folder });

    it("tells one that will be made from one that is there with records or without, and makes none", async () => {
      await deploy(TYPES, []);
      const folder = join(dataDir, "cellar/records");
      assert.equal((await look(folder)).state, "new");
      assert.equal((await look(folder)).state, "new");
      mkdirSync(folder, { recursive: true });
      assert.equal((await look(folder)).state, "empty");
      writeFileSync(join(folder, "ev-charging.sqlite"), "x".repeat(3_000_000));
      const { state, usedMB, freeMB, isPassing, driver } = await look(folder);
      assert.deepEqual([state, usedMB, driver], ["there", 3, sqlDriver().name]);
      assert.ok(freeMB === null || freeMB > 0);
      assert.equal(isPassing, true, "the machine's folder for temporary files");
    });

    it("names the folder in Node-RED's own when none is typed", async () => {
      await deploy(TYPES, []);
      assert.match((await look("")).folder, /ev-charging.site$/);
    });

    it("says where a file is in the way", async () => {
      await deploy(TYPES, []);
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(join(dataDir, "file"), "");
      assert.equal((await look(join(dataDir, "file/records"))).state, "noFolder");
    });

    it("says where Node-RED must not write", async function () {
      // Whoever is root may write everywhere.
      if (process.getuid?.() === 0) this.skip();
      await deploy(TYPES, []);
      const locked = join(dataDir, "locked");
      mkdirSync(locked, { recursive: true, mode: 0o500 });
      assert.equal((await look(join(locked, "records"))).state, "readOnly");
      chmodSync(locked, 0o700);
    });
  });
});
