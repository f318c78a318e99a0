import { strict as assert } from "node:assert";
import type { BoardRows } from "../../lib/dlm/board.ts";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import { WriteGate } from "../../lib/profile/write-gate.ts";
import { type AcceptedLimit, LimitBook } from "../../lib/station/limits/limit-book.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { FakeClock } from "../fake-clock.ts";

const WIRING = { phases: 3, rotation: "RST", maxA: 32, minA: 6, priorityClass: 1, mode: "fast", safeA: 6 } as const;

describe("The gate before each limit", () => {
  let clock: FakeClock;
  let book: LimitBook;
  let facts: Map<string, ConnectorFacts>;
  let ruled: boolean;
  let gate: WriteGate;
  /** What all may hold together, A. */
  const LIMIT_A = 40;

  const factsOf = (chargePoint: string, change: Partial<ConnectorFacts> = {}): ConnectorFacts => ({
    id: `${chargePoint}/1`,
    chargePoint,
    connector: 1,
    wiring: WIRING,
    state: "charging",
    measuredA: null,
    measuredAtMs: null,
    disconnectedA: 0,
    reservedA: null,
    pluggedAtMs: 0,
    chargingS: 0,
    energyWh: 0,
    ...change,
  });

  beforeEach(() => {
    clock = new FakeClock();
    book = new LimitBook(openStore(":memory:", { clock }), clock);
    facts = new Map(["A", "B"].map((name) => [`${name}/1`, factsOf(name)]));
    ruled = true;
    const rows: BoardRows = {
      alone: {
        fits: (id, currentA, holdsA) =>
          [...facts.keys()].reduce((sumA, other) => sumA + (other === id ? currentA : holdsA(other)), 0) <= LIMIT_A,
      },
      facts,
    };
    gate = new WriteGate({
      clock,
      limits: book,
      rows: () => (ruled ? rows : undefined),
      managed: () => WIRING,
    });
  });

  const limit = (limitA: number, leaseS: number): AcceptedLimit => ({
    limitA,
    safeA: 6,
    leaseUntilMs: clock.nowMs() + leaseS * 1000,
  });
  const holds = (chargePoint: string, limitA: number, leaseS: number): void => {
    book.baselineAccepted(chargePoint, 1, 6);
    book.accepted(chargePoint, 1, limit(limitA, leaseS));
  };
  const admits = (limitA: number, leaseS = 180): boolean =>
    gate.admits("A/1", { limitA, untilMs: clock.nowMs() + leaseS * 1000, safeA: 6 });

  it("admits a rise that fits beside what the others hold, and none that does not", () => {
    holds("A", 6, 180);
    holds("B", 20, 180);
    assert.ok(admits(20));
    assert.ok(!admits(21));
  });

  it("lets nothing new pass because the charge point is feared to hold as much already", () => {
    book.baselineAccepted("A", 1, 6);
    book.uncertain("A", 1, limit(32, 180));
    holds("B", 20, 180);
    const baseline = { limitA: 6, untilMs: Number.POSITIVE_INFINITY, safeA: 6 };
    const maximum = { limitA: 32, untilMs: clock.nowMs() + 60_000, safeA: 6 };
    assert.ok(gate.admits("A/1", maximum), "it may hold that for longer already");
    assert.ok(!gate.admits("A/1", { ...maximum, anew: true }));
    assert.ok(!gate.admits("A/1", { ...baseline, anew: true }), "it may hold 32 A meanwhile");
  });

  it("counts a charger that a flow drives with all that it may be following, and with what that ends in", () => {
    holds("A", 6, 180);
    const follows = (...toldByFlow: NonNullable<ConnectorFacts["toldByFlow"]>) =>
      facts.set("B/1", factsOf("B", { toldByFlow }));
    const until = (seconds: number) => clock.nowMs() + seconds * 1000;
    follows({ limitA: 8, untilMs: until(180), safeA: 6 }, { limitA: 20, untilMs: until(100), safeA: 6 });
    assert.ok(admits(20));
    assert.ok(!admits(21));
    follows({ limitA: 0, untilMs: until(180), safeA: 6 });
    assert.ok(admits(34, 60));
    assert.ok(!admits(35, 180), "it may rise to its safe current before this limit has ended");
    follows({ limitA: 12, untilMs: Number.POSITIVE_INFINITY, safeA: 12 });
    assert.ok(!admits(29));
  });

  it("counts a pause with what it rises to, if it ends before the limit does", () => {
    holds("A", 6, 180);
    holds("B", 0, 900);
    assert.ok(admits(40, 180));
    clock.advance(700_000);
    assert.ok(!admits(40, 180), "the pause ends in 200 s, 30 s of doubt taken off");
    assert.ok(admits(34, 180));
    assert.ok(admits(40, 100));
  });

  it("counts a limit that was not answered, or is on its way, and the one before it", () => {
    holds("A", 6, 180);
    holds("B", 6, 180);
    const sent = book.sending("B", 1, limit(30, 180));
    assert.ok(!admits(20));
    book.uncertain("B", 1, limit(30, 180));
    book.sent("B", 1, sent);
    assert.ok(!admits(20));
    book.accepted("B", 1, limit(6, 180));
    assert.ok(admits(20));
  });

  it("of two pauses that were not answered the earlier end counts", () => {
    holds("A", 6, 180);
    holds("B", 0, 900);
    book.uncertain("B", 1, limit(0, 200));
    assert.ok(!admits(40, 180));
  });

  it("counts what the outlet was told before its transaction until that has ended", () => {
    holds("A", 6, 180);
    holds("B", 20, 180);
    book.accepted("B", 1, { ...limit(6, 180), ofTransaction: true });
    assert.ok(!admits(30));
    book.outletHeld("B", 1, { limitA: 0, untilMs: clock.nowMs() + 900_000, safeA: 6 }, false);
    assert.ok(admits(30));
  });

  it("counts the next car at a paused outlet, when what holds the outlet ends before the limit does", () => {
    holds("A", 6, 180);
    holds("B", 0, 300);
    book.accepted("B", 1, { ...limit(0, 900), ofTransaction: true });
    assert.ok(admits(40, 180));
    assert.ok(!admits(40, 300));
    book.outletHeld("B", 1, { limitA: 0, untilMs: clock.nowMs() + 900_000, safeA: 6 }, false);
    assert.ok(admits(40, 300));
  });

  it("counts a paused outlet with the baseline that takes the place of its hold, until it is held again", () => {
    holds("A", 6, 180);
    holds("B", 0, 900);
    assert.ok(admits(40));
    book.baselineSending("B", 1, 6);
    assert.ok(!admits(35), "the baseline may hold already");
    assert.ok(admits(34));
    book.baselineAccepted("B", 1, 6);
    book.accepted("B", 1, { ...limit(0, 900), ofTransaction: true });
    assert.ok(!admits(35), "the next car would begin at the safe current");
    book.outletHeld("B", 1, { limitA: 0, untilMs: clock.nowMs() + 900_000, safeA: 6 }, true);
    assert.ok(admits(40));
    book.baselineSending("B", 1, null);
    assert.ok(admits(40), "it is written below what holds the outlet");
  });

  it("goes on counting what the outlet was told before its transaction, whatever the baseline replaces", () => {
    holds("A", 6, 180);
    holds("B", 20, 180);
    book.baselineSending("B", 1, 6);
    book.accepted("B", 1, { ...limit(0, 900), ofTransaction: true });
    assert.ok(!admits(21));
    book.baselineSending("B", 1, 6);
    assert.ok(!admits(21));
  });

  it("admits whatever allows no more at any moment: a decrease within the lease, a pause that ends later", () => {
    holds("A", 30, 180);
    holds("B", 30, 400);
    assert.ok(admits(20, 180));
    assert.ok(admits(0, 900));
    assert.ok(!admits(30, 300), "a renewal holds longer");
    assert.ok(!admits(20, 300), "so does a decrease with a later end");
  });

  it("counts who does not fall back, or is away, with what is reserved for it", () => {
    holds("A", 6, 180);
    holds("B", 6, 180);
    facts.set("B/1", factsOf("B", { aloneA: 32 }));
    assert.ok(!admits(10));
    facts.set("B/1", factsOf("B", { state: "offline", disconnectedA: 16 }));
    assert.ok(admits(24));
    assert.ok(!admits(25));
  });

  it("always admits a pause of who does not fall back, also where nothing is known of its limit", () => {
    facts.set("A/1", factsOf("A", { aloneA: WIRING.maxA }));
    holds("B", 20, 180);
    assert.ok(admits(0));
    assert.ok(!admits(6), "it may hold less");
  });

  it("counts who fell back at no time by the last decision, and does since, as one that falls back", () => {
    holds("A", 0, 900);
    holds("B", 6, 180);
    facts.set("A/1", factsOf("A", { aloneA: 32 }));
    facts.set("B/1", factsOf("B", { aloneA: 32 }));
    book.cleared("B", 1);
    assert.ok(!admits(13), "B keeps its 32 A beside it");
    assert.ok(admits(0, 900));
    book.cleared("A", 1);
    assert.ok(admits(13), "it would keep its maximum whatever it is told");
  });

  it("counts what takes the place of a pause with the safe current until the last limit ends that the pause outlived", () => {
    holds("A", 0, 2000);
    holds("B", 29, 1500);
    assert.ok(admits(11, 180));
    facts.set("C/1", factsOf("C"));
    holds("C", 0, 900);
    assert.ok(!admits(6, 180), "from 870 s on C draws 6 A beside the 29 A of B and 6 A");
    assert.ok(admits(0, 2000));
    holds("C", 0, 2000);
    assert.ok(admits(11, 180));
  });

  it("counts what ends in a higher current than the limit before, also where it begins lower", () => {
    holds("B", 30, 180);
    book.baselineAccepted("A", 1, 0);
    book.accepted("A", 1, { ...limit(10, 180), safeA: 0 });
    assert.ok(admits(6, 180), "B has come down to 6 A by then");
    holds("B", 30, 900);
    assert.ok(admits(6, 180));
    holds("B", 35, 900);
    assert.ok(!admits(6, 180));
  });

  it("counts a charger of which nothing is known with its maximum", () => {
    holds("A", 6, 180);
    assert.ok(admits(8));
    assert.ok(!admits(9));
  });

  it("lets nothing rise before the first decision after a start", () => {
    ruled = false;
    holds("A", 0, 900);
    assert.ok(!admits(6));
    assert.ok(admits(0, 900));
  });
});
