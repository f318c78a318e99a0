import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { EvError } from "../../lib/errors.ts";
import { ModbusBus } from "../../lib/modbus/bus.ts";
import { withCrc } from "../../lib/modbus/crc.ts";
import type { ModbusException, ReadRequest } from "../../lib/modbus/transport.ts";
import { lineFormat, wireTimeMs } from "../../lib/modbus/wire-time.ts";
import { FakeClock } from "../fake-clock.ts";
import { answerTo, SerialLine, type Slave, wordsOf } from "./serial-line.ts";

const FORMAT = lineFormat(19_200, "none", 1);
const BLOCK: ReadRequest = { unitId: 1, functionCode: 3, address: 100, count: 12 };

describe("Modbus RTU on a simulated line", () => {
  let clock: FakeClock;
  let line: SerialLine;
  let bus: ModbusBus;

  beforeEach(() => {
    clock = new FakeClock();
    line = new SerialLine(clock, FORMAT);
    bus = new ModbusBus({ place: "line", connect: line.connect, format: FORMAT, clock, random: () => 0.5 });
    for (const unit of [1, 2, 3]) line.slaves.set(unit, { turnaroundMs: 10 });
  });

  afterEach(() => bus.close());

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  /** Lets time pass until it is over. */
  async function over<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const ended = promise.finally(() => {
      isOver = true;
    });
    ended.catch(() => {});
    await settled();
    while (!isOver) await clock.advanceAsync(0.5);
    return ended;
  }

  const rightFrame = (request: ReadRequest): Buffer => withCrc(request.unitId, answerTo(request));
  const exceptionFrame = ({ unitId, functionCode }: ReadRequest, code: number): Buffer =>
    withCrc(unitId, Buffer.from([functionCode | 0x80, code]));

  /** The device answers its next requests so, one after the other, then rightly. */
  function answering(
    unit: number,
    ...answers: ((request: ReadRequest) => { frame: Buffer; afterMs: number }[])[]
  ): void {
    const answer = (request: ReadRequest): { frame: Buffer; afterMs: number }[] =>
      answers.shift()?.(request) ?? [{ frame: rightFrame(request), afterMs: 0 }];
    line.slaves.set(unit, { turnaroundMs: 10, answer });
  }

  const spoilt = (request: ReadRequest): { frame: Buffer; afterMs: number }[] => {
    const frame = rightFrame(request);
    frame[7] = (frame[7] as number) ^ 4;
    return [{ frame, afterMs: 0 }];
  };

  it("reads registers in the time that the wire and the device take", async () => {
    assert.deepEqual(await over(bus.read(BLOCK)), wordsOf(BLOCK));
    const startMs = clock.nowMs();
    assert.deepEqual(await over(bus.read({ ...BLOCK, functionCode: 4 })), wordsOf({ ...BLOCK, functionCode: 4 }));
    assert.ok(clock.nowMs() - startMs <= wireTimeMs(12, FORMAT) + 10 + 1.5, `${clock.nowMs() - startMs} ms`);
  });

  it("measures the turnaround of the device", async () => {
    for (let n = 0; n < 5; n++) await over(bus.read(BLOCK));
    assert.ok(Math.abs((bus.turnaroundMs(1) as number) - 10) < 1, String(bus.turnaroundMs(1)));
    assert.equal(bus.turnaroundMs(2), null);
  });

  it("leaves silence between a reply and the next request", async () => {
    const reads = [0, 20, 40].map((address) => bus.read({ ...BLOCK, address }));
    await over(Promise.all(reads));
    assert.equal(line.collisions, 0);
  });

  it("serves twenty meters in a cycle close to the ideal, and knows it", async () => {
    for (let unit = 1; unit <= 20; unit++) line.slaves.set(unit, { turnaroundMs: 10 });
    const round = () =>
      over(Promise.all(Array.from({ length: 20 }, (_, index) => bus.read({ ...BLOCK, unitId: index + 1 }))));
    await round();
    const startMs = clock.nowMs();
    await round();
    const idealMs = 20 * (wireTimeMs(12, FORMAT) + 10);
    assert.ok(clock.nowMs() - startMs <= 1.15 * idealMs, `${clock.nowMs() - startMs} ms of ${idealMs} ms`);
    const { cycleMs, idealCycleMs } = bus.statistics();
    assert.ok(Math.abs((idealCycleMs as number) - idealMs) < 0.05 * idealMs, String(idealCycleMs));
    assert.ok((cycleMs as number) >= (idealCycleMs as number) * 0.97 && (cycleMs as number) <= 1.15 * idealMs);
  });

  it("finds the reply behind noise and behind the echo of the request", async () => {
    const noise = Buffer.from([0xff, 0x00, 0x01]);
    const request = Buffer.from([1, 3, 0, 100, 0, 12]);
    answering(
      1,
      (asked) => [{ frame: Buffer.concat([noise, rightFrame(asked)]), afterMs: 0 }],
      (asked) => [{ frame: Buffer.concat([withCrc(1, request.subarray(1)), rightFrame(asked)]), afterMs: 0 }],
    );
    for (let n = 0; n < 2; n++) assert.deepEqual(await over(bus.read(BLOCK)), wordsOf(BLOCK));
    assert.equal(bus.statistics().retries, 0);
  });

  it("is not misled by data that look like an exception", async () => {
    const words = [0x0183, 0x02c0, 0xf101, 0x8302, 0xc0f1, 6, 7, 8, 9, 10, 11, 12];
    const pdu = answerTo(BLOCK);
    for (const [index, word] of words.entries()) pdu.writeUInt16BE(word, 2 + 2 * index);
    answering(1, () => [{ frame: withCrc(1, pdu), afterMs: 0 }]);
    assert.deepEqual(await over(bus.read(BLOCK)), words);
  });

  it("asks again after a wrong check sum, and says so when it stays wrong", async () => {
    answering(1, spoilt);
    assert.deepEqual(await over(bus.read(BLOCK)), wordsOf(BLOCK));
    assert.equal(bus.statistics().crcErrors, 1);
    answering(1, spoilt, spoilt);
    await assert.rejects(over(bus.read(BLOCK)), {
      code: "EV_MODBUS_FRAME",
      message: "simulated: unit 1, function 3, registers 100 to 111: the check sum of the reply is wrong",
    });
    assert.equal(bus.isConnected, true);
  });

  it("passes an exception on", async () => {
    answering(1, (request) => [{ frame: exceptionFrame(request, 2), afterMs: 0 }]);
    await assert.rejects(over(bus.read(BLOCK)), (error: ModbusException) => error.exceptionCode === 2);
  });

  it("drops the replies of other units", async () => {
    answering(1, (request) => [{ frame: rightFrame({ ...request, unitId: 2 }), afterMs: 0 }]);
    assert.deepEqual(await over(bus.read(BLOCK)), wordsOf(BLOCK));
    assert.equal(bus.statistics().lateFrames, 1);
  });

  it("takes no late reply for that of another block of the same size", async () => {
    await over(bus.read(BLOCK));
    answering(1, (request) => [{ frame: rightFrame(request), afterMs: 400 }]);
    const other = { ...BLOCK, address: 500 };
    const [first, second] = await over(Promise.allSettled([bus.read(BLOCK), bus.read(other)]));
    for (const [result, request] of [
      [first, BLOCK],
      [second, other],
    ] as const)
      if (result?.status === "fulfilled") assert.deepEqual(result.value, wordsOf(request));
    assert.equal(second?.status, "fulfilled");
    assert.ok(bus.statistics().lateFrames >= 1);
  });

  it("takes no late exception for that of another block", async () => {
    await over(bus.read(BLOCK));
    answering(1, (request) => [{ frame: exceptionFrame(request, 2), afterMs: 155 }]);
    const other = { ...BLOCK, address: 500, count: 6 };
    await over(bus.read({ ...BLOCK, address: 900 }, { priority: "probe" })).catch(() => {});
    assert.deepEqual(await over(bus.read(other)), wordsOf(other));
  });

  it("still passes an exception on after a request was lost on the line", async () => {
    await over(bus.read(BLOCK));
    const refuse = (request: ReadRequest) => [{ frame: exceptionFrame(request, 2), afterMs: 0 }];
    answering(1, () => [], refuse, refuse, refuse, refuse);
    const error = await over(bus.read(BLOCK).catch((thrown: EvError) => thrown));
    assert.equal((error as EvError).code, "EV_MODBUS_EXCEPTION");
  });

  it("gets through to a device that takes five seconds, and never mixes its answers up", async () => {
    line.slaves.set(1, { turnaroundMs: 5000 });
    let answers = 0;
    for (let n = 0; n < 60; n++) {
      const request = { ...BLOCK, address: 100 * (n % 3) };
      await over(bus.read(request)).then(
        (words) => {
          answers++;
          assert.deepEqual(words, wordsOf(request));
        },
        () => {},
      );
      await clock.advanceAsync(1000, 50);
    }
    assert.equal(answers, 0);
    assert.deepEqual(
      await over(bus.read(BLOCK, { timeoutMs: 6000, priority: "probe" }).catch(() => wordsOf(BLOCK))),
      wordsOf(BLOCK),
    );
  });

  it("asks for more registers while a late reply may come, and gives no more than were wanted", async () => {
    await over(bus.read(BLOCK));
    answering(1, () => []);
    assert.deepEqual(await over(bus.read(BLOCK)), wordsOf(BLOCK));
    assert.deepEqual(
      line.requests.map(({ count }) => count),
      [12, 12, 13],
    );
  });

  it("reads a device at full rate that loses a request now and then", async () => {
    let n = 0;
    const answer = (request: ReadRequest) => (n++ % 7 === 5 ? [] : [{ frame: rightFrame(request), afterMs: 0 }]);
    line.slaves.set(1, { turnaroundMs: 10, answer });
    const startMs = clock.nowMs();
    for (let reads = 0; reads < 50; reads++) assert.deepEqual(await over(bus.read(BLOCK)), wordsOf(BLOCK));
    const allowedMs = 50 * 40 + 9 * 200;
    assert.ok(clock.nowMs() - startMs < allowedMs, `${clock.nowMs() - startMs} of ${allowedMs} ms`);
  });

  for (const what of ["refuses", "ignores"] as const) {
    it(`soon reads a device again that ${what} more registers than it has`, async () => {
      await over(bus.read(BLOCK));
      answering(1, () => []);
      if (what === "refuses") (line.slaves.get(1) as Slave).most = 12;
      else {
        const { answer } = line.slaves.get(1) as Required<Slave>;
        line.slaves.set(1, { turnaroundMs: 10, answer: (request) => (request.count > 12 ? [] : answer(request)) });
      }
      const startMs = clock.nowMs();
      let words: number[] | null = null;
      while (!words && clock.nowMs() < startMs + 3000) {
        words = await over(bus.read(BLOCK)).catch(() => null);
        await clock.advanceAsync(100, 10);
      }
      assert.deepEqual(words, wordsOf(BLOCK));
      assert.ok(clock.nowMs() - startMs < 2500, `${clock.nowMs() - startMs} ms`);
    });
  }

  it("never tells a wrong word, whatever happens on the line", async () => {
    const kinds = ["right", "right", "right", "spoilt", "lost", "late", "late", "cut", "foreign", "exception"];
    const fault = fc.record({
      kind: fc.constantFrom(...kinds),
      ms: fc.integer({ min: 0, max: 1500 }),
      byte: fc.nat(40),
    });
    const read = fc.record({
      unitId: fc.integer({ min: 1, max: 2 }),
      functionCode: fc.constantFrom(3 as const, 4 as const),
      address: fc.constantFrom(0, 40, 80),
      count: fc.constantFrom(1, 2, 12),
      pauseMs: fc.constantFrom(0, 0, 5, 300),
    });
    const device = fc.record({ most: fc.constantFrom(12, 125), overtakes: fc.boolean() });
    const faults = fc.array(fault, { maxLength: 30 });
    const reads = fc.array(read, { minLength: 5, maxLength: 25 });
    const property = fc.asyncProperty(device, faults, reads, async ({ most, overtakes }, acts, requests) => {
      clock = new FakeClock();
      line = new SerialLine(clock, FORMAT);
      bus.close();
      bus = new ModbusBus({ place: "line", connect: line.connect, format: FORMAT, clock, random: () => 0.5 });
      const lateMs = overtakes ? 1000 : 1500;
      for (const unit of [1, 2]) {
        answering(
          unit,
          ...acts.map(
            ({ kind, ms, byte }) =>
              (request: ReadRequest) =>
                acted(kind, request, Math.min(ms, lateMs), byte),
          ),
        );
        Object.assign(line.slaves.get(unit) as Slave, { most, overtakes });
      }
      const checks: Promise<void>[] = [];
      for (const { pauseMs, ...request } of requests) {
        const asked = bus.read(request, { timeoutMs: 200, priority: pauseMs === 5 ? "probe" : "fast" });
        const check = asked.then(
          (words) => assert.deepEqual(words, wordsOf(request)),
          (error: EvError) => assert.match(error.code, /^EV_MODBUS_/),
        );
        await (pauseMs === 0 ? over(check) : clock.advanceAsync(pauseMs, 5));
        checks.push(check);
      }
      await over(Promise.all(checks));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  function acted(kind: string, request: ReadRequest, ms: number, byte: number): { frame: Buffer; afterMs: number }[] {
    const frame = rightFrame(request);
    switch (kind) {
      case "spoilt":
        frame[byte % frame.length] = (frame[byte % frame.length] as number) ^ 0x10;
        return [{ frame, afterMs: 0 }];
      case "lost":
        return [];
      case "late":
        return [{ frame, afterMs: ms }];
      case "cut":
        return [{ frame: frame.subarray(0, byte % frame.length), afterMs: 0 }];
      case "foreign":
        return [
          { frame: rightFrame({ ...request, unitId: 9 }), afterMs: 0 },
          { frame, afterMs: ms },
        ];
      case "exception":
        return [{ frame: exceptionFrame(request, 1 + (byte % 6)), afterMs: ms }];
      default:
        return [{ frame, afterMs: 0 }];
    }
  }
});
