/** Passwords given over OCPP while the database that knows them cannot be read, over real sockets. */
import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEndpoint, type Endpoint } from "../../lib/ocpp/server/endpoint.ts";
import { type CentralSystemPolicy, createDirectory } from "../../lib/station/connection/central-system.ts";
import { StationKeys } from "../../lib/station/connection/station-keys.ts";
import { KeyList } from "../../lib/store/books/key-list.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { RawClient } from "../ocpp/fixtures.ts";
import { definition, StationBench } from "./fake-charge-point.ts";

const KEY = Buffer.from("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "hex");

describe("Passwords given over OCPP, when the database cannot be read,", () => {
  const clock = new FakeClock();
  const folder = mkdtempSync(join(tmpdir(), "phasewise-keys-"));
  const path = join(folder, "db.sqlite");
  const list = join(folder, "given-passwords");
  let store: Store;
  let keys: StationKeys;
  let bench: StationBench;
  let endpoint: Endpoint;
  let port: number;
  const clients: RawClient[] = [];
  const policy: CentralSystemPolicy = {
    unknownChargePoints: "park",
    sharedPassword: null,
    requirePassword: false,
    allowMissingSubprotocol: false,
    heartbeatS: 60,
  };

  const begin = async (): Promise<void> => {
    store = openStore(path, { clock });
    keys = new StationKeys(store.stationKeys, clock, new KeyList(list));
    bench = new StationBench(openStore(":memory:", { clock }));
    bench.stations.configure(definition({ identity: "GIVEN" }));
    bench.stations.configure(definition({ identity: "BOTH", password: "typed in" }));
    bench.stations.configure(definition({ identity: "OPEN" }));
    endpoint = createEndpoint(
      { host: "127.0.0.1" },
      createDirectory(bench.stations, () => policy, "cs", null, keys),
      clock,
    );
    ({ port } = await endpoint.listen());
  };
  const end = async (): Promise<void> => {
    for (const client of clients.splice(0)) client.socket.terminate();
    await endpoint.close();
    bench.close();
    store.close();
  };
  const dial = async (identity: string, password?: string): Promise<RawClient> => {
    const authorization = `Basic ${Buffer.from(`${identity}:${password}`).toString("base64")}`;
    const client = new RawClient(`ws://127.0.0.1:${port}/${identity}`, { headers: password ? { authorization } : {} });
    clients.push(client);
    await client.opened;
    return client;
  };
  const refused = { message: "HTTP 503" };
  /** A folder in its place: nothing can be read, and nothing is damaged. */
  const block = (): void => {
    for (const part of ["", "-wal", "-shm"]) rmSync(path + part, { recursive: true, force: true });
    mkdirSync(path);
  };

  beforeEach(async () => {
    await begin();
    for (const identity of ["GIVEN", "BOTH"]) {
      const configured = identity === "BOTH" ? "typed in" : null;
      keys.accepted(identity, await keys.prepare(identity, KEY, configured));
    }
  });
  afterEach(async () => {
    await end();
    for (const file of [path, list]) rmSync(file, { recursive: true, force: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("keep out with 503 who shows none, or another one than the flow's own", async () => {
    await end();
    block();
    await begin();
    await assert.rejects(dial("GIVEN"), refused);
    await assert.rejects(dial("GIVEN", "a guess"), refused);
    await assert.rejects(dial("given", KEY.toString("hex")), refused);
    await assert.rejects(dial("BOTH", KEY.toString("hex")), refused);
    await assert.rejects(dial("BOTH"), { message: "HTTP 401" });
    await dial("BOTH", "typed in");
    await dial("OPEN");
  });

  it("leave open sockets open, and count again when it can be read", async () => {
    const connected = await dial("GIVEN", KEY.toString("hex"));
    store.close();
    assert.equal((await connected.ask("a", "Heartbeat"))[0], 3);
    await end();
    await begin();
    await dial("GIVEN", KEY.toString("hex"));
    await assert.rejects(dial("GIVEN"), { message: "HTTP 401" });
  });

  it("keep out everybody without a password of the flow's, when not even the list of them is there", async () => {
    await end();
    block();
    rmSync(list);
    await begin();
    for (const identity of ["GIVEN", "OPEN", "STRANGER"]) await assert.rejects(dial(identity), refused);
    await dial("BOTH", "typed in");
  });

  it("also count when it has lost them, until a person types in another one or takes them back", async () => {
    await end();
    for (const part of ["", "-wal", "-shm"]) rmSync(path + part, { force: true });
    await begin();
    await assert.rejects(dial("GIVEN"), refused);
    await dial("OPEN");
    keys.forget("GIVEN");
    await dial("GIVEN");
  });

  it("are guessed no faster", async () => {
    await end();
    block();
    await begin();
    for (let guess = 0; guess < 5; guess++) await assert.rejects(dial("BOTH", `guess ${guess}`), refused);
    await assert.rejects(dial("BOTH", "guess"), { message: "HTTP 429" });
  });

  it("are asked for however many names strangers invent, and none of these is remembered for good", () => {
    let asked = 0;
    const find = (name: string) => {
      asked += 1;
      return store.stationKeys.find(name);
    };
    const book = { ...store.stationKeys, find };
    const counted = new StationKeys(book, clock);
    for (let name = 0; name < 3000; name++) counted.has(`ghost${name}`);
    assert.equal(counted.has("GIVEN"), true);
    asked = 0;
    counted.has("ghost0");
    assert.equal(asked, 1, "it is forgotten");
    counted.has("ghost2999");
    counted.has("GIVEN");
    assert.equal(asked, 1, "and GIVEN is asked for once, whatever strangers do");
  });
});
