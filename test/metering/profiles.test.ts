import { strict as assert } from "node:assert";
import { planReads } from "../../lib/metering/plan.ts";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { validateProfile, validateProfiles } from "../../lib/metering/validate-profile.ts";

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
    assert.deepEqual(validateProfiles(meterProfiles()), []);
  });

  it("are those of 68 meters, 18 grid, 16 PV and 14 battery devices and a charger", () => {
    const count = (kind: string) => meterProfiles().filter((profile) => profile.kind === kind).length;
    assert.deepEqual(["meter", "grid", "pv", "battery", "charger"].map(count), [68, 18, 16, 14, 1]);
  });

  it("are the same object each time", () => {
    assert.equal(meterProfile("siemens-pac2200"), meterProfile("siemens-pac2200"));
    assert.ok(meterProfiles().includes(meterProfile("siemens-pac2200") as MeterProfile));
  });

  it("name a source for every value, or say that it was taken by hand", () => {
    for (const { id, registers } of meterProfiles()) {
      for (const [name, { sources, verified }] of Object.entries(registers))
        assert.ok(sources.length > 0 || verified === "hand", `${id} ${name}`);
    }
  });

  it("tell which repository each source is in", () => {
    for (const { id, sources } of meterProfiles())
      assert.ok(
        Object.values(sources).every(({ repo }) => repo !== ""),
        id,
      );
  });

  it("let what is not there count as nothing only for the powers of PV and batteries", () => {
    const lenient = meterProfiles().filter(({ registers }) =>
      Object.values(registers).some(({ unavailableMeans }) => unavailableMeans !== undefined),
    );
    assert.deepEqual(
      lenient.map(({ id }) => id),
      ["goodwe-et-pv", "sma-inverter-pv", "sma-hybrid-pv", "victron-gx-pv"],
    );
  });

  it("are found by id", () => {
    assert.equal(meterProfile("siemens-pac2200")?.vendor, "Siemens");
    assert.equal(meterProfile("nothing"), undefined);
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

  it("reads nothing of a SunSpec device whose models are not found yet", () => {
    for (const profile of meterProfiles().filter(({ sunspec }) => sunspec)) assert.deepEqual(planReads(profile), []);
  });

  for (const profile of meterProfiles()) {
    it(`never splits a value of ${profile.id} nor reads more than 4, 6, 10 or 125 at once`, () => {
      for (const maxRegistersPerRead of [4, 6, 10, 125]) {
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
      }
    });
  }
});
