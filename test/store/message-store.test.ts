import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageQuery } from "../../lib/ocpp/log/message-search.ts";
import { MessageStore } from "../../lib/store/message-store.ts";
import { FakeClock } from "../fake-clock.ts";

const ALL: MessageQuery = { chargePoint: null, action: null, id: null, text: null, most: 10_000 };
const DAY_MS = 86_400_000;

describe("Messages on disk", () => {
  let folder: string;
  let path: string;
  let clock: FakeClock;
  let store: MessageStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-messages-"));
    path = join(folder, "messages.sqlite");
    clock = new FakeClock();
    store = new MessageStore(path, { mostMB: 100, mostDays: 30 }, clock);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const add = (text: string, chargePoint = "CP1", direction: "in" | "out" = "in"): void =>
    store.add(clock.wallMs(), chargePoint, direction, text);
  const texts = async (query: Partial<MessageQuery> = {}): Promise<string[]> =>
    (await store.find({ ...ALL, ...query })).map(({ text }) => text);

  it("are found again after a restart, by charger, action, id and text", async () => {
    add('[2,"a","Heartbeat",{}]');
    add('[3,"a",{}]', "CP1", "out");
    add('[2,"b","DataTransfer",{"vendorId":"Maker"}]', "CP2");
    store.close();
    store = new MessageStore(path, { mostMB: 100, mostDays: 30 }, clock);
    assert.equal((await texts()).length, 3);
    assert.deepEqual(await texts({ chargePoint: "cp1", action: "heartbeat" }), [
      '[2,"a","Heartbeat",{}]',
      '[3,"a",{}]',
    ]);
    assert.deepEqual(await texts({ id: "b" }), ['[2,"b","DataTransfer",{"vendorId":"Maker"}]']);
    assert.deepEqual(await texts({ text: "maker" }), ['[2,"b","DataTransfer",{"vendorId":"Maker"}]']);
  });

  it("are written a second later, in portions, and none is written before", () => {
    for (let number = 0; number < 1200; number++) add(`[2,"${number}","Heartbeat",{}]`);
    clock.advance(999);
    assert.throws(() => statSync(path));
    clock.advance(1);
    assert.ok(statSync(path).size > 0);
    clock.advance(10);
    assert.equal(clock.pending, 0);
  });

  it("hold no password in the file", async () => {
    add('[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"hunter2"}]', "CP1", "out");
    add('[2,"2","GetLog",{"log":{"remoteLocation":"ftp://u:hunter2@192.0.2.1/"}}]', "CP1", "out");
    assert.equal((await texts()).length, 2);
    store.close();
    assert.equal(readFileSync(path).includes("hunter2"), false);
  });

  it("are deleted when they are too old", async () => {
    add('[2,"old","Heartbeat",{}]');
    assert.equal((await texts()).length, 1);
    clock.advance(31 * DAY_MS);
    add('[2,"new","Heartbeat",{}]');
    assert.deepEqual(await texts(), ['[2,"new","Heartbeat",{}]']);
  });

  it("take no more room than they may, the oldest going first", async () => {
    store.limits = { mostMB: 1, mostDays: 30 };
    const data = "x".repeat(1000);
    for (let batch = 0; batch < 10; batch++) {
      for (let number = 0; number < 500; number++) add(`[2,"${batch}-${number}","DataTransfer",{"data":"${data}"}]`);
      await texts({ most: 1 });
    }
    assert.equal((await texts({ id: "9-499" })).length, 1);
    assert.equal((await texts({ id: "0-0" })).length, 0);
    store.close();
    assert.ok(statSync(path).size < 3e6, `${statSync(path).size}`);
  });

  it("are missing while the disk fails, which is told, and are written when it is back", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "in the way");
    add('[2,"a","Heartbeat",{}]');
    clock.advance(1000);
    assert.equal((store.failure as { code?: string } | null)?.code, "EV_STORE_OPEN");
    await assert.rejects(texts(), { code: "EV_STORE_OPEN" });
    rmSync(folder);
    clock.advance(10_000);
    assert.equal(store.failure, null);
    assert.deepEqual(await texts(), ['[2,"a","Heartbeat",{}]']);
  });

  it("that wait for a disk that stays away are counted and dropped beyond 20,000", () => {
    for (let number = 0; number < 20_010; number++) add("[]");
    assert.equal(store.lost, 10);
  });
});
