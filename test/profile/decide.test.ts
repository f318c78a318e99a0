import { strict as assert } from "node:assert";
import fc from "fast-check";
import { decide, type Situation, type WriteDecision } from "../../lib/profile/decide.ts";

/** 16 A were accepted at 0 s and hold until 180 s. */
const SITUATION: Situation = {
  nowMs: 10_000,
  wantedA: 16,
  safeA: 6,
  accepted: { limitA: 16, leaseUntilMs: 180_000, refreshAtMs: 75_000, sameVariant: true, unansweredA: null },
  released: false,
  freshUntilMs: 100_000,
  retryAtMs: Number.NEGATIVE_INFINITY,
  increases: { count: 2, lastAtMs: 8_000 },
  minIncreaseMs: 5_000,
  freeIncreases: 2,
};

const send = (kind: "decrease" | "increase" | "renew"): WriteDecision => ({ act: "send", kind });

describe("What to do about a limit", () => {
  const accepted = SITUATION.accepted!;
  const rows: [string, Partial<Situation>, WriteDecision][] = [
    ["unchanged waits for the refresh", {}, { act: "wait", untilMs: 75_000, unchanged: true }],
    ["due for refresh is renewed", { nowMs: 75_000 }, send("renew")],
    [
      "due for refresh earlier than others is renewed then",
      { nowMs: 40_000, accepted: { ...SITUATION.accepted!, refreshAtMs: 40_000 } },
      send("renew"),
    ],
    ["due for refresh but stale is held", { nowMs: 75_000, freshUntilMs: 74_999 }, { act: "hold" }],
    ["lower goes at once", { wantedA: 10 }, send("decrease")],
    ["lower goes at once, stale or not", { wantedA: 10, freshUntilMs: 0 }, send("decrease")],
    ["higher waits for its turn", { wantedA: 20 }, { act: "wait", untilMs: 13_000, unchanged: false }],
    ["higher goes when its turn has come", { wantedA: 20, nowMs: 13_000 }, send("increase")],
    ["higher goes at once after a start", { wantedA: 20, increases: { count: 1, lastAtMs: 9_999 } }, send("increase")],
    [
      "at the safe current and due for refresh but stale is held",
      { wantedA: 6, accepted: { ...SITUATION.accepted!, limitA: 6 }, nowMs: 75_000, freshUntilMs: 74_999 },
      { act: "hold" },
    ],
    [
      "higher paces itself from the first on where every write counts",
      { wantedA: 20, increases: { count: 1, lastAtMs: 8_000 }, minIncreaseMs: 30_000, freeIncreases: 1 },
      { act: "wait", untilMs: 38_000, unchanged: false },
    ],
    [
      "higher goes at once as the first one of all",
      { wantedA: 20, increases: { count: 0, lastAtMs: Number.NEGATIVE_INFINITY }, freeIncreases: 1 },
      send("increase"),
    ],
    ["higher but stale is held", { wantedA: 20, nowMs: 13_000, freshUntilMs: 0 }, { act: "hold" }],
    ["the same in another way is sent", { accepted: { ...accepted, sameVariant: false } }, send("renew")],
    ["after the lease is an increase again", { nowMs: 180_000, freshUntilMs: 200_000 }, send("increase")],
    ["after the lease and stale is held", { nowMs: 180_000 }, { act: "hold" }],
    [
      "below safe after the lease is a decrease",
      { nowMs: 180_000, wantedA: 0, freshUntilMs: 200_000 },
      send("decrease"),
    ],
    ["below safe after the lease but stale is held", { nowMs: 180_000, wantedA: 0 }, { act: "hold" }],
    ["first on a connection is sent", { accepted: null }, send("increase")],
    ["first on a connection but stale is held", { accepted: null, freshUntilMs: 0 }, { act: "hold" }],
    [
      "first on a connection at the safe current is sent, stale or not",
      { accepted: null, wantedA: 6, freshUntilMs: 0 },
      send("renew"),
    ],
    [
      "released is never due",
      { released: true, wantedA: 6, accepted: { ...accepted, limitA: 6 }, nowMs: 170_000 },
      { act: "wait", untilMs: Number.POSITIVE_INFINITY, unchanged: true },
    ],
    [
      "taken back to the accepted one is sent over a higher one that was not answered",
      { accepted: { ...accepted, unansweredA: 20 } },
      send("decrease"),
    ],
    [
      "that was not answered and is still wanted is an increase",
      { wantedA: 20, nowMs: 13_000, accepted: { ...accepted, unansweredA: 20 } },
      send("increase"),
    ],
    ["failed before waits", { wantedA: 10, retryAtMs: 12_000 }, { act: "wait", untilMs: 12_000, unchanged: false }],
  ];
  for (const [what, change, decision] of rows) {
    it(`a limit ${what}`, () => assert.deepEqual(decide({ ...SITUATION, ...change }), decision));
  }

  const SITUATIONS: fc.Arbitrary<Situation> = fc.record({
    nowMs: fc.integer({ min: 0, max: 400_000 }),
    wantedA: fc.constantFrom(0, 6, 8, 16),
    safeA: fc.constantFrom(0, 6),
    accepted: fc.option(
      fc.record({
        limitA: fc.constantFrom(0, 6, 10, 16),
        leaseUntilMs: fc.integer({ min: 0, max: 400_000 }),
        refreshAtMs: fc.integer({ min: 0, max: 400_000 }),
        sameVariant: fc.boolean(),
        unansweredA: fc.constant(null),
      }),
    ),
    released: fc.boolean(),
    freshUntilMs: fc.integer({ min: 0, max: 400_000 }),
    retryAtMs: fc.constant(Number.NEGATIVE_INFINITY),
    increases: fc.record({ count: fc.nat({ max: 4 }), lastAtMs: fc.integer({ min: 0, max: 400_000 }) }),
    minIncreaseMs: fc.constantFrom(5_000, 30_000),
    freeIncreases: fc.constantFrom(1, 2),
  });
  const holdsA = ({ accepted: before, nowMs, safeA }: Situation): number | null =>
    before && (nowMs < before.leaseUntilMs ? before.limitA : safeA);

  it("is never to raise or renew more than the safe current from an old allocation", () => {
    fc.assert(
      fc.property(SITUATIONS, (situation) => {
        const stale = situation.nowMs > situation.freshUntilMs;
        const decision = decide(situation);
        if (stale && situation.wantedA > situation.safeA && decision.act === "send")
          assert.equal(decision.kind, "decrease");
      }),
    );
  });

  it("is to lower at once while the lease holds", () => {
    fc.assert(
      fc.property(SITUATIONS, (situation) => {
        const before = holdsA(situation);
        const holds = situation.nowMs < (situation.accepted?.leaseUntilMs ?? 0);
        if (holds && before !== null && situation.wantedA < before)
          assert.deepEqual(decide(situation), send("decrease"));
      }),
    );
  });

  it("is to write what is unchanged only when its renewal is due", () => {
    fc.assert(
      fc.property(SITUATIONS, (situation) => {
        const { accepted: before, wantedA, nowMs } = situation;
        if (!before?.sameVariant || wantedA !== holdsA(situation) || nowMs >= before.refreshAtMs) return;
        assert.notEqual(decide(situation).act, "send");
      }),
    );
  });
});
