import { strict as assert } from "node:assert";
import type { Field } from "../../../lib/ocpp/rpc/field.ts";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";
import { skeleton, toIso, toLocal, typedValue, withValue } from "../../../nodes/editor/charge-point/payload-value.ts";

const fieldOf = (action: string, ...path: string[]): Field =>
  path.reduce((field, name) => field.properties![name]!, ACTIONS.get(action)!.request as Field);

describe("the values behind a form", () => {
  it("start with what must be there, as far as there is an obvious value", () => {
    assert.deepEqual(skeleton(fieldOf("SetChargingProfile")), {
      connectorId: 0,
      csChargingProfiles: {
        stackLevel: 0,
        chargingSchedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 0 }] },
      },
    });
    assert.deepEqual(skeleton(fieldOf("GetConfiguration", "key")), []);
    assert.deepEqual(skeleton(fieldOf("ReserveNow")), { connectorId: 0, idTag: "" });
  });

  it("are put and taken away at any depth, without a change to what was", () => {
    const payload = { a: [{ b: 1 }, { b: 2 }] };
    assert.deepEqual(withValue(payload, ["a", 1, "b"], 3), { a: [{ b: 1 }, { b: 3 }] });
    assert.deepEqual(withValue(payload, ["a", 0], undefined), { a: [{ b: 2 }] });
    assert.deepEqual(withValue(payload, ["a", 0, "b"], undefined), { a: [{}, { b: 2 }] });
    assert.deepEqual(withValue(payload, ["c", "d"], 1), { ...payload, c: { d: 1 } });
    assert.deepEqual(payload, { a: [{ b: 1 }, { b: 2 }] });
    assert.deepEqual(withValue({}, ["__proto__"], 1), JSON.parse('{"__proto__":1}'));
  });

  it("are numbers where they can be, stay as typed where not, and are left out when empty", () => {
    const number = fieldOf("UnlockConnector", "connectorId");
    assert.equal(typedValue(number, " 2 ", true), 2);
    assert.equal(typedValue(number, "two", true), "two");
    assert.equal(typedValue(number, "", true), undefined);
    assert.equal(typedValue(fieldOf("Reset", "type"), "", true), undefined);
    assert.equal(typedValue(fieldOf("ChangeConfiguration", "value"), "", true), "");
    assert.equal(typedValue(fieldOf("ChangeConfiguration", "value"), " 10", true), " 10");
    assert.equal(typedValue(fieldOf("DataTransfer", "messageId"), "", false), undefined);
  });

  it("show times by the reader's clock and keep them as UTC", () => {
    const local = toLocal("2030-06-01T12:00:00+02:00");
    assert.equal(toIso(local!), "2030-06-01T10:00:00Z");
    assert.equal(toLocal("tomorrow"), null);
    assert.equal(toIso(""), "");
  });
});
