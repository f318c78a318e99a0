import { strict as assert } from "node:assert";
import type { LimitView } from "../../../lib/profile/types.ts";
import { limitStatus } from "../../../nodes/runtime/limit-status.ts";

const VIEW: LimitView = {
  chargePoint: "CP1",
  connector: 1,
  requestedA: 13.57,
  sentA: 13.5,
  acceptedA: 13.5,
  status: "accepted",
  verified: "measured",
  purpose: "TxProfile",
  stackLevel: 1,
  profileId: 2,
  leaseUntil: "2026-06-01T12:03:00.000Z",
  tries: 1,
  hint: null,
  way: "TxProfile, stack level 1",
  trouble: null,
  writesToday: 3,
};
const clockTime = new Date(VIEW.leaseUntil!).toLocaleTimeString("en-GB");

describe("status of limits", () => {
  const lines: [string, Partial<LimitView>[], string, string][] = [
    [
      "of one connector has all numbers",
      [{}],
      "good",
      `13.5 A until ${clockTime}, measured; 13.57 A asked, 13.5 A sent`,
    ],
    [
      "says a number once",
      [{ requestedA: 13.5, verified: "composite" }],
      "good",
      `13.5 A until ${clockTime}, schedule checked; 13.5 A asked`,
    ],
    [
      "says what is not verified",
      [{ requestedA: null, sentA: 6, acceptedA: 6, verified: "no" }],
      "good",
      `6 A until ${clockTime}, not verified yet; released, 6 A sent`,
    ],
    [
      "has no end where the limit has none",
      [{ leaseUntil: null }],
      "good",
      "13.5 A, measured; 13.57 A asked, 13.5 A sent",
    ],
    ["before the first limit counts", [{ acceptedA: null, status: "unchanged" }], "good", "1 connector"],
    [
      "of many counts, with the lease that ends first",
      [{}, { leaseUntil: "2026-06-01T12:05:00.000Z", verified: "no" }],
      "good",
      `2 connectors, 1 verified until ${clockTime}`,
    ],
    [
      "names one that is not confirmed",
      [{}, { connector: 2, status: "offline" }],
      "degraded",
      "1 of 2 not confirmed: CP1/2 offline",
    ],
    [
      "names one that does not obey, whatever it accepts",
      [{ trouble: "nonCompliant" }],
      "degraded",
      "1 of 1 not confirmed: CP1/1 does not obey",
    ],
    [
      "does not complain of one that merely refuses 0 A",
      [{ trouble: "zero", leaseUntil: null }],
      "good",
      "13.5 A, measured; 13.57 A asked, 13.5 A sent",
    ],
  ];
  for (const [does, changes, mood, text] of lines) {
    it(does, () => {
      assert.deepEqual(limitStatus(changes.map((change) => ({ ...VIEW, ...change }))), { mood, text });
    });
  }
});
