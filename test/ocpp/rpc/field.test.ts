import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Field, lastOf, pathText, problemsOf, problemText, valueAt } from "../../../lib/ocpp/rpc/field.ts";
import { strictFault } from "../../../lib/ocpp/rpc/validate.ts";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";

const words = (action: string, payload: unknown): string[] =>
  problemsOf(ACTIONS.get(action)!.request as Field, payload).map((problem) => problemText(problem, payload));

describe("a fault of a payload, in plain words,", () => {
  for (const [action, payload, sentence] of [
    ["Reset", [], "payload is []; it must be an object"],
    ["Reset", {}, "type is missing; it must be one of Hard, Soft"],
    ["Reset", { type: 1 }, "type is 1; it must be one of Hard, Soft"],
    ["ClearCache", { now: true }, "now is true; it must be left out: there are no fields here"],
    ["UnlockConnector", { connectorId: 1.5 }, "connectorId is 1.5; it must be a whole number of at least 1"],
    ["UnlockConnector", { connectorId: Number.NaN }, "connectorId is null; it must be a whole number of at least 1"],
    ["CancelReservation", { reservationId: "7" }, 'reservationId is "7"; it must be a whole number'],
    ["GetConfiguration", { key: "HeartbeatInterval" }, 'key is "HeartbeatInterval"; it must be a list'],
    ["GetConfiguration", { key: ["a", 5] }, "key[1] is 5; it must be text of at most 50 characters"],
    [
      "RemoteStartTransaction",
      { idTag: "1".repeat(80) },
      `idTag is "${"1".repeat(56)}…; it must be text of at most 20 characters`,
    ],
    [
      "UpdateFirmware",
      { location: "https://x", retrieveDate: "tomorrow" },
      'retrieveDate is "tomorrow"; it must be a time such as 2030-01-31T08:00:00Z',
    ],
  ] as const) {
    it(`says: ${sentence.slice(0, 70)}`, () => assert.deepEqual(words(action, payload), [sentence]));
  }

  it("names nested fields and list items by their path", () => {
    const chargingSchedulePeriod = [{ startPeriod: 0, limit: -1, numberPhases: 4 }];
    const chargingSchedule = { chargingRateUnit: "A", chargingSchedulePeriod };
    const csChargingProfiles = {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Absolute",
      chargingSchedule,
    };
    const at = "csChargingProfiles.chargingSchedule.chargingSchedulePeriod";
    assert.deepEqual(words("SetChargingProfile", { connectorId: 1, csChargingProfiles }), [
      `${at}[0].limit is -1; it must be a number of at least 0 with at most one decimal`,
      `${at}[0].numberPhases is 4; it must be a whole number from 1 to 3`,
    ]);
    chargingSchedulePeriod.pop();
    assert.deepEqual(words("SetChargingProfile", { connectorId: 1, csChargingProfiles }), [
      `${at} is []; it must be a list of at least 1`,
    ]);
  });

  it("takes what every object inherits for a strange member, and nothing for a value", () => {
    assert.deepEqual(words("ClearCache", JSON.parse('{"__proto__":1}')).length, 1);
    assert.equal(valueAt({}, ["constructor", "name"]), undefined);
    assert.equal(valueAt("text", ["length"]), undefined);
    assert.deepEqual([pathText([]), lastOf([]), lastOf(["a", 1])], ["payload", "payload", 1]);
  });

  it("is found exactly where the check of what is sent finds one", () => {
    const actions = [...ACTIONS.values()].filter(({ sample }) => sample);
    const value = fc.oneof(
      fc.constantFrom("Soft", "A", "", "2030-01-01T00:00:00Z", "Full", 0, 1, -1, 6.5, 6.25),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...actions), fc.nat(), value, ({ request, sample }, which, replacement) => {
        const places = leaves(sample);
        const payload = structuredClone(sample) as object;
        put(payload, places[which % places.length] ?? [], replacement);
        const problems = problemsOf(request as Field, payload);
        assert.equal(problems.length > 0, strictFault(request, payload) !== null, JSON.stringify(payload));
      }),
      { numRuns: 2000 },
    );
  });
});

/** The path of each value that is no object or list. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

function put(payload: object, path: string[], value: unknown): void {
  const holder = path.slice(0, -1).reduce<object>((at, name) => Reflect.get(at, name) as object, payload);
  if (path.length > 0) Reflect.set(holder, path.at(-1)!, value);
}
