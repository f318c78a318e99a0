import { strict as assert } from "node:assert";
import { EvError } from "../../../lib/errors.ts";
import { OcppCallError } from "../../../lib/ocpp/rpc/call-error.ts";
import {
  type CompositeExpectation,
  judgeComposite,
  judgeCompositeError,
  scheduleQuestion,
} from "../../../lib/profile/compliance/verify-composite.ts";

const EXPECTED: CompositeExpectation = { limitA: 13.5, safeA: 6, leaseLeftS: 178, rateUnit: "A", phases: 3 };

const answer = (periods: [unknown, unknown][], unit: string | null = "A"): Record<string, unknown> => ({
  status: "Accepted",
  connectorId: 1,
  scheduleStart: "2026-06-01T12:00:00Z",
  chargingSchedule: {
    ...(unit !== null && { chargingRateUnit: unit }),
    chargingSchedulePeriod: periods.map(([startPeriod, limit]) => ({ startPeriod, limit })),
  },
});

describe("a composite schedule", () => {
  it("is asked for on the connector, two minutes beyond the lease, in the unit of the limit", () => {
    assert.deepEqual(scheduleQuestion(2, 180, "W"), { connector: 2, durationS: 300, unit: "W" });
  });

  const judged: [string, Record<string, unknown>, Partial<CompositeExpectation>, unknown][] = [
    [
      "confirms limit and tail",
      answer([
        [0, 13.5],
        [179, 6],
      ]),
      {},
      { kind: "confirmed", tail: true },
    ],
    [
      "is read in W at 230 V per phase",
      answer(
        [
          [0, 9315],
          [179, 4140],
        ],
        "W",
      ),
      {},
      { kind: "confirmed", tail: true },
    ],
    [
      "in the unit that was asked for where it names none",
      answer([[0, 9315]], null),
      { rateUnit: "W" },
      { kind: "confirmed", tail: null },
    ],
    [
      "may be rounded by half an ampere",
      answer([
        [0, 14],
        [180, 6.4],
      ]),
      {},
      { kind: "confirmed", tail: true },
    ],
    ["contradicts a limit that is not in force", answer([[0, 32]]), {}, { kind: "contradicted", nowA: 32 }],
    ["does not say anything of the tail with one period", answer([[0, 13.5]]), {}, { kind: "confirmed", tail: null }],
    [
      "refutes a tail that ends elsewhere",
      answer([
        [0, 13.5],
        [179, 32],
      ]),
      {},
      { kind: "confirmed", tail: false },
    ],
    [
      "refutes a tail that comes too late",
      answer([
        [0, 13.5],
        [290, 6],
      ]),
      {},
      { kind: "confirmed", tail: false },
    ],
    [
      "confirms a pause that rises to the safe current",
      answer([
        [0, 0],
        [178, 6],
      ]),
      { limitA: 0 },
      { kind: "confirmed", tail: true },
    ],
    [
      "refutes a pause that rises above it",
      answer([
        [0, 0],
        [178, 16],
      ]),
      { limitA: 0 },
      { kind: "confirmed", tail: false },
    ],
    [
      "has no tail to show where the limit has none",
      answer([[0, 13.5]]),
      { safeA: null },
      { kind: "confirmed", tail: null },
    ],
    [
      "may come in text and out of order",
      answer([
        ["180", "6.0"],
        ["0", "13.5"],
      ]),
      {},
      { kind: "confirmed", tail: true },
    ],
    [
      "is not supported where it is rejected",
      { status: "Rejected" },
      {},
      { kind: "unsupported", how: "GetCompositeSchedule was rejected" },
    ],
    ["is unclear without a schedule", { status: "Accepted" }, {}, { kind: "unclear" }],
    [
      "is unclear with nonsense in it",
      answer([
        [0, "much"],
        [null, 3],
        [-5, 2],
      ]),
      {},
      { kind: "unclear" },
    ],
    ["is unclear with no status", {}, {}, { kind: "unclear" }],
  ];
  for (const [does, given, change, finding] of judged) {
    it(does, () => {
      const {
        tailS: _tailS,
        nowA,
        ...found
      } = { tailS: 0, nowA: 0, ...judgeComposite(given, { ...EXPECTED, ...change }) };
      assert.deepEqual(found.kind === "contradicted" ? { ...found, nowA } : found, finding);
    });
  }

  it("is never to be had from a charge point that does not know the message", () => {
    for (const code of ["NotSupported", "NotImplemented"])
      assert.equal(judgeCompositeError(new OcppCallError(code, "")).kind, "unsupported");
    assert.equal(judgeCompositeError(new OcppCallError("InternalError", "")).kind, "unclear");
    assert.equal(judgeCompositeError(new EvError("EV_OCPP_TIMEOUT", "late")).kind, "unclear");
  });
});
