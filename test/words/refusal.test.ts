import { strict as assert } from "node:assert";
import { readInput } from "../../lib/dlm/inputs/input.ts";
import { EvError, invalid } from "../../lib/errors.ts";
import { readSessionRequest } from "../../lib/session/sessions/session-request.ts";
import { refusalText } from "../../lib/words/refusal.ts";
import { LANGUAGES } from "../../lib/words/types.ts";

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

describe("what somebody at a dashboard is told of an error", () => {
  const decide = (payload: object) => () => readInput({ topic: "override", payload });
  const found = (payload: object) => () => readSessionRequest({ topic: "sessions/rows", payload }, "", 0);
  const rows: [string, () => unknown, RegExp][] = [
    ["no change", decide({ target: "CP1/1", reason: "x" }), /^Choose something to change/],
    ["no place", decide({ limitA: 8, reason: "x" }), /^Choose where/],
    ["no reason", decide({ target: "CP1/1", limitA: 8 }), /^Say why/],
    ["no limit", decide({ target: "CP1/1", limitA: "much", reason: "x" }), /^The limit must be a number/],
    ["too long", decide({ target: "CP1/1", limitA: 8, hours: 1000, reason: "x" }), /at most 168 hours/],
    ["reversed days", found({ from: "2026-06-02", to: "2026-06-01" }), /^The first day is after the last day/],
    ["no day", found({ from: "2026-02-31" }), /^The first day is not in the calendar/],
  ];
  for (const [what, act, said] of rows)
    it(`names what is wrong: ${what}`, () => assert.match(refusalText("en-US", thrownBy(act)), said));

  it("has neither a field nor a code in it, in no language", () => {
    const errors = [
      ...rows.map(([, act]) => thrownBy(act)),
      invalid("payload.shelf[2].deep", "anything else", { much: "of it" }),
      new EvError("EV_ROLE_DENIED", "override: user ana has the role viewer; it takes operator"),
      new TypeError("cannot read properties of undefined"),
    ];
    for (const language of LANGUAGES)
      for (const error of errors) assert.doesNotMatch(refusalText(language, error), /payload|topic|EV_|undefined|[{}]/);
  });
});
