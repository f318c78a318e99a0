import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import type { ReadOptions } from "../../lib/modbus/bus.ts";
import { ModbusBus } from "../../lib/modbus/bus.ts";
import { FakeClock } from "../fake-clock.ts";
import { block, FakeLine } from "./fake-line.ts";

describe("ModbusBus queue", () => {
  let line: FakeLine;
  let bus: ModbusBus;

  beforeEach(() => {
    line = new FakeLine(new FakeClock());
    bus = busWith({});
  });

  afterEach(() => bus.close());

  function busWith(more: object): ModbusBus {
    return new ModbusBus({
      place: "meter:502",
      connect: line.connect,
      clock: line.clock,
      random: () => 0.5,
      ...more,
    });
  }

  /** Lets requests go out before time moves on. */
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  const addressesAsked = () => line.asked.map(({ address }) => address);

  /** Reads in this order while the line is busy with something else, then lets it work. */
  async function behindABusyLine(reads: [unitId: number, address: number, options?: ReadOptions][]): Promise<void> {
    line.latencyMs.set(99, 10);
    const busy = bus.read(block(99, 99));
    await settled();
    const all = [busy, ...reads.map(([unit, address, options]) => bus.read(block(unit, address), options))];
    await line.clock.advanceAsync(5000, 10);
    await Promise.all(all);
  }

  it("sends what the load management needs first, and looks for lost devices last", async () => {
    await behindABusyLine([
      [1, 1, { priority: "probe" }],
      [1, 2],
      [1, 3, { priority: "fast" }],
      [2, 4, { priority: "fast" }],
      [2, 5],
    ]);
    assert.deepEqual(addressesAsked(), [99, 3, 4, 2, 5, 1]);
  });

  it("lets nobody starve: what has waited long enough goes first", async () => {
    line.latencyMs.set(1, 10);
    const slow = bus.read(block(1, 500), { priority: "probe" });
    let served = false;
    void slow.then(() => {
      served = true;
    });
    for (let n = 0; n < 600 && !served; n++) {
      bus.read(block(1, n % 2), { priority: "fast" }).catch(() => {});
      bus.read(block(1, 2 + (n % 2)), { priority: "fast" }).catch(() => {});
      await line.clock.advanceAsync(10);
    }
    await slow;
    assert.ok(line.clock.nowMs() <= 5100, `${line.clock.nowMs()} ms`);
  });

  it("sends the same read once, however many ask, also while it is on its way", async () => {
    line.latencyMs.set(1, 10);
    const first = bus.read(block(1, 7));
    await line.clock.advanceAsync(5);
    const second = bus.read(block(1, 7));
    const waiting = [bus.read(block(1, 8)), bus.read(block(1, 8), { priority: "fast" })];
    await line.clock.advanceAsync(100, 5);
    const [one, other] = await Promise.all([first, second, ...waiting]);
    assert.deepEqual(addressesAsked(), [7, 8]);
    assert.notEqual(one, other, "each gets words of its own");
    assert.equal(bus.statistics().coalesced, 2);
  });

  it("holds 64 that wait; then the oldest of the least important falls out", async () => {
    line.latencyMs.set(99, 60_000);
    const dropped: number[] = [];
    const read = (address: number, priority: "fast" | "normal" | "probe"): void => {
      bus.read(block(1, address), { priority }).catch((error: EvError) => {
        assert.equal(error.code, "EV_MODBUS_BUSY");
        assert.equal(error.message, "meter:502: 64 requests wait already");
        dropped.push(address);
      });
    };
    const occupying = bus.read(block(99), { timeoutMs: 90_000 });
    await settled();
    for (let n = 0; n < 64; n++) read(n, n === 10 || n === 20 ? "probe" : n < 40 ? "normal" : "fast");
    for (let n = 0; n < 4; n++) {
      read(100 + n, "normal");
      await settled();
    }
    read(200, "probe");
    await settled();
    assert.deepEqual(dropped, [10, 20, 0, 1, 200]);
    assert.equal(bus.statistics().drops, 5);
    assert.equal(bus.statistics().queued, 64);
    await line.clock.advanceAsync(60_000);
    await occupying;
  });

  it("has one request in flight", async () => {
    for (const unit of [1, 2]) line.latencyMs.set(unit, 20);
    await behindABusyLine([1, 2, 1, 2].map((unit, index) => [unit, index]));
    assert.equal(line.mostInFlight, 1);
  });

  for (const inFlight of [2, 4]) {
    it(`has ${inFlight} in flight where the device can take them`, async () => {
      bus = busWith({ inFlight });
      line.latencyMs.set(1, 20);
      await behindABusyLine([0, 1, 2, 3, 4, 5].map((address) => [1, address]));
      assert.equal(line.mostInFlight, inFlight);
    });
  }

  it("never has two in flight to a unit that wants silence between requests", async () => {
    bus = busWith({ inFlight: 4 });
    for (const unit of [1, 2]) line.latencyMs.set(unit, 20);
    const gap = { gapMs: 50 };
    await behindABusyLine([
      [1, 1, gap],
      [1, 2, gap],
      [2, 3],
      [2, 4],
    ]);
    const one = line.asked.filter(({ unitId }) => unitId === 1).map(({ atMs }) => atMs);
    assert.ok((one[1] as number) - (one[0] as number) >= 70, String(one));
    assert.ok(line.mostInFlight >= 3);
  });

  it("keeps the silence a unit needs and fills it with the others' requests", async () => {
    const gap = { gapMs: 100 };
    const reads = [1, 1, 2, 2].map((unit, index) => bus.read(block(unit, index), gap));
    await settled();
    await line.clock.advanceAsync(500, 10);
    await Promise.all(reads);
    assert.deepEqual(
      line.asked.map(({ unitId, atMs }) => [unitId, atMs]),
      [
        [1, 0],
        [2, 0],
        [1, 100],
        [2, 100],
      ],
    );
  });

  it("waits while the line itself must rest", async () => {
    await bus.read(block(1));
    line.restMs = 30;
    const read = bus.read(block(2));
    line.clock.setTimeout(() => {
      line.restMs = 0;
    }, 25);
    await line.clock.advanceAsync(100, 10);
    await read;
    assert.equal(line.asked[1]?.atMs, 30);
  });

  it("waits after connecting where the device wants it", async () => {
    const read = bus.read(block(1), { connectDelayMs: 1000 });
    await settled();
    await line.clock.advanceAsync(1000, 100);
    await read;
    assert.equal(line.asked[0]?.atMs, 1000);
  });

  it("leaves no timer behind when it is closed", async () => {
    line.silent.add(1);
    bus.schedule.join(1000, () => true);
    bus.read(block(1)).catch(() => {});
    bus.read(block(2), { gapMs: 50 }).catch(() => {});
    await line.clock.advanceAsync(1);
    bus.close();
    await line.clock.advanceAsync(5000);
    assert.equal(line.clock.pending, 0);
  });

  it("says which line it is when it is closed", async () => {
    bus.close();
    await assert.rejects(bus.read(block(1)), new EvError("EV_MODBUS_CONNECT", "meter:502: the connection was closed"));
  });
});
