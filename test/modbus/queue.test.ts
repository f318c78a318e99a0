import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import { ModbusBus } from "../../lib/modbus/bus.ts";
import type { ModbusTransport, ReadRequest } from "../../lib/modbus/transport.ts";
import { FakeClock } from "../fake-clock.ts";

const block = (unitId: number): ReadRequest => ({ unitId, functionCode: 3, address: 0, count: 1 });

/** A line in memory: units in `silent` never answer, others answer at once; it may refuse connections. */
class Line implements ModbusTransport {
  readonly asked: { unitId: number; atMs: number }[] = [];
  readonly silent = new Set<number>();
  readonly lateReplies = 0;
  readonly clock = new FakeClock();
  refusing = false;
  connects = 0;
  isOpen = false;

  connect = (): Promise<ModbusTransport> => {
    this.connects++;
    if (this.refusing) return Promise.reject(new EvError("EV_MODBUS_CONNECT", "refused"));
    this.isOpen = true;
    return Promise.resolve(this);
  };

  read({ unitId }: ReadRequest): Promise<number[]> {
    this.asked.push({ unitId, atMs: this.clock.nowMs() });
    return this.silent.has(unitId) ? new Promise(() => {}) : Promise.resolve([unitId]);
  }

  abandon(): void {}

  destroy(): void {
    this.isOpen = false;
  }
}

describe("ModbusBus queue and back-off", () => {
  let line: Line;
  let bus: ModbusBus;

  beforeEach(() => {
    line = new Line();
    bus = new ModbusBus({ host: "meter", port: 502, clock: line.clock, connect: line.connect, random: () => 0.5 });
  });

  afterEach(() => bus.close());

  /** Lets requests go out before time moves on. */
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  /** Asks every 100 ms; gives back how many requests really went out. */
  async function askFor(unitId: number, durationMs: number): Promise<number> {
    const before = line.asked.filter((request) => request.unitId === unitId).length;
    for (let ms = 0; ms < durationMs; ms += 100) {
      bus.read(block(unitId), { timeoutMs: 100 }).catch(() => {});
      await settled();
      await line.clock.advanceAsync(100);
    }
    return line.asked.filter((request) => request.unitId === unitId).length - before;
  }

  it("leaves a silent unit alone for longer and longer", async () => {
    line.silent.add(9);
    await askFor(9, 300);
    const error = await bus.read(block(9)).then(
      () => null,
      (reason: EvError) => reason,
    );
    assert.equal(error?.code, "EV_MODBUS_TIMEOUT");
    assert.equal(error?.message, "meter:502: unit 9 left 3 requests unanswered; asked again in 2 s");
    assert.ok((await askFor(9, 30_000)) <= 7);
  });

  it("takes a unit back as soon as it answers", async () => {
    line.silent.add(9);
    await askFor(9, 20_000);
    line.silent.delete(9);
    await line.clock.advanceAsync(10_000, 1000);
    assert.equal(await askFor(9, 1000), 10);
  });

  it("keeps asking the others while one is silent", async () => {
    line.silent.add(9);
    await askFor(9, 1000);
    for (let n = 0; n < 20; n++) assert.deepEqual(await bus.read(block(1)), [1]);
  });

  it("does not take an unfortunate unit for a dead connection while another answers", async () => {
    line.silent.add(9);
    for (let n = 0; n < 3; n++) {
      await askFor(9, 100);
      await bus.read(block(1));
    }
    assert.equal(line.connects, 1);
  });

  it("tries to connect less and less often, at most 10 s apart, and refuses at once in between", async () => {
    line.refusing = true;
    for (let ms = 0; ms < 60_000; ms += 100) {
      await assert.rejects(bus.read(block(1)), { code: "EV_MODBUS_CONNECT", message: "refused" });
      await line.clock.advanceAsync(100);
    }
    assert.ok(line.connects >= 8 && line.connects <= 11, `${line.connects} attempts`);
    line.refusing = false;
    await line.clock.advanceAsync(10_000);
    assert.deepEqual(await bus.read(block(1)), [1]);
  });

  it("keeps the silence a unit needs and fills it with the others' requests", async () => {
    const gap = { gapMs: 100 };
    const reads = Promise.all([
      bus.read(block(1), gap),
      bus.read(block(1), gap),
      bus.read(block(2), gap),
      bus.read(block(2), gap),
    ]);
    await settled();
    await line.clock.advanceAsync(500, 10);
    await reads;
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

  it("waits after connecting where the device wants it", async () => {
    const read = bus.read(block(1), { connectDelayMs: 1000 });
    await settled();
    await line.clock.advanceAsync(1000, 100);
    await read;
    assert.equal(line.asked[0]?.atMs, 1000);
  });

  it("refuses more than 64 that wait", async () => {
    line.silent.add(1);
    const reads = Array.from({ length: 66 }, () => bus.read(block(1)));
    for (const read of reads) read.catch(() => {});
    await assert.rejects(reads[65] as Promise<number[]>, { code: "EV_MODBUS_BUSY" });
    assert.equal(bus.stats.refused, 1);
  });

  it("leaves no timer behind when it is closed", async () => {
    line.silent.add(1);
    bus.read(block(1)).catch(() => {});
    bus.read(block(2), { gapMs: 50 }).catch(() => {});
    await line.clock.advanceAsync(1);
    bus.close();
    await line.clock.advanceAsync(5000);
    assert.equal(line.clock.pending, 0);
  });
});
