import { strict as assert } from "node:assert";
import type { TSchema } from "typebox";
import { checkInbound, printable, strictFault } from "../../../lib/ocpp/rpc/validate.ts";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";

function requestOf(action: string): TSchema {
  const spec = ACTIONS.get(action);
  assert.ok(spec);
  return spec.request;
}

function verdict(action: string, payload: unknown): string {
  const result = checkInbound(requestOf(action), payload);
  return result.accepted ? (result.deviation ?? "accepted") : result.code;
}

const timestamp = "2026-06-01T12:00:00Z";
const sample = (members: object) => ({
  connectorId: 1,
  meterValue: [{ timestamp, sampledValue: [{ value: "1", ...members }] }],
});

describe("ocpp inbound check", () => {
  for (const [what, action, payload, code] of [
    ["a payload that is an array", "Heartbeat", [], "FormationViolation"],
    ["a payload that is text", "Heartbeat", "x", "FormationViolation"],
    ["a missing member", "Authorize", {}, "OccurenceConstraintViolation"],
    ["a member that is null where it must be", "Authorize", { idTag: null }, "OccurenceConstraintViolation"],
    ["a number as idTag", "Authorize", { idTag: 5 }, "TypeConstraintViolation"],
    ["text as connectorId", "MeterValues", { connectorId: "1", meterValue: [] }, "TypeConstraintViolation"],
    ["an object where a list belongs", "MeterValues", { connectorId: 1, meterValue: {} }, "TypeConstraintViolation"],
    [
      "an unknown status",
      "StatusNotification",
      { connectorId: 1, status: "Occupied", errorCode: "NoError" },
      "PropertyConstraintViolation",
    ],
    [
      "an unknown errorCode",
      "StatusNotification",
      { connectorId: 1, status: "Faulted", errorCode: "groundFailure" },
      "PropertyConstraintViolation",
    ],
  ] as const) {
    it(`refuses ${what} with ${code}`, () => assert.equal(verdict(action, payload), code));
  }

  for (const [what, action, payload, deviation] of [
    [
      "a serial number of 33 characters",
      "BootNotification",
      { chargePointVendor: "v", chargePointModel: "m", chargePointSerialNumber: "9".repeat(33) },
      /chargePointSerialNumber must not have more than 25 characters/,
    ],
    ["an idTag of 21 characters", "Authorize", { idTag: "1".repeat(21) }, /idTag/],
    ["a member of a later version", "Heartbeat", { customData: 1 }, /payload must not have customData/],
    [
      "a member that is null where it may be absent",
      "StatusNotification",
      { connectorId: 1, status: "Available", errorCode: "NoError", info: null },
      /info/,
    ],
    [
      "an unknown measurand",
      "MeterValues",
      sample({ measurand: "Power.Total" }),
      /measurand must be one of Current.Export/,
    ],
    ["an unknown unit", "MeterValues", sample({ unit: "Deg" }), /unit/],
    ["a value that is a number", "MeterValues", sample({ value: 230.5 }), /value must be string/],
    ["a list without samples", "MeterValues", { connectorId: 1, meterValue: [] }, /meterValue/],
    [
      "local time without a zone",
      "StopTransaction",
      { meterStop: 5, timestamp: "2026-06-01 12:00:00", transactionId: 1 },
      /timestamp/,
    ],
    [
      "a meter start with a fraction",
      "StartTransaction",
      { connectorId: 1, idTag: "t", meterStart: 12.5, timestamp },
      /meterStart/,
    ],
    [
      "a start on connector 0",
      "StartTransaction",
      { connectorId: 0, idTag: "t", meterStart: 1, timestamp },
      /connectorId/,
    ],
    ["an unknown reason", "StopTransaction", { meterStop: 5, timestamp, transactionId: 1, reason: "Fire" }, /reason/],
    ["a member named __proto__", "Heartbeat", JSON.parse('{"__proto__":{"a":1}}'), /__proto__/],
  ] as const) {
    it(`takes ${what}, and says so`, () => assert.match(verdict(action, payload), deviation));
  }

  it("takes both spellings of Celsius, NaN and empty values without a word", () => {
    for (const members of [
      { unit: "Celsius" },
      { unit: "Celcius" },
      { value: "NaN" },
      { value: "" },
      { value: "230,5" },
    ]) {
      assert.equal(verdict("MeterValues", sample(members)), "accepted");
    }
  });

  it("takes transaction -1 and times with fractions and offsets without a word", () => {
    for (const time of ["2026-06-01T12:00:00.123456+02:00", "1970-01-01T00:00:00Z", "2099-12-31T23:59:59-0130"]) {
      assert.equal(verdict("StopTransaction", { meterStop: 5, timestamp: time, transactionId: -1 }), "accepted");
    }
  });

  it("hands on numbers as text where text belongs, and no nulls", () => {
    const payload = { vendorId: "v", messageId: null, data: { a: [1] } };
    const result = checkInbound(requestOf("DataTransfer"), payload);
    assert.ok(result.accepted);
    assert.deepEqual(result.payload, { vendorId: "v", data: '{"a":[1]}' });
  });

  it("removes a member named __proto__ at any level", () => {
    const payload: unknown = JSON.parse(
      `{"connectorId":1,"meterValue":[{"timestamp":"${timestamp}","__proto__":{"a":1},"sampledValue":[{"value":"1"}]}]}`,
    );
    const result = checkInbound(requestOf("MeterValues"), payload);
    assert.ok(result.accepted);
    const [first] = result.payload["meterValue"] as object[];
    assert.ok(first && !Object.hasOwn(first, "__proto__"));
  });

  it("cuts a text that is far beyond its length, so that nothing can be filled with it", () => {
    const longest = (action: string, payload: object, member: string): number => {
      const result = checkInbound(requestOf(action), payload);
      assert.ok(result.accepted);
      return String(result.payload[member]).length;
    };
    assert.equal(longest("Authorize", { idTag: "x".repeat(250) }, "idTag"), 250);
    assert.equal(longest("Authorize", { idTag: "x".repeat(250_000) }, "idTag"), 255);
    const status = { connectorId: 1, status: "Faulted", errorCode: "OtherError", info: "x".repeat(250_000) };
    assert.equal(longest("StatusNotification", status, "info"), 255);
    assert.equal(longest("SignCertificate", { csr: "x".repeat(250_000) }, "csr"), 4 * 5500);
    assert.equal(longest("DataTransfer", { vendorId: "v".repeat(256), data: "x".repeat(2000) }, "data"), 2000);
  });

  it("does not word a deviation that nobody asks for", () => {
    const result = checkInbound(requestOf("Authorize"), { idTag: "1".repeat(21) }, () => false);
    assert.ok(result.accepted && result.deviation === null);
  });
});

describe("ocpp outbound check", () => {
  it("names the member and its fault", () => {
    assert.match(strictFault(requestOf("Reset"), { type: "Warm" }) ?? "", /^type must be one of Hard, Soft$/);
    assert.match(strictFault(requestOf("Reset"), []) ?? "", /^payload must be object$/);
    assert.match(strictFault(requestOf("Reset"), { type: "Soft", x: 1 }) ?? "", /^payload must not have x$/);
    assert.match(
      strictFault(requestOf("SetChargingProfile"), { connectorId: 1, csChargingProfiles: { stackLevel: -1 } }) ?? "",
      /csChargingProfiles must have required properties/,
    );
  });

  it("accepts a leased profile", () => {
    const csChargingProfiles = {
      chargingProfileId: 2,
      stackLevel: 1,
      chargingProfilePurpose: "TxProfile",
      chargingProfileKind: "Absolute",
      transactionId: 12,
      chargingSchedule: {
        startSchedule: timestamp,
        chargingRateUnit: "A",
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 13.5 },
          { startPeriod: 240, limit: 6 },
        ],
      },
    };
    assert.equal(strictFault(requestOf("SetChargingProfile"), { connectorId: 1, csChargingProfiles }), null);
  });
});

describe("a peer's words in a log", () => {
  it("stay on one line and short", () => {
    assert.equal(printable("a\nb\u202Ec"), "a\\u000ab\\u202ec");
    assert.equal(printable("x".repeat(1000)).length, 301);
  });
});
