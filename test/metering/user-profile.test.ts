import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { decodeRegisters } from "../../lib/metering/decode.ts";
import { planReads } from "../../lib/metering/plan.ts";
import { meterProfiles } from "../../lib/metering/profiles.ts";
import { parseUserProfile } from "../../lib/metering/user-profile.ts";
import { validateProfile } from "../../lib/metering/validate-profile.ts";

const refusal = (profile: unknown) => {
  try {
    parseUserProfile(typeof profile === "string" ? profile : JSON.stringify(profile));
  } catch (error) {
    assert.equal((error as { code?: string }).code, "EV_METER_PROFILE");
    return (error as Error).message;
  }
  return "";
};

describe("parseUserProfile", () => {
  it("needs no more than the registers", () => {
    const profile = parseUserProfile('{"registers":{"power":{"address":10,"type":"int32"}}}');
    assert.deepEqual(validateProfile(profile), []);
    assert.equal(profile.confidence, "C");
    assert.equal(profile.phases, 3);
    assert.deepEqual(planReads(profile), [{ functionCode: 3, address: 10, count: 2 }]);
    const reads = [{ functionCode: 3, address: 10, registers: [0xffff, 0xfc18] }];
    assert.equal(decodeRegisters(profile, reads).powerW, -1000);
  });

  it("takes a device that has values of L1 alone for a single-phase one", () => {
    const register = { address: 0, type: "uint16" };
    assert.equal(parseUserProfile(JSON.stringify({ registers: { currentL1: register } })).phases, 1);
    assert.equal(
      parseUserProfile(JSON.stringify({ registers: { currentL1: register, currentL2: register } })).phases,
      3,
    );
    assert.equal(parseUserProfile(JSON.stringify({ registers: { currentL1: register }, phases: 3 })).phases, 3);
  });

  it("fills in what is left out of limits and defaults, and keeps what is there", () => {
    const { limits, defaults } = parseUserProfile(
      JSON.stringify({
        registers: { soc: { address: 1, type: "uint16" } },
        limits: { maxGap: 5 },
        defaults: { unitId: 7 },
      }),
    );
    assert.equal(limits.maxGap, 5);
    assert.equal(limits.maxRegistersPerRead, 125);
    assert.equal(defaults.unitId, 7);
    assert.equal(defaults.port, 502);
  });

  it("takes every profile of the library, written as JSON", () => {
    for (const profile of meterProfiles()) {
      const auxiliary = Object.keys(profile.registers).some((name) => /^power(Ac|Dc)/.test(name));
      if (auxiliary || profile.computed?.["pvPower"]) continue;
      assert.deepEqual(parseUserProfile(JSON.stringify(profile)), profile);
    }
  });

  it("says where text is not JSON, and what is expected", () => {
    assert.match(refusal('{"registers":'), /^the profile is not JSON: /);
    assert.equal(refusal("[]"), "the profile must be an object in braces");
    assert.equal(refusal("{}"), "registers is missing");
    assert.equal(refusal({ registers: [] }), "registers is []; it must be an object in braces");
  });

  it("names every field that is wrong and the way out, five at a time", () => {
    assert.match(
      refusal({ registers: { power: { adress: 1, type: "float" } } }),
      /registers\.power\.address is missing\. registers\.power\.adress is not known; .*\. registers\.power\.type is "float"; it must be/,
    );
    const notes = Array.from({ length: 9 }, () => 1);
    assert.match(refusal({ registers: { power: { address: 1, type: "int16" } }, notes }), / \(and \d more\)$/);
  });

  it("tells a misspelt quantity from one that a sum uses", () => {
    const at = (address: number) => ({ address, type: "uint32" });
    assert.match(
      refusal({ registers: { powr: at(1) } }),
      /^registers\.powr is no quantity and no part of computed; quantities: currentL1/,
    );
    const pair = { powerImport: at(1), powerExport: at(3) };
    assert.equal(refusal({ registers: pair, computed: { power: "powerImport - powerExport" } }), "");
    assert.match(
      refusal({ registers: pair, computed: { watts: "powerImport - powerExport" } }),
      /computed\.watts is no quantity/,
    );
  });

  it("takes the example of the documentation", () => {
    const [, example = ""] = /```json\n([\s\S]+?)```/.exec(readFileSync("docs/meters.md", "utf8")) ?? [];
    const profile = parseUserProfile(example);
    assert.deepEqual(planReads(profile).length > 0, true);
  });
});

describe("docs/meters.md", () => {
  it("lists every device", () => {
    const text = readFileSync("docs/meters.md", "utf8");
    for (const { id } of meterProfiles()) assert.ok(text.includes(`\`${id}\``), id);
  });
});
