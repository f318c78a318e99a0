import { strict as assert } from "node:assert";
import fc from "fast-check";
import { columnsOf, rowsOf } from "../../../lib/dlm/decision-log/columns.ts";
import { difference, type JsonDelta } from "../../../lib/dlm/decision-log/json-delta.ts";
import type { JsonValue } from "../../../lib/units.ts";

describe("A list of objects by their fields", () => {
  it("has one list for each field, with a place for each object", () => {
    const rows = [
      { at: 1, meters: { "0": { tsMs: 5 } } },
      { at: 2 },
      { at: 3, meters: { "0": { tsMs: 6 }, "1": [7] } },
    ];
    assert.deepEqual(JSON.parse(JSON.stringify(columnsOf(rows))), {
      at: [1, 2, 3],
      meters: { "0": { tsMs: [5, null, 6] }, "1": [null, null, [7]] },
    });
    assert.deepEqual(rowsOf(columnsOf(rows)), rows);
  });

  it("is the same list again, through text, whatever differences are in it", () => {
    const { values } = fc.letrec<{ value: JsonValue; values: JsonValue[] }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(null, true, 0, -1.5, "a", "", [], {}),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "0", "1", "__proto__"), tie("value"), { maxKeys: 3 }),
      ),
      values: fc.array(tie("value"), { maxLength: 8 }),
    }));
    fc.assert(
      fc.property(values, (states) => {
        const rows = states.map((state, index) => {
          const change: JsonDelta | null = index === 0 ? [state] : difference(states[index - 1], state);
          return JSON.parse(JSON.stringify({ at: index, ...(change !== null && { change }) })) as JsonValue;
        });
        assert.deepEqual(rowsOf(JSON.parse(JSON.stringify(columnsOf(rows)))), rows);
      }),
    );
  });
});
