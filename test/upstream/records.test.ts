import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { SessionRecord } from "../../lib/store/books/session-types.ts";
import { endOf, reportedTag, sampleOf, startOf, statusOf } from "../../lib/upstream/records.ts";

const SESSION: SessionRecord = {
  ...{ id: "CP1-1", number: 1, closedNumber: null, chargePoint: "CP1", connector: 1, zone: null, transactionId: "1" },
  ...{ idTag: "04AB", user: "Anna", comment: "flat 3", startedWallMs: 1_780_000_000_000, endedWallMs: null },
  ...{ seenWallMs: 0, meterStartWh: 100.4, meterStopWh: null, energyWh: null, energySource: null, meterKind: null },
  ...{ pvShare: null, chargingS: 0, waitingS: 0, idleS: 0, limitedS: 0, chargeType: null, socketType: null },
  ...{ stopReason: null, flags: [] },
};

describe("What a back end is told of a charge", () => {
  it("is its energy as we have it, whatever the registers say", () => {
    const amounts = fc.double({ min: 0, max: 500_000, noNaN: true });
    fc.assert(
      fc.property(fc.option(amounts), fc.option(amounts), amounts, (meterStartWh, meterStopWh, energyWh) => {
        const record = startOf({ ...SESSION, meterStartWh }, "be", "", 0);
        const ended = { ...SESSION, meterStartWh, meterStopWh, energyWh, endedWallMs: SESSION.startedWallMs + 1000 };
        const { stop, start } = endOf(record, ended, 0);
        assert.equal(stop!.meterStop - start.meterStart, Math.round(energyWh));
        assert.ok(Number.isInteger(start.meterStart) && Number.isInteger(stop!.meterStop));
      }),
    );
  });

  it("holds no name and no remark of a holder", () => {
    const record = endOf(startOf(SESSION, "be", "", 0), { ...SESSION, endedWallMs: 1, stopReason: "Local" }, 0);
    assert.doesNotMatch(JSON.stringify(record), /Anna|flat/);
  });

  it("has the badge as it was shown, the tag that stands for all, or a word for none, in 20 characters", () => {
    assert.deepEqual(
      [reportedTag("04AB", ""), reportedTag("04AB", "ALL"), reportedTag(null, ""), reportedTag("x".repeat(30), "")],
      ["04AB", "ALL", "NO-BADGE", "x".repeat(20)],
    );
  });

  it("names a reason that OCPP knows, and Other in the place of ours", () => {
    const reason = (stopReason: string | null) =>
      endOf(startOf(SESSION, "be", "", 0), { ...SESSION, endedWallMs: 1, stopReason }, 0).stop?.reason;
    assert.deepEqual(["Local", "EVDisconnected", "superseded", null].map(reason), [
      "Local",
      "EVDisconnected",
      "Other",
      "Other",
    ]);
  });

  it("counts samples on from the start that was reported, and leaves out what is not known", () => {
    const record = startOf(SESSION, "be", "", 0);
    const message = {
      number: 1,
      backEnd: "be",
      chargePoint: "CP1",
      session: "CP1-1",
      kind: "sample",
      sent: false,
    } as const;
    const sample = { energyWh: 250.4, currentA: [10.04, null, 9.96] };
    const values = sampleOf(record, { ...message, wallMs: 0, sample })?.sampledValue;
    assert.deepEqual(
      values?.map(({ value, measurand, phase }) => [value, measurand, phase]),
      [
        ["350", "Energy.Active.Import.Register", undefined],
        ["10.0", "Current.Import", "L1"],
        ["10.0", "Current.Import", "L3"],
      ],
    );
    assert.equal(sampleOf(record, { ...message, wallMs: 0, sample: { energyWh: null, currentA: null } }), null);
  });

  it("is a pause of ours as SuspendedEVSE, and a car that is full as SuspendedEV", () => {
    const now = { isGone: false, status: "SuspendedEV", errorCode: "NoError", isPaused: true };
    assert.equal(statusOf(now).status, "SuspendedEVSE");
    assert.equal(statusOf({ ...now, isPaused: false }).status, "SuspendedEV");
    assert.equal(statusOf({ ...now, status: "Faulted", errorCode: "GroundFailure" }).errorCode, "GroundFailure");
    assert.equal(statusOf({ ...now, isGone: true }).status, "Unavailable");
  });
});
