import { strict as assert } from "node:assert";
import fc from "fast-check";
import { LimitBook } from "../../../lib/station/limits/limit-book.ts";
import { highestInForceA, mostAloneA, restoredLimit } from "../../../lib/station/limits/limit-entry.ts";
import { covers, isStillRight, writtenAhead } from "../../../lib/station/limits/limit-on-disk.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { LimitRecord } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const MAX_A = 32;
const WALL_MS = 1_700_000_000_000;

const limits: fc.Arbitrary<LimitRecord> = fc.record({
  chargePoint: fc.constant("CP1"),
  connector: fc.constant(1),
  acceptedA: fc.constantFrom(0, 6, 8, 16, 32),
  safeA: fc.constantFrom(0, 6, 10),
  leaseUntilWallMs: fc.option(fc.integer({ min: -20, max: 90 }).map((tens) => WALL_MS + tens * 10_000)),
  baselineAccepted: fc.boolean(),
});

/** Two clocks are read for an end: it may lie so much earlier, ms. */
const SAME_END_MS = 1000;

const sooner = (limit: LimitRecord): LimitRecord => ({
  ...limit,
  leaseUntilWallMs: limit.leaseUntilWallMs === null ? null : limit.leaseUntilWallMs - SAME_END_MS,
});

/** After a restart that finds one limit at least as much is reserved, from a moment on, as after one that finds the other. */
function assertReserves(found: LimitRecord, needed: LimitRecord, restartMs: number): void {
  const [one, other] = [found, needed].map((limit) => restoredLimit(limit, 0, WALL_MS + restartMs)) as [never, never];
  for (const forMs of [0, 10_000, 30_000, 60_000, 120_000, 240_000, 480_000, 960_000]) {
    assert.ok(highestInForceA(one, MAX_A, forMs) >= highestInForceA(other, MAX_A, forMs), `in force after ${forMs} ms`);
    for (const fromMs of [0, forMs]) {
      const [mostA, neededA] = [mostAloneA(one, MAX_A, fromMs, forMs), mostAloneA(other, MAX_A, fromMs, forMs)];
      assert.ok(mostA >= neededA, `alone from ${fromMs} to ${forMs} ms: ${mostA} < ${neededA} A`);
    }
  }
}

describe("A limit on the disk", () => {
  it("is waited for unless a restart with the one before reserves enough", () => {
    fc.assert(
      fc.property(limits, limits, fc.integer({ min: 0, max: 400_000 }), (before, limit, restartMs) => {
        if (covers(before, limit)) assertReserves(before, limit, restartMs);
      }),
    );
  });

  it("is left as it is only where that reserves enough for all time", () => {
    const similar = limits.chain((before) =>
      fc.tuple(fc.constant(before), fc.record({ laterMs: fc.integer({ min: -400_000, max: 400_000 }), other: limits })),
    );
    fc.assert(
      fc.property(
        similar,
        fc.boolean(),
        fc.integer({ min: 0, max: 400_000 }),
        ([before, { laterMs, other }], same, ms) => {
          const untilMs = before.leaseUntilWallMs;
          const renewed = { ...before, leaseUntilWallMs: untilMs === null ? null : untilMs + laterMs };
          const limit = same ? renewed : other;
          if (isStillRight(before, limit)) assertReserves(before, sooner(limit), ms);
          assertReserves(writtenAhead(before, limit), limit, ms);
        },
      ),
    );
  });

  it("is written once for several renewals, and at once when it changes", () => {
    const clock = new FakeClock();
    const store = openStore(":memory:", { clock });
    let writes = 0;
    const save = store.saveLimit.bind(store);
    store.saveLimit = (limit) => {
      writes += 1;
      save(limit);
    };
    const book = new LimitBook(store, clock);
    const accept = (limitA: number) =>
      book.accepted("CP1", 1, { limitA, safeA: 6, leaseUntilMs: clock.nowMs() + 180_000 });
    accept(16);
    for (let renewals = 0; renewals < 12; renewals++) {
      clock.advance(75_000);
      accept(16);
    }
    assert.ok(writes <= 4, `${writes} writes`);
    const before = writes;
    accept(12);
    assert.equal(writes, before + 1);
    const [kept] = store.limits();
    assert.deepEqual([kept?.acceptedA, kept?.leaseUntilWallMs], [12, clock.wallMs() + 180_000]);
    store.close();
  });

  it("is waited for before it rises; what lowers one that was renewed waits for nothing", async () => {
    const clock = new FakeClock();
    const store = openStore(":memory:", { clock });
    const book = new LimitBook(store, clock);
    const lease = (limitA: number) => ({ limitA, safeA: 6, leaseUntilMs: clock.nowMs() + 180_000 });
    const write = async (limitA: number): Promise<boolean[]> => {
      book.sending("CP1", 1, lease(limitA));
      const before = book.kept();
      await before;
      book.accepted("CP1", 1, lease(limitA));
      const after = book.kept();
      await after;
      return [before !== null, after !== null];
    };
    await write(16);
    clock.advance(75_000);
    assert.deepEqual(await write(16), [true, false], "renewed: it ends later than what the disk has");
    clock.advance(75_000);
    assert.deepEqual(await write(16), [false, false], "renewed once more");
    assert.deepEqual(await write(10), [false, false], "lowered");
    assert.deepEqual(await write(12), [true, false], "raised");
    store.close();
  });
});
