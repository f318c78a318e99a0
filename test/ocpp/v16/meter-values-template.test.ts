import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseFrame } from "../../../lib/ocpp/rpc/frame.ts";
import { strictFault } from "../../../lib/ocpp/rpc/validate.ts";
import { meterValuesRequest } from "../../../lib/ocpp/v16/meter-values.ts";
import { MeterValuesTemplate } from "../../../lib/ocpp/v16/meter-values-template.ts";
import { cases } from "../../full.ts";

interface Values {
  id?: string | number;
  transactionId?: number;
  timestamp?: string;
  values?: string[];
}

/** As a charger sends them twice a minute. */
function textOf({ id = "a", transactionId = 7, timestamp = "2026-06-01T12:00:00Z", values = ["15.9", "230"] }: Values) {
  const [current, voltage] = values;
  const sampledValue = [
    { value: current, context: "Sample.Periodic", measurand: "Current.Import", phase: "L1", unit: "A" },
    { value: voltage, context: "Sample.Periodic", measurand: "Voltage", phase: "L1-N", unit: "V" },
  ];
  return JSON.stringify([
    2,
    id,
    "MeterValues",
    { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue }] },
  ]);
}

const templateOf = (text: string) => MeterValuesTemplate.of(text, () => undefined);

/** What parsing says of a frame that is exactly as the specification has it; null for all others. */
function parsed(text: string): { id: string | number; payload: unknown } | null {
  const frame = parseFrame(text);
  if (frame.type !== "call" || frame.action !== "MeterValues") return null;
  return strictFault(meterValuesRequest, frame.payload) === null ? { id: frame.id, payload: frame.payload } : null;
}

describe("ocpp meter values, the template of a message", () => {
  const template = templateOf(textOf({}))!;

  for (const [what, values] of [
    ["another id", { id: "0b6a1c2e-7d5f-4a51-9f0a-3f1f2b0a9c11" }],
    ["another transaction", { transactionId: -12345 }],
    ["another time, with a fraction and an offset", { timestamp: "2027-01-01T00:00:00.123+02:00" }],
    ["other values, of other lengths", { values: ["", "-0.00012 kV ü"] }],
  ] as const) {
    it(`reads a message with ${what}`, () => {
      const text = textOf({ ...values, values: [...(("values" in values && values.values) || ["1", "2"])] });
      assert.deepEqual(template.read(text), parsed(text));
      assert.notEqual(template.read(text), null);
    });
  }

  for (const [what, text] of [
    ["a number as a value", textOf({}).replace('"15.9"', "15.9")],
    ["an escape in a value", textOf({ values: ['1"2', "230"] })],
    ["a control character in a value", textOf({}).replace("15.9", "15\n9")],
    ["a time that is none", textOf({ timestamp: "yesterday" })],
    ["a fraction as a transaction", textOf({ transactionId: 1.5 })],
    ["a number with a zero in front", textOf({ transactionId: 5 }).replace(":5", ":05")],
    ["an id that is a number where it was a text", textOf({ id: 3 })],
    ["another unit", textOf({}).replace('"V"', '"kV"')],
    ["a member more", textOf({}).replace('"unit":"V"', '"unit":"V","location":"Body"')],
    ["a member twice", textOf({}).replace('"connectorId":1', '"connectorId":1,"connectorId":2')],
    ["something behind it", `${textOf({})} 1`],
    ["another action", textOf({}).replace("MeterValues", "Heartbeat")],
    ["half of it", textOf({}).slice(0, 150)],
    ["an answer's type", textOf({}).replace("[2", "[3")],
  ] as const) {
    it(`leaves ${what} to be parsed`, () => assert.equal(template.read(text), null));
  }

  for (const [what, text] of [
    ["has a member twice", textOf({}).replace('"connectorId":1', '"connectorId":1,"connectorId":1')],
    ["has a value twice", textOf({}).replace('"value":"15.9"', '"value":"15.9","value":"15.9"')],
    ["has an escape in it", textOf({ values: ["1\\2", "3"] })],
    ["has no array around it", textOf({}).slice(1, -1)],
    ["is very long", textOf({ values: ["1".repeat(5000), "3"] })],
    ["has a unit of its own", textOf({}).replace('"V"', '"furlong"')],
    ["has a member without a value", textOf({}).replace('"unit":"V"', '"unit":null')],
    ["has very many values", textOf({}).replace(/"sampledValue":\[/, `$&${'{"value":"1"},'.repeat(60)}`)],
    ["is no CALL", textOf({}).replace("[2", "[3")],
    ["has a transaction that is spelt in another way", textOf({}).replace(":7", ":7.0")],
  ] as const) {
    it(`is not made of a message that ${what}`, () => assert.equal(templateOf(text), null));
  }

  it("is made of messages with white space, a number as id, several moments, and what stands behind the payload", () => {
    const request = { connectorId: 0, meterValue: [1, 2].map(() => JSON.parse(textOf({}))[3].meterValue[0]) };
    for (const text of [
      ` [2 ,\n17, "MeterValues" , ${JSON.stringify(request, null, 2)} ] `,
      `[2,"a","MeterValues",${JSON.stringify(request)},{}]`,
    ]) {
      assert.deepEqual(templateOf(text)?.read(text), parsed(text));
    }
  });

  it("is taken from those that are known", () => {
    const taken = MeterValuesTemplate.of(textOf({ id: "b" }), (key) => (key === template.key ? template : undefined));
    assert.equal(taken, template);
  });

  it("gives each message objects of its own", () => {
    const [first, second] = [template.read(textOf({}))!, template.read(textOf({}))!];
    const sampled = (frame: typeof first) => (frame.payload["meterValue"] as { sampledValue: object[] }[])[0]!;
    assert.notEqual(sampled(first), sampled(second));
    assert.notEqual(sampled(first).sampledValue[0], sampled(second).sampledValue[0]);
  });

  it("says of any message what parsing says, or nothing, however a message was changed that it was made of", () => {
    const word = fc.constantFrom("Sample.Periodic", "Voltage", "L1", "A", "Outlet", "Raw");
    const value = fc.oneof(fc.constantFrom("", "0", "16.0", "1e3", "NaN", "-1"), fc.string({ maxLength: 8 }));
    const sampled = fc.record(
      { value, context: fc.constant("Sample.Periodic"), measurand: fc.constant("Voltage"), unit: fc.constant("V") },
      { requiredKeys: ["value"] },
    );
    const timestamp = fc.constantFrom("2026-06-01T12:00:00Z", "2026-06-01t12:00:00.5+0200", "1970");
    const moment = fc
      .tuple(timestamp, fc.array(sampled, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([time, values, isLast]) =>
        isLast ? { sampledValue: values, timestamp: time } : { timestamp: time, sampledValue: values },
      );
    const request = fc.record(
      {
        connectorId: fc.nat(3),
        transactionId: fc.constantFrom(-1, 0, 12345, 1.5),
        meterValue: fc.array(moment, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ["connectorId", "meterValue"] },
    );
    const message = fc
      .tuple(fc.oneof(fc.string({ maxLength: 4 }), fc.nat(99)), request, fc.constantFrom(0, 1))
      .map(([id, payload, indent]) => JSON.stringify([2, id, "MeterValues", payload], null, indent));
    const change = fc.record({
      at: fc.nat(600),
      out: fc.nat(3),
      into: fc.oneof(word, fc.string({ maxLength: 3 }), fc.constantFrom('"', ",", "}", "]", "0", "\\u0041", "\n")),
    });
    fc.assert(
      fc.property(message, fc.array(change, { maxLength: 2 }), message, (text, changes, other) => {
        const made = templateOf(text);
        if (!made) return;
        const changed = changes.reduce((before, { at, out, into }) => {
          const place = at % (before.length + 1);
          return before.slice(0, place) + into + before.slice(place + out);
        }, text);
        for (const tried of [text, changed, other]) {
          const read = made.read(tried);
          if (read) assert.deepEqual(read, parsed(tried), tried);
          if (tried.length < made.leastLength) assert.equal(read, null);
        }
        assert.deepEqual(made.read(text), parsed(text));
      }),
      { numRuns: cases(1000, 5000) },
    );
  });
});
