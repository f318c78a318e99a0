import { strict as assert } from "node:assert";
import { LimitBook } from "../../../lib/station/limits/limit-book.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { LimitRecord, Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const MAX_A = 32;

describe("Limit that may be in force", () => {
  let clock: FakeClock;
  let store: Store;
  let book: LimitBook;

  beforeEach(() => {
    clock = new FakeClock();
    store = openStore(":memory:", { clock });
    book = new LimitBook(store, clock);
  });

  afterEach(() => store.close());

  const inForce = (): number => book.inForceA("CP1", 1, MAX_A, clock.nowMs());
  const lease = (limitA: number, safeA = 6) => ({ limitA, safeA, leaseUntilMs: clock.nowMs() + 180_000 });
  const remember = (change: Partial<LimitRecord>): void => {
    store.saveLimit({
      chargePoint: "CP1",
      connector: 1,
      acceptedA: 16,
      safeA: 6,
      leaseUntilWallMs: null,
      baselineAccepted: false,
      ...change,
    });
    book = new LimitBook(store, clock);
  };

  it("is the maximum for a connector of which nothing is known", () => {
    assert.equal(inForce(), MAX_A);
  });

  it("is the accepted limit until 30 s after its lease, then the safe current of its tail", () => {
    book.accepted("CP1", 1, lease(16));
    clock.advance(180_000 + 29_999);
    assert.equal(inForce(), 16);
    clock.advance(1);
    assert.equal(inForce(), 6);
  });

  it("is surely no more than the safe current once the lease has ended", () => {
    const held = () => book.heldA("CP1", 1, clock.nowMs());
    assert.equal(held(), null);
    book.accepted("CP1", 1, lease(16));
    assert.equal(held(), 16);
    clock.advance(180_000);
    assert.equal(held(), 6);
  });

  it("is the safe current where the accepted limit is lower: the tail may begin any time", () => {
    book.accepted("CP1", 1, lease(0));
    assert.equal(inForce(), 6);
  });

  it("is the safe current once the baseline alone is accepted", () => {
    book.baselineAccepted("CP1", 1, 6);
    assert.equal(inForce(), 6);
  });

  it("is the maximum after a boot, until baseline or limit are accepted again", () => {
    book.accepted("CP1", 1, lease(16));
    book.rebooted("CP1");
    assert.equal(inForce(), MAX_A);
    book.baselineAccepted("CP1", 1, 6);
    assert.equal(inForce(), 16, "profiles may have survived the boot");
    clock.advance(210_000);
    assert.equal(inForce(), 6);
  });

  it("is not touched by the boot of a charge point whose name begins alike", () => {
    book.accepted("CP1", 1, lease(16));
    book.rebooted("CP");
    assert.equal(inForce(), 16);
  });

  it("is the higher of old and new while a call is unanswered, and the new one when that is accepted", () => {
    book.accepted("CP1", 1, lease(10));
    book.uncertain("CP1", 1, lease(20));
    assert.equal(inForce(), 20);
    book.uncertain("CP1", 1, lease(12));
    assert.equal(inForce(), 20);
    assert.equal(book.trouble("CP1", 1), "unanswered");
    book.accepted("CP1", 1, lease(12));
    assert.equal(inForce(), 12);
    assert.equal(book.trouble("CP1", 1), null);
  });

  it("is unanswered until the charge point answers a later profile and the limit in doubt must have ended", () => {
    book.accepted("CP1", 1, lease(10));
    book.uncertain("CP1", 1, lease(16));
    clock.advance(211_000);
    assert.equal(book.trouble("CP1", 1), "unanswered", "it has answered nothing since");
    book.uncertain("CP1", 1, lease(16));
    book.baselineAccepted("CP1", 1, 6);
    clock.advance(209_000);
    assert.equal(book.trouble("CP1", 1), "unanswered", "16 A may still be in force");
    clock.advance(2000);
    assert.equal(book.trouble("CP1", 1), null);
    assert.equal(book.obeysSinceMs("CP1", 1), clock.nowMs() - 1000);
    assert.equal(inForce(), 6);
  });

  it("is in doubt while a lower limit waits for its answer for more than 10 s", () => {
    book.accepted("CP1", 1, lease(16));
    book.sending("CP1", 1, lease(20));
    clock.advance(11_000);
    assert.equal(book.trouble("CP1", 1), null, "of a higher one nothing worse can come");
    book.sending("CP1", 1, lease(8));
    clock.advance(10_000);
    assert.equal(book.trouble("CP1", 1), null);
    clock.advance(1);
    assert.equal(book.trouble("CP1", 1), "unanswered");
    assert.equal(inForce(), 16);
    book.accepted("CP1", 1, lease(8));
    assert.equal(book.trouble("CP1", 1), null);
  });

  it("is in doubt while the very first profile waits for its answer for more than 10 s", () => {
    book.baselineSending("CP1", 1);
    clock.advance(10_001);
    assert.equal(book.trouble("CP1", 1), "unanswered");
    assert.equal(inForce(), MAX_A);
    book.baselineAccepted("CP1", 1, 6);
    assert.equal(book.trouble("CP1", 1), null);
  });

  it("is the maximum where a charge point never took a limit", () => {
    book.refused("CP1", 1, "unsupported");
    assert.equal(inForce(), MAX_A);
  });

  it("keeps the weightier of two refusals", () => {
    book.refused("CP1", 1, "limits");
    book.refused("CP1", 1, "zero");
    assert.equal(book.trouble("CP1", 1), "limits");
  });

  it("says since when the connector obeys, and that it does not while it refuses", () => {
    assert.equal(book.obeysSinceMs("CP1", 1), Number.NEGATIVE_INFINITY);
    book.refused("CP1", 1, "limits");
    assert.equal(book.obeysSinceMs("CP1", 1), null);
    clock.advance(5000);
    book.accepted("CP1", 1, lease(10));
    assert.equal(book.obeysSinceMs("CP1", 1), 5000);
    book.refused("CP1", 1, "zero");
    assert.equal(book.obeysSinceMs("CP1", 1), 5000, "refusing 0 A is no disobedience");
  });

  describe("after a restart", () => {
    it("is what the database says, with what is left of the lease", () => {
      remember({ leaseUntilWallMs: clock.wallMs() + 100_000, baselineAccepted: true });
      assert.equal(inForce(), 16);
      clock.advance(130_000);
      assert.equal(inForce(), 6);
    });

    it("is the safe current where only a baseline was accepted", () => {
      remember({ acceptedA: 6, baselineAccepted: true });
      assert.equal(inForce(), 6);
    });

    it("is the maximum where neither tail nor baseline was accepted", () => {
      remember({ baselineAccepted: false });
      assert.equal(inForce(), MAX_A);
    });

    it("does not believe a lease longer than any: the wall clock was set back", () => {
      remember({ leaseUntilWallMs: clock.wallMs() + 86_400_000 });
      clock.advance(1_980_000 + 30_000);
      assert.equal(inForce(), 6);
    });

    it("is the higher of old and new where the process ended before an answer, or after none came", () => {
      book.accepted("CP1", 1, lease(10));
      book.sending("CP1", 1, lease(20));
      assert.equal(inForce(), 10, "as long as it is on its way, the setpoint counts");
      book = new LimitBook(store, clock);
      assert.equal(inForce(), 20);
      clock.advance(210_000);
      assert.equal(inForce(), 6);
      book.accepted("CP1", 1, lease(10));
      book.uncertain("CP1", 1, lease(16));
      book = new LimitBook(store, clock);
      assert.equal(inForce(), 16);
    });

    it("is the maximum where a limit was sent to a charge point that had taken none", () => {
      book.sending("CP1", 1, lease(10));
      book.uncertain("CP1", 1, lease(10));
      book = new LimitBook(store, clock);
      assert.equal(inForce(), MAX_A);
    });

    it("is read again later when the database could not be read at first", () => {
      store.saveLimit({
        chargePoint: "CP1",
        connector: 1,
        acceptedA: 6,
        safeA: 6,
        leaseUntilWallMs: null,
        baselineAccepted: true,
      });
      let readable = false;
      const limits = (): LimitRecord[] => (readable ? store.limits() : assert.fail("cannot be read"));
      book = new LimitBook({ ...store, limits }, clock);
      assert.equal(inForce(), MAX_A);
      readable = true;
      book.restore();
      assert.equal(inForce(), 6);
    });
  });

  describe("of a charge point that does not go to its safe current alone", () => {
    const endless = (limitA: number) => ({ limitA, safeA: 6, leaseUntilMs: Number.POSITIVE_INFINITY });
    const restart = (): void => {
      book = new LimitBook(store, clock);
    };

    it("is the accepted limit while it is connected, the maximum once it is not, and after a restart", () => {
      book.accepted("CP1", 1, endless(10));
      clock.advance(86_400_000);
      assert.equal(inForce(), 10);
      book.disconnected("CP1");
      assert.equal(inForce(), MAX_A);
      book.accepted("CP1", 1, endless(10));
      restart();
      assert.equal(inForce(), MAX_A);
    });

    it("is the maximum where profiles are dropped with the connection, whatever tail or baseline they had", () => {
      book.baselineAccepted("CP1", 1, 6, false);
      book.accepted("CP1", 1, { ...lease(10), holdsAlone: false });
      assert.equal(inForce(), 10);
      book.disconnected("CP1");
      assert.equal(inForce(), MAX_A);
      book.accepted("CP1", 1, { ...lease(10), holdsAlone: false });
      restart();
      clock.advance(1000);
      assert.equal(inForce(), MAX_A);
    });

    it("is its safe current where a composite schedule has to show that it goes there, and did", () => {
      book.accepted("CP1", 1, { ...lease(10), holdsAlone: "ifShown" });
      book.disconnected("CP1");
      assert.equal(inForce(), MAX_A);
      book.accepted("CP1", 1, { ...lease(10), holdsAlone: "ifShown" });
      book.tailSeen("CP1", 1, true);
      book.accepted("CP1", 1, { ...lease(12), holdsAlone: "ifShown" });
      book.disconnected("CP1");
      assert.equal(inForce(), 12);
      restart();
      clock.advance(211_000);
      assert.equal(inForce(), 6);
    });

    it("is the maximum where what was shown was of a limit of another kind", () => {
      book.accepted("CP1", 1, lease(10));
      book.tailSeen("CP1", 1, true);
      book.accepted("CP1", 1, { ...lease(10), holdsAlone: "ifShown" });
      book.disconnected("CP1");
      assert.equal(inForce(), MAX_A);
    });

    it("is the maximum after its lease where a composite schedule shows another end", () => {
      book.accepted("CP1", 1, lease(10));
      book.baselineAccepted("CP1", 1, 6);
      book.tailSeen("CP1", 1, false);
      assert.equal(inForce(), MAX_A);
      book.accepted("CP1", 1, lease(10));
      assert.equal(inForce(), MAX_A, "a renewal shows nothing else");
      restart();
      assert.equal(inForce(), MAX_A);
      book.accepted("CP1", 1, lease(10));
      book.tailSeen("CP1", 1, true);
      assert.equal(inForce(), 10);
    });

    it("is the maximum while our profiles are off the connector", () => {
      book.accepted("CP1", 1, lease(10));
      book.cleared("CP1", 1);
      assert.equal(inForce(), MAX_A);
    });
  });

  describe("of a connector that does not obey", () => {
    it("is told apart from one that refuses, with the most it drew and what to look at", () => {
      book.advise("CP1", 1, "general");
      assert.equal(book.hint("CP1", 1), "general");
      book.disobeyed("CP1", 1, 16, "setting");
      book.disobeyed("CP1", 1, 14, "setting");
      assert.deepEqual([book.trouble("CP1", 1), book.disobeysA("CP1", 1)], ["nonCompliant", 16]);
      assert.equal(book.hint("CP1", 1), "setting");
      assert.equal(book.obeysSinceMs("CP1", 1), null);
    });

    it("stays so when it accepts limits, and over a restart, until it is seen to obey", () => {
      book.disobeyed("CP1", 1, 16, null);
      book.accepted("CP1", 1, lease(10));
      book = new LimitBook(store, clock);
      assert.equal(book.trouble("CP1", 1), "nonCompliant");
      clock.advance(7000);
      book.obeyed("CP1", 1);
      assert.deepEqual([book.trouble("CP1", 1), book.obeysSinceMs("CP1", 1)], [null, 7000]);
    });

    it("is not believed to obey because it booted", () => {
      book.accepted("CP1", 1, lease(10));
      book.disobeyed("CP1", 1, 16, null);
      book.rebooted("CP1");
      assert.equal(book.trouble("CP1", 1), "nonCompliant");
    });
  });

  it("stays a refusal of 0 A while another limit stands in for it", () => {
    book.refused("CP1", 1, "zero");
    clock.advance(1000);
    book.accepted("CP1", 1, { ...lease(6), insteadOfZero: true });
    assert.equal(book.trouble("CP1", 1), "zero");
    assert.equal(book.refusesSinceMs("CP1", 1), 0);
    book.accepted("CP1", 1, lease(10));
    assert.equal(book.trouble("CP1", 1), null);
  });

  it("reports when it could not be made durable", () => {
    store.close();
    assert.equal(book.accepted("CP1", 1, lease(16)), false);
    assert.equal(inForce(), 16);
  });

  it("is the maximum after a process that ended while profiles were off the connector, or after a boot", () => {
    for (const lose of [() => book.cleared("CP1", 1), () => book.rebooted("CP1")]) {
      book.accepted("CP1", 1, lease(16));
      book.baselineAccepted("CP1", 1, 6);
      lose();
      book = new LimitBook(store, clock);
      assert.equal(inForce(), MAX_A);
    }
  });

  it("tells when a connector begins not to obey, and when it obeys again, once each", () => {
    const told: string[] = [];
    book = new LimitBook(store, clock, (chargePoint, connector) =>
      told.push(`${chargePoint}/${connector} ${book.trouble(chargePoint, connector)}`),
    );
    book.refused("CP1", 1, "limits", "hint");
    book.refused("CP1", 1, "limits", "hint");
    book.accepted("CP1", 1, lease(16));
    book.uncertain("CP1", 1, lease(10));
    book.accepted("CP1", 1, lease(10));
    book.disobeyed("CP1", 1, 20, null);
    book.disobeyed("CP1", 1, 22, null);
    book.obeyed("CP1", 1);
    assert.deepEqual(told, [
      "CP1/1 limits",
      "CP1/1 null",
      "CP1/1 unanswered",
      "CP1/1 null",
      "CP1/1 nonCompliant",
      "CP1/1 null",
    ]);
  });
});
