import { strict as assert } from "node:assert";
import { type Field, problemsOf } from "../../../lib/ocpp/rpc/field.ts";
import { checkInbound, strictFault } from "../../../lib/ocpp/rpc/validate.ts";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";
import { ENUMS, MESSAGES, type Members } from "./messages.ts";
import { least, most, type Variant, variants } from "./variants.ts";

/** OCPP-J 1.6 table 7, in its own spelling; the others are content: taken and reported. */
const REFUSED: Partial<Record<Variant["fault"], string>> = {
  missing: "OccurenceConstraintViolation",
  "wrong type": "TypeConstraintViolation",
  "wrong word": "PropertyConstraintViolation",
};

describe("a message of OCPP 1.6", () => {
  it("is one of the 39 of edition 2 and the security white paper", () => {
    assert.deepEqual([...ACTIONS.keys()].sort(), Object.keys(MESSAGES).sort());
  });

  for (const [action, [request, confirmation]] of Object.entries(MESSAGES)) {
    for (const [kind, members] of [
      ["req", request],
      ["conf", confirmation],
    ] as const) {
      describe(`${action}.${kind}`, () => {
        const schema = ACTIONS.get(action)![kind === "req" ? "request" : "response"];

        it("passes with the least and with the most that it may have", () => {
          for (const payload of [least(members), most(members)]) {
            assert.equal(strictFault(schema, payload), null);
            assert.deepEqual(checkInbound(schema, structuredClone(payload)), {
              accepted: true,
              payload,
              deviation: null,
            });
          }
        });

        it("passes with every word of its lists", () => {
          for (const [name, type] of Object.entries(members)) {
            for (const word of ENUMS[type.replace("!", "")]?.words.split(" ") ?? [])
              assert.equal(strictFault(schema, { ...least(members), [name]: word }), null, word);
          }
        });

        it("never leaves with a fault, which the form explains", () => {
          for (const { path, fault, payload } of [...variants(members), strange(members)]) {
            const what = `${path}: ${fault}`;
            assert.notEqual(strictFault(schema, payload), null, what);
            const problems = problemsOf(schema as Field, payload);
            assert.equal(problems.length, 1, what);
            assert.equal(problems[0]?.path.filter((step) => typeof step === "string").join("."), path, what);
          }
          assert.deepEqual(problemsOf(schema as Field, most(members)), []);
        });

        it("is refused for its structure and taken with other content when it comes in", () => {
          for (const { path, fault, payload } of variants(members)) {
            const outcome = checkInbound(schema, structuredClone(payload));
            const what = `${path}: ${fault}: ${JSON.stringify(outcome)}`;
            const code = outcome.accepted ? undefined : outcome.code;
            assert.equal(code, REFUSED[fault], what);
            if (outcome.accepted) assert.ok(outcome.deviation, what);
          }
        });
      });
    }
  }
});

function strange(members: Members): { path: string; fault: string; payload: object } {
  return { path: "stranger", fault: "unknown member", payload: { ...most(members), stranger: 1 } };
}
