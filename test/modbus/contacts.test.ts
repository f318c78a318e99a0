import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Codec } from "../../lib/modbus/codec.ts";
import { Debounce } from "../../lib/modbus/contacts.ts";
import { withCrc } from "../../lib/modbus/crc.ts";
import { findFrame } from "../../lib/modbus/rtu-frames.ts";

describe("contacts on a Modbus line", () => {
  it("are read as coils and inputs, and a coil is written", () => {
    const codec = new Codec();
    const inputs = { unitId: 1, functionCode: 2, address: 4, count: 3 } as const;
    assert.deepEqual(codec.encode(inputs), withCrc(1, Buffer.from([2, 0, 4, 0, 3])));
    assert.deepEqual(codec.decode(withCrc(1, Buffer.from([2, 1, 0b101])), "a read"), [1, 0, 1]);
    assert.deepEqual(codec.encode({ ...inputs, functionCode: 1 }), withCrc(1, Buffer.from([1, 0, 4, 0, 3])));
    const write = { unitId: 1, functionCode: 5, address: 4, count: 1, value: true } as const;
    assert.deepEqual(codec.encode(write), withCrc(1, Buffer.from([5, 0, 4, 0xff, 0])));
    assert.deepEqual(codec.decode(withCrc(1, Buffer.from([5, 0, 4, 0xff, 0])), "a write"), [1]);
  });

  it("are found in a serial stream behind noise, and an echo of another coil is not taken", () => {
    const reply = withCrc(1, Buffer.from([2, 1, 0b1]));
    const read = { unitId: 1, functionCode: 2, address: 0, count: 1 } as const;
    assert.deepEqual(findFrame(Buffer.concat([Buffer.of(0, 7), reply]), read), { start: 2, end: 8 });
    const write = { unitId: 1, functionCode: 5, address: 4, count: 1, value: true } as const;
    const echo = withCrc(1, Buffer.from([5, 0, 4, 0xff, 0]));
    assert.deepEqual(findFrame(echo, write), { start: 0, end: 8 });
    const corrupt = Buffer.concat([echo.subarray(0, -1), Buffer.of(0)]);
    assert.equal(findFrame(corrupt, write), "corrupt");
  });

  it("count only what has stood for the debounce time, and are unknown as soon as a read fails", () => {
    const read = fc.record({ state: fc.option(fc.boolean(), { nil: null }), gapMs: fc.integer({ min: 1, max: 400 }) });
    fc.assert(
      fc.property(fc.array(read), fc.integer({ min: 0, max: 1000 }), (reads, debounceMs) => {
        const debounce = new Debounce(debounceMs);
        let nowMs = 0;
        const seen: { nowMs: number; state: boolean | null }[] = [];
        for (const { state, gapMs } of reads) {
          nowMs += gapMs;
          seen.push({ nowMs, state });
          const counts = debounce.take(state === null ? null : [state], nowMs)?.[0] ?? null;
          if (state === null) assert.equal(counts, null);
          const run = seen.slice(seen.findLastIndex((one) => one.state !== state) + 1);
          if (state !== null && nowMs - run[0]!.nowMs >= debounceMs) assert.equal(counts, state);
          if (counts !== null && counts !== state) assert.ok(nowMs - run[0]!.nowMs < debounceMs);
        }
      }),
    );
  });
});
