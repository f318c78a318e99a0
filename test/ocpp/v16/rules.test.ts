import { strict as assert } from "node:assert";
import { pathText } from "../../../lib/ocpp/rpc/field.ts";
import { ruleProblems } from "../../../lib/ocpp/v16/rules.ts";

const profile = (own: object = {}, periods: object[] = [{ startPeriod: 0, limit: 6 }]) => ({
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: "TxDefaultProfile",
  chargingProfileKind: "Absolute",
  chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: periods },
  ...own,
});
const set = (connectorId: number, own: object = {}, periods?: object[]) => ({
  connectorId,
  csChargingProfiles: profile(own, periods),
});
const start = (own?: object) => ({ idTag: "T", ...(own && { chargingProfile: profile(own) }) });
const list = (updateType: string, ...localAuthorizationList: object[]) => ({
  listVersion: 1,
  updateType,
  localAuthorizationList,
});
const info = { idTagInfo: { status: "Accepted" } };
const at = "csChargingProfiles";
const stepsAt = `${at}.chargingSchedule.chargingSchedulePeriod`;

describe("how the fields of a request go together", () => {
  for (const [what, action, request, path] of [
    ["a default profile", "SetChargingProfile", set(1), null],
    ["a default profile for every connector (errata 3.53)", "SetChargingProfile", set(0), null],
    [
      "a station limit on connector 0",
      "SetChargingProfile",
      set(0, { chargingProfilePurpose: "ChargePointMaxProfile" }),
      null,
    ],
    [
      "a station limit on a connector",
      "SetChargingProfile",
      set(1, { chargingProfilePurpose: "ChargePointMaxProfile" }),
      "connectorId",
    ],
    [
      "a transaction's profile on connector 0",
      "SetChargingProfile",
      set(0, { chargingProfilePurpose: "TxProfile" }),
      "connectorId",
    ],
    [
      "a first step that is not at 0 (errata 3.45)",
      "SetChargingProfile",
      set(1, {}, [{ startPeriod: 5, limit: 6 }]),
      `${stepsAt}[0].startPeriod`,
    ],
    [
      "steps out of order",
      "SetChargingProfile",
      set(1, {}, [
        { startPeriod: 0, limit: 6 },
        { startPeriod: 60, limit: 8 },
        { startPeriod: 60, limit: 6 },
      ]),
      `${stepsAt}[2].startPeriod`,
    ],
    [
      "a recurring profile without its rhythm",
      "SetChargingProfile",
      set(1, { chargingProfileKind: "Recurring" }),
      `${at}.recurrencyKind`,
    ],
    [
      "a rhythm for a profile that does not recur (errata 3.56)",
      "SetChargingProfile",
      set(1, { recurrencyKind: "Daily" }),
      `${at}.recurrencyKind`,
    ],
    [
      "a recurring profile",
      "SetChargingProfile",
      set(1, { chargingProfileKind: "Recurring", recurrencyKind: "Daily" }),
      null,
    ],
    [
      "a profile that ends before it begins",
      "SetChargingProfile",
      set(1, { validFrom: "2030-01-02T00:00:00Z", validTo: "2030-01-01T00:00:00Z" }),
      `${at}.validTo`,
    ],
    ["a start without a profile", "RemoteStartTransaction", start(), null],
    ["a start with its profile", "RemoteStartTransaction", start({ chargingProfilePurpose: "TxProfile" }), null],
    ["a start with another profile", "RemoteStartTransaction", start({}), "chargingProfile.chargingProfilePurpose"],
    [
      "a start that names a transaction (errata 3.41)",
      "RemoteStartTransaction",
      start({ chargingProfilePurpose: "TxProfile", transactionId: 1 }),
      "chargingProfile.transactionId",
    ],
    ["a full list of badges", "SendLocalList", list("Full", { idTag: "A", ...info }), null],
    [
      "a full list with a badge of which nothing is said (§7.1)",
      "SendLocalList",
      list("Full", { idTag: "A" }),
      "localAuthorizationList[0].idTagInfo",
    ],
    ["a removal in a differential list", "SendLocalList", list("Differential", { idTag: "A" }), null],
    [
      "a badge twice, in other letters",
      "SendLocalList",
      list("Differential", { idTag: "A" }, { idTag: "a" }),
      "localAuthorizationList[1].idTag",
    ],
    [
      "a log that ends before it begins",
      "GetDiagnostics",
      { location: "ftp://x", startTime: "2030-01-02T00:00:00Z", stopTime: "2030-01-01T00:00:00Z" },
      "stopTime",
    ],
    ["an action without such rules", "Reset", { type: "Soft" }, null],
    ["no request at all", "SetChargingProfile", null, null],
  ] as const) {
    it(`${path === null ? "allows" : "refuses"} ${what}`, () => {
      const problems = ruleProblems(action, request).map((problem) => pathText(problem.path));
      assert.deepEqual(problems, path === null ? [] : [path]);
    });
  }
});
