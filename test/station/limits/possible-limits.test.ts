import { strict as assert } from "node:assert";
import { type AcceptedLimit, LimitBook } from "../../../lib/station/limits/limit-book.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const MAX_A = 32;

describe("The most that a connector may hold, left alone,", () => {
  let clock: FakeClock;
  let store: Store;
  let book: LimitBook;

  beforeEach(() => {
    clock = new FakeClock();
    store = openStore(":memory:", { clock });
    book = new LimitBook(store, clock);
    book.baselineAccepted("CP1", 1, 6);
  });

  afterEach(() => store.close());

  const lease = (limitA: number, leaseS: number, change: Partial<AcceptedLimit> = {}): AcceptedLimit => ({
    limitA,
    safeA: 6,
    leaseUntilMs: clock.nowMs() + leaseS * 1000,
    ...change,
  });
  const mostA = (afterS = 0): number => {
    const atMs = clock.nowMs() + afterS * 1000;
    return book.mostAloneA("CP1", 1, MAX_A, atMs, atMs);
  };

  describe("where a limit of which neither the end nor what follows is sure", () => {
    beforeEach(() => {
      book.accepted("CP1", 1, lease(8, 180));
    });

    it("is on its way, is the maximum until it has got its answer", () => {
      const possible = book.sending("CP1", 1, lease(10, 180, { fallsBack: false }));
      assert.equal(mostA(3600), MAX_A);
      book.sent("CP1", 1, possible);
      assert.equal(mostA(3600), 6);
    });

    it("was not answered, is the maximum, also below the limit of a transaction", () => {
      book.uncertain("CP1", 1, lease(10, 180, { fallsBack: false }));
      assert.equal(mostA(3600), MAX_A);
      assert.equal(book.fallsBack("CP1", 1), false);
      book.uncertain("CP1", 1, lease(10, 180));
      assert.equal(mostA(3600), MAX_A);
      book.accepted("CP1", 1, lease(10, 180, { ofTransaction: true }));
      assert.equal(mostA(3600), MAX_A);
      assert.equal(book.fallsBack("CP1", 1), false);
      book.accepted("CP1", 1, lease(10, 180));
      assert.equal(mostA(3600), 6);
    });

    it("was sent, or was not answered, is the maximum in the next process, too", () => {
      book.sending("CP1", 1, lease(10, 180, { fallsBack: false }));
      book = new LimitBook(store, clock);
      assert.equal(mostA(3600), MAX_A);
      book.accepted("CP1", 1, lease(8, 180));
      book.uncertain("CP1", 1, lease(10, 180, { fallsBack: false }));
      book = new LimitBook(store, clock);
      assert.equal(mostA(3600), MAX_A);
    });
  });

  it("is what was not answered until that has ended, also below the limit of a transaction that was accepted later", () => {
    book.accepted("CP1", 1, lease(13, 900, { ofTransaction: true }));
    book.uncertain("CP1", 1, lease(14, 900));
    book.accepted("CP1", 1, lease(7, 900, { ofTransaction: true }));
    assert.deepEqual([mostA(), mostA(900), mostA(931)], [14, 14, 6]);
  });

  it("is a limit of the transaction that was not answered until the next one is accepted in its place", () => {
    book.accepted("CP1", 1, lease(13, 900, { ofTransaction: true }));
    book.uncertain("CP1", 1, lease(14, 900, { ofTransaction: true }));
    assert.equal(mostA(), 14);
    book.accepted("CP1", 1, lease(7, 900, { ofTransaction: true }));
    assert.equal(mostA(), 7);
  });

  it("is a limit that is cleared until that has ended: the request may get lost", () => {
    book.accepted("CP1", 1, lease(13, 180));
    book.limitCleared("CP1", 1);
    assert.deepEqual([mostA(), mostA(211)], [13, 6]);
  });

  it("is the safe current from the clearing of a pause on", () => {
    book.accepted("CP1", 1, lease(0, 900));
    assert.equal(mostA(), 0);
    book.limitCleared("CP1", 1);
    assert.equal(mostA(), 6);
  });

  it("is the maximum where a limit is cleared that no baseline holds", () => {
    book.baselineCleared("CP1", 1);
    book.accepted("CP1", 1, lease(13, 180));
    book.limitCleared("CP1", 1);
    assert.equal(mostA(), MAX_A);
  });
});
