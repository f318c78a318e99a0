import { strict as assert } from "node:assert";
import { type Decision, decide, type Situation } from "../../lib/profile/decide.ts";

/** 16 A were accepted at 0 s and hold until 180 s. */
const SITUATION: Situation = {
  nowMs: 10_000,
  wantedA: 16,
  safeA: 6,
  accepted: { limitA: 16, atMs: 0, leaseUntilMs: 180_000, sameWay: true },
  released: false,
  freshUntilMs: 100_000,
  retryAtMs: Number.NEGATIVE_INFINITY,
  increases: { count: 2, lastAtMs: 8_000 },
  refreshMs: 75_000,
  minIncreaseMs: 5_000,
};

const send = (kind: "decrease" | "increase" | "renew"): Decision => ({ act: "send", kind });

describe("What to do about a limit", () => {
  const accepted = SITUATION.accepted!;
  const rows: [string, Partial<Situation>, Decision][] = [
    ["unchanged waits for the refresh", {}, { act: "wait", untilMs: 75_000, unchanged: true }],
    ["due for refresh is renewed", { nowMs: 75_000 }, send("renew")],
    ["due for refresh but stale is held", { nowMs: 75_000, freshUntilMs: 74_999 }, { act: "hold" }],
    ["lower goes at once", { wantedA: 10 }, send("decrease")],
    ["lower goes at once, stale or not", { wantedA: 10, freshUntilMs: 0 }, send("decrease")],
    ["higher waits for its turn", { wantedA: 20 }, { act: "wait", untilMs: 13_000, unchanged: false }],
    ["higher goes when its turn has come", { wantedA: 20, nowMs: 13_000 }, send("increase")],
    ["higher goes at once after a start", { wantedA: 20, increases: { count: 1, lastAtMs: 9_999 } }, send("increase")],
    ["higher but stale is held", { wantedA: 20, nowMs: 13_000, freshUntilMs: 0 }, { act: "hold" }],
    ["the same in another way is sent", { accepted: { ...accepted, sameWay: false } }, send("renew")],
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
    ["failed before waits", { wantedA: 10, retryAtMs: 12_000 }, { act: "wait", untilMs: 12_000, unchanged: false }],
  ];
  for (const [what, change, decision] of rows) {
    it(`a limit ${what}`, () => assert.deepEqual(decide({ ...SITUATION, ...change }), decision));
  }
});
