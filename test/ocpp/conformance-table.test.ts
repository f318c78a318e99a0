import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROWS } from "../e2e/conformance/table.ts";
import { TIMED } from "../e2e/conformance/timed-rows.ts";

/** Cases of the compliance tool that a central system of OCPP 1.6J has to pass. */
const CASES =
  "001 003 004_1 004_2 005_1 007 010 011_1 011_2 012 013 014 017_1 017_2 018_1 019_1 019_2 021 023_1 023_2 023_3 024 026 028 030 031 " +
  "032_1 037_1 037_3 039 040_1 040_2 042_1 042_2 043_1 043_3 043_4 043_5 044_1 044_2 044_3 045_1 045_2 046 047 048_1 048_2 048_3 " +
  "048_4 049 051 052 053 054 055 056 057 059 061 064 066 067 073 074 075_1 075_2 076 077 078 079 080 081 083 085 086 087 088";

describe("the conformance table", () => {
  const ids = [...ROWS, ...TIMED].flatMap(({ id }) => id.split(", "));

  it("has every case of the compliance tool", () => {
    assert.deepEqual(
      CASES.split(" ").filter((number) => !ids.includes(`TC_${number}`)),
      [],
    );
  });

  it("names each rule once", () => {
    const rules = ROWS.map(({ id, rule }) => `${id}: ${rule}`);
    assert.deepEqual(
      rules.filter((rule, index) => rules.indexOf(rule) !== index),
      [],
    );
  });

  it("knows by file and title the tests of what takes time", () => {
    const missing = TIMED.filter(({ file, title }) => {
      const text = readFileSync(join(import.meta.dirname, "../..", file), "utf8");
      return !text.includes(`"${title}"`);
    });
    assert.deepEqual(missing, []);
  });
});
