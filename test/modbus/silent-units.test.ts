import { strict as assert } from "node:assert";
import type { EvError } from "../../lib/errors.ts";
import { ModbusBus } from "../../lib/modbus/bus.ts";
import { ModbusException } from "../../lib/modbus/transport.ts";
import { FakeClock } from "../fake-clock.ts";
import { block, FakeLine } from "./fake-line.ts";

describe("ModbusBus and what keeps failing", () => {
  let line: FakeLine;
  let bus: ModbusBus;

  beforeEach(() => {
    line = new FakeLine(new FakeClock());
    bus = new ModbusBus({ place: "meter:502", connect: line.connect, clock: line.clock, random: () => 0.5 });
  });

  afterEach(() => bus.close());

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const asked = (unitId: number) => line.asked.filter((request) => request.unitId === unitId);

  /** Lets time pass until it is answered. */
  async function answered(read: Promise<number[]>): Promise<void> {
    let isOver = false;
    const over = read.finally(() => {
      isOver = true;
    });
    while (!isOver) await line.clock.advanceAsync(5);
    await over;
  }

  /** Asks every 100 ms; gives back how many requests really went out. */
  async function askFor(unitId: number, durationMs: number): Promise<number> {
    const before = asked(unitId).length;
    for (let ms = 0; ms < durationMs; ms += 100) {
      bus.read(block(unitId), { timeoutMs: 100 }).catch(() => {});
      await settled();
      await line.clock.advanceAsync(100, 50);
    }
    return asked(unitId).length - before;
  }

  async function errorOf(read: Promise<number[]>): Promise<EvError> {
    return read.then(
      () => assert.fail("was answered"),
      (error: EvError) => error,
    );
  }

  it("asks a unit that answered until now once more, and no more", async () => {
    await bus.read(block(9));
    line.silent.add(9);
    const failed = errorOf(bus.read(block(9)));
    await line.clock.advanceAsync(2000, 50);
    assert.equal((await failed).code, "EV_MODBUS_TIMEOUT");
    assert.equal(asked(9).length, 3);
    assert.equal(bus.statistics().timeouts, 2);
    assert.equal(bus.statistics().retries, 1);
  });

  it("lets a unit that was never heard cost the others one time-out, also where it is asked first", async () => {
    line.silent.add(9);
    const failed = errorOf(bus.read(block(9)));
    const others = [1, 2].map((unitId) => bus.read(block(unitId)));
    await line.clock.advanceAsync(1050, 50);
    assert.equal((await failed).code, "EV_MODBUS_TIMEOUT");
    assert.equal(asked(9).length, 1);
    await Promise.all(others);
  });

  it("forgets what a scan has asked, and keeps the connection to the unit that is read", async () => {
    await bus.read(block(1));
    for (const unitId of [2, 3, 4, 5, 6, 7]) {
      if (unitId !== 5) line.silent.add(unitId);
      const probed = bus.read(block(unitId), { priority: "probe", timeoutMs: 100 }).catch(() => {});
      await line.clock.advanceAsync(150, 50);
      await probed;
    }
    assert.deepEqual(
      bus.statistics().units.map(({ unitId }) => unitId),
      [1],
    );
    assert.equal(line.connects, 1);
    await bus.read(block(5));
    assert.equal(bus.statistics().units.length, 2);
  });

  it("does not ask again when the device refuses", async () => {
    line.start = (request, settle) => {
      line.asked.push({ unitId: request.unitId, address: request.address, atMs: 0 });
      settle(new ModbusException(2, "unit 9"));
      return { abandon: () => null };
    };
    assert.equal((await errorOf(bus.read(block(9)))).code, "EV_MODBUS_EXCEPTION");
    assert.equal(asked(9).length, 1);
    assert.equal(bus.statistics().exceptions, 1);
  });

  it("leaves a silent unit alone for longer and longer", async () => {
    line.silent.add(9);
    await askFor(9, 300);
    const error = await errorOf(bus.read(block(9)));
    assert.equal(error.code, "EV_MODBUS_TIMEOUT");
    assert.equal(error.message, "meter:502: unit 9 left 3 requests unanswered; asked again in 2 s");
    assert.ok((await askFor(9, 30_000)) <= 7);
  });

  it("leaves a unit alone that a gateway cannot reach, too", async () => {
    line.start = (request, settle) => {
      line.asked.push({ unitId: request.unitId, address: request.address, atMs: 0 });
      settle(new ModbusException(11, "unit 9"));
      return { abandon: () => null };
    };
    await askFor(9, 2000);
    assert.equal(asked(9).length, 3);
  });

  it("tries a probe even then, and only once", async () => {
    line.silent.add(9);
    await askFor(9, 1000);
    const before = asked(9).length;
    const failed = errorOf(bus.read(block(9), { priority: "probe", timeoutMs: 300 }));
    await line.clock.advanceAsync(400, 50);
    assert.match((await failed).message, /no answer within 300 ms$/);
    assert.equal(asked(9).length, before + 1);
  });

  it("takes a unit back as soon as it answers", async () => {
    line.silent.add(9);
    await askFor(9, 20_000);
    line.silent.delete(9);
    await line.clock.advanceAsync(10_000, 1000);
    assert.equal(await askFor(9, 1000), 10);
  });

  it("waits for a unit as long as told while nothing is known of its line, and for a probe always", async () => {
    line.silent.add(9);
    for (const priority of ["normal", "probe"] as const) {
      const failed = errorOf(bus.read(block(9), { timeoutMs: 700, priority }));
      await line.clock.advanceAsync(1500, 50);
      assert.match((await failed).message, /no answer within 700 ms$/);
    }
  });

  for (const [latencyMs, expectedMs] of [
    [5, [150, 300]],
    [50, [200, 400]],
    [200, [800, 1000]],
  ] as const) {
    it(`waits ${expectedMs.join(", then ")} ms for one that took ${latencyMs} ms`, async () => {
      line.latencyMs.set(1, latencyMs);
      await answered(bus.read(block(1)));
      line.silent.add(1);
      line.asked.length = 0;
      const failed = errorOf(bus.read(block(1)));
      await line.clock.advanceAsync(3000, 10);
      const [first = 0, second = 0] = line.asked.map(({ atMs }) => atMs);
      assert.equal(second - first, expectedMs[0]);
      assert.match((await failed).message, new RegExp(`no answer within ${expectedMs[1]} ms$`));
    });
  }

  it("finds a unit again that has become slow", async () => {
    line.latencyMs.set(1, 5);
    line.latencyMs.set(9, 5);
    for (const unit of [1, 9]) await answered(bus.read(block(unit)));
    line.latencyMs.set(9, 800);
    for (let ms = 0; ms < 4000; ms += 1000) {
      bus.read(block(9)).catch(() => {});
      await line.clock.advanceAsync(1000, 50);
    }
    assert.equal(bus.statistics().units.find(({ unitId }) => unitId === 9)?.failures, 0);
  });

  it("lets a dead unit cost the others one short time-out per probe", async () => {
    line.silent.add(9);
    let served = 0;
    for (let ms = 0; ms < 120_000; ms += 1000) {
      bus.read(block(9)).catch(() => {});
      for (const unit of [1, 2, 3])
        bus.read(block(unit)).then(
          () => served++,
          () => {},
        );
      await line.clock.advanceAsync(1000, 50);
    }
    assert.ok(served >= 0.99 * 3 * 120, `${served} of 360`);
    assert.ok(asked(9).length <= 3 + 1 + 7, `${asked(9).length} requests to the dead unit`);
    assert.equal(line.connects, 1);
  });

  it("keeps the connection while a dead unit is asked in turn with living ones", async () => {
    for (const unit of [8, 9]) line.silent.add(unit);
    await answered(bus.read(block(1)));
    for (let n = 0; n < 6; n++) {
      await askFor(8, 100);
      await askFor(9, 100);
      await answered(bus.read(block(1)));
    }
    assert.equal(line.connects, 1);
  });

  it("takes the connection for dead when units that answered fall silent together", async () => {
    for (const unit of [1, 2]) await bus.read(block(unit));
    for (const unit of [1, 2]) line.silent.add(unit);
    const reads = [1, 2].map((unit) => errorOf(bus.read(block(unit))));
    await line.clock.advanceAsync(2000, 50);
    await Promise.all(reads);
    assert.equal(line.connects, 2);
  });

  it("does not reopen a serial port because its devices are silent", async () => {
    line.canBeHalfOpen = false;
    line.silent.add(1);
    await askFor(1, 60_000);
    assert.equal(line.connects, 1);
  });

  it("tries to connect less and less often, at most 30 s apart, and refuses at once in between", async () => {
    line.refusing = true;
    for (let ms = 0; ms < 120_000; ms += 100) {
      await assert.rejects(bus.read(block(1)), { code: "EV_MODBUS_CONNECT", message: "refused" });
      await line.clock.advanceAsync(100);
    }
    assert.ok(line.connects >= 8 && line.connects <= 10, `${line.connects} attempts`);
    line.refusing = false;
    await line.clock.advanceAsync(30_000);
    assert.deepEqual(await bus.read(block(1)), [1]);
  });
});
