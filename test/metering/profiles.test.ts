import { strict as assert } from "node:assert";
import { planReads } from "../../lib/metering/plan.ts";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { validateProfile } from "../../lib/metering/validate-profile.ts";

function sdm630(): MeterProfile {
  return structuredClone(meterProfile("eastron-sdm630") as MeterProfile);
}

describe("Meter profiles", () => {
  for (const profile of meterProfiles()) {
    it(`${profile.id} is valid`, () => {
      assert.deepEqual(validateProfile(profile), []);
    });
  }

  it("have ids of their own", () => {
    const ids = meterProfiles().map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("are found by id", () => {
    assert.equal(meterProfile("siemens-pac2200")?.vendor, "Siemens");
    assert.equal(meterProfile("nothing"), undefined);
  });
});

describe("validateProfile", () => {
  it("names the field and the values allowed", () => {
    const [fault] = validateProfile({ ...sdm630(), functionCode: 5 });
    assert.match(fault ?? "", /^functionCode .*: 3, 4$/);
  });

  it("says which property is missing and which does not belong there", () => {
    const { vendor: _, ...withoutVendor } = sdm630();
    assert.match(validateProfile(withoutVendor).join(), /vendor/);
    assert.match(validateProfile({ ...sdm630(), colour: "red" }).join(), /colour/);
  });

  it("takes anything without throwing", () => {
    for (const value of [null, undefined, 7, "x", [], {}]) assert.notEqual(validateProfile(value).length, 0);
  });

  it("refuses a value that begins inside another", () => {
    const profile = sdm630();
    (profile.registers["voltageL2"] as { address: number }).address = 1;
    assert.deepEqual(validateProfile(profile), ["registers.voltageL2 begins inside registers.voltageL1"]);
  });

  it("refuses a value that does not fit one read", () => {
    const profile = sdm630();
    profile.limits.maxRegistersPerRead = 1;
    assert.match(validateProfile(profile)[0] ?? "", /does not fit one read of 1 registers/);
  });

  it("refuses a scale of 0, an unknown source and a sentinel of the wrong width", () => {
    const profile = sdm630();
    Object.assign(profile.registers["power"] as object, { scale: 0, sources: ["hearsay"], notAvailable: ["0xFFFF"] });
    const faults = validateProfile(profile).join("\n");
    assert.match(faults, /registers\.power\.scale must not be 0/);
    assert.match(faults, /names "hearsay"/);
    assert.match(faults, /must have 8 hexadecimal digits/);
  });

  it("refuses a sum of registers that do not exist, and anything that is no sum", () => {
    const profile = { ...sdm630(), computed: { power: "powerImport - power", frequency: "frequency * 2" } };
    const faults = validateProfile(profile);
    assert.equal(faults[0], 'computed.power uses "powerImport", which is not among registers');
    assert.match(faults[1] ?? "", /computed\.frequency: .*not understood/);
  });
});

describe("planReads", () => {
  const plan = (id: string, group?: "fast" | "slow") =>
    planReads(meterProfile(id) as MeterProfile, group ? { group } : {}).map(({ functionCode, address, count }) => [
      functionCode,
      address,
      count,
    ]);

  it("reads currents and powers of an SDM630 in two blocks", () => {
    assert.deepEqual(plan("eastron-sdm630", "fast"), [
      [4, 6, 12],
      [4, 52, 2],
    ]);
    assert.deepEqual(plan("eastron-sdm630", "slow"), [
      [4, 0, 6],
      [4, 30, 6],
      [4, 62, 14],
    ]);
  });

  it("reads both tariffs of a PAC2200's energies in one block", () => {
    assert.deepEqual(plan("siemens-pac2200", "fast"), [
      [3, 13, 18],
      [3, 65, 2],
    ]);
    assert.deepEqual(plan("siemens-pac2200", "slow"), [
      [3, 1, 6],
      [3, 37, 34],
      [3, 801, 16],
    ]);
  });

  it("reads an iEM3x55 whole when no group is asked for", () => {
    assert.deepEqual(plan("schneider-iem3x55"), [
      [3, 2999, 86],
      [3, 3109, 2],
      [3, 3203, 8],
    ]);
  });

  it("spans no hole when told so", () => {
    const profile = meterProfile("eastron-sdm630") as MeterProfile;
    assert.deepEqual(
      planReads(profile, { group: "slow", maxGap: 0 }).map(({ address, count }) => [address, count]),
      [
        [0, 6],
        [30, 6],
        [62, 2],
        [70, 6],
      ],
    );
  });

  it("reads fast what a fast value is computed from", () => {
    const profile = sdm630();
    delete profile.registers["power"];
    const { sources, verified } = profile.registers["voltageL1"] as { sources: string[]; verified: "full" };
    const half = { type: "uint32", scale: 1, unit: "W", sources, verified } as const;
    profile.registers["powerImport"] = { address: 300, ...half };
    profile.registers["powerExport"] = { address: 302, ...half };
    profile.computed = { power: "powerImport - powerExport" };
    assert.deepEqual(planReads(profile, { group: "fast" }).at(-1), { functionCode: 4, address: 300, count: 4 });
  });

  it("keeps function codes apart", () => {
    const profile = sdm630();
    Object.assign(profile.registers["currentL2"] as object, { functionCode: 3 });
    assert.deepEqual(
      planReads(profile, { group: "fast" }).map(({ functionCode, address, count }) => [functionCode, address, count]),
      [
        [3, 8, 2],
        [4, 6, 12],
        [4, 52, 2],
      ],
    );
  });

  for (const profile of meterProfiles()) {
    for (const maxRegistersPerRead of [4, 6, 10, 125]) {
      it(`never splits a value of ${profile.id} nor reads more than ${maxRegistersPerRead} at once`, () => {
        const narrow = { ...profile, limits: { ...profile.limits, maxRegistersPerRead } };
        const blocks = planReads(narrow);
        assert.ok(blocks.every(({ count }) => count <= maxRegistersPerRead));
        for (const { address, type } of Object.values(narrow.registers)) {
          const words = Number(type.replace(/\D+/, "")) / 16;
          const whole = blocks.filter(
            (block) => block.address <= address && block.address + block.count >= address + words,
          );
          assert.equal(whole.length, 1, `register ${address}`);
        }
      });
    }
  }
});
