import { strict as assert } from "node:assert";
import { keyNamed, valueProblem } from "../../lib/maintenance/value-check.ts";
import { modelProfiles } from "../../lib/station/capabilities/models/index.ts";
import { knownKeys } from "../../lib/station/capabilities/models/known-keys.ts";

describe("The value of a configuration key", () => {
  for (const [type, range, value, problem] of [
    ["integer", "0..100", "50", null],
    ["integer", "0..100", " 100 ", null],
    ["integer", "0..100", "101", "a number from 0 to 100"],
    ["integer", "0..100", "-1", "a number from 0 to 100"],
    ["integer", "1..", "0", "a number of at least 1"],
    ["integer", "1..", "86400", null],
    ["integer", null, "1.5", "a whole number"],
    ["integer", null, "", "a whole number"],
    ["boolean", null, "True", null],
    ["boolean", null, "yes", "true or false"],
    [null, "true|false", "1", "true or false"],
    [null, "6..32", "", "a number from 6 to 32"],
    [null, "1.5..1.6", "1.55", null],
    [null, "0..main fuse", "9999", null],
    [null, "0..main fuse", "-3", "a number of at least 0"],
    [null, "at most 20 characters", "x".repeat(21), "at most 20 characters long"],
    ["list", "measurands", "anything", null],
    ["text", "32 to 40 hexadecimal digits", "zz", null],
    [null, null, "", null],
  ] as const) {
    it(`${JSON.stringify(value)} of ${type ?? "any type"}, ${range ?? "any range"}: ${problem ?? "nothing against it"}`, () => {
      assert.equal(valueProblem({ type, range }, value), problem);
    });
  }

  it("is judged by the key's name in any letter case", () => {
    assert.equal(keyNamed(knownKeys(null), " heartbeatinterval ")?.key, "HeartbeatInterval");
    assert.equal(keyNamed(knownKeys(null), "nothing"), undefined);
  });

  it("can be right for every key that may be written, of every model", () => {
    const examples = ["0", "1", "2", "6", "15", "20", "60", "6000", "true", "1.5", "text"];
    for (const profile of modelProfiles()) {
      for (const known of knownKeys(profile).filter(({ access }) => access !== "ro")) {
        assert.ok(
          examples.some((value) => valueProblem(known, value) === null),
          `${profile.id} ${known.key} (${known.range})`,
        );
      }
    }
  });
});
