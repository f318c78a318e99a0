import { strict as assert } from "node:assert";
import type { SunSpec } from "../../lib/metering/profile-schema.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { validateProfile, validateProfiles } from "../../lib/metering/validate-profile.ts";

type Loose = { registers: Record<string, Record<string, unknown>> } & Record<string, unknown>;

/** A valid profile after a change that its type would not allow. */
function changed(id: string, change: (profile: Loose) => void): unknown {
  const profile = structuredClone(meterProfile(id)) as unknown as Loose;
  change(profile);
  return profile;
}

const sdm630 = (change: (profile: Loose) => void) => changed("eastron-sdm630", change);
const first = (profile: unknown) => validateProfile(profile)[0] ?? "";
const power = (fields: Record<string, unknown>) =>
  first(sdm630((p) => Object.assign(p.registers["power"] ?? {}, fields)));

describe("validateProfile", () => {
  it("says what is there and what it must be", () => {
    const with_ = (fields: Record<string, unknown>) => first(sdm630((p) => Object.assign(p, fields)));
    assert.equal(with_({ functionCode: 5 }), "functionCode is 5; it must be one of 3, 4");
    assert.equal(with_({ notes: "none" }), 'notes is "none"; it must be a list in brackets');
    assert.equal(with_({ models: [] }), "models is empty; it must hold at least one entry");
    assert.match(
      with_({ id: "My meter" }),
      /^id is "My meter"; it must be small letters and digits, joined by hyphens/,
    );
    assert.equal(power({ address: 70_000 }), "registers.power.address is 70000; it must be at most 65535");
    assert.equal(power({ address: "52" }), 'registers.power.address is "52"; it must be a whole number');
    assert.match(power({ type: "float" }), /^registers\.power\.type is "float"; it must be one of uint16, .*float64$/);
    assert.match(power({ notAvailable: ["NaN"] }), /must be bits in hexadecimal, such as 0x8000/);
  });

  it("tells one fault for a value that may be null", () => {
    const faults = validateProfile(sdm630((p) => Object.assign(p["defaults"] as object, { baudRate: "9600" })));
    assert.deepEqual(faults, ['defaults.baudRate is "9600"; it must be a whole number']);
  });

  it("says which property is missing and which does not belong there, with those that do", () => {
    assert.equal(first(sdm630((p) => delete p["vendor"])), "vendor is missing");
    assert.equal(first(sdm630((p) => delete p.registers["power"]?.["address"])), "registers.power.address is missing");
    assert.match(power({ adress: 3 }), /^registers\.power\.adress is not known; known here: address, type, scale/);
  });

  it("takes anything without throwing", () => {
    for (const value of [null, undefined, 7, "x", [], {}, { registers: null }]) assert.notEqual(first(value), "");
  });

  it("refuses a value that begins inside another, also with a third between them", () => {
    const profile = sdm630((p) => {
      Object.assign(p.registers["voltageL1"] ?? {}, { type: "float64" });
      delete p.registers["voltageL3"];
    });
    assert.deepEqual(validateProfile(profile), [
      "registers.voltageL2 begins inside registers.voltageL1; check both addresses and types",
    ]);
  });

  it("lets two names stand for one value, and tables of different function codes overlap", () => {
    const same = sdm630((p) => Object.assign(p.registers["voltageL2"] ?? {}, { address: 0 }));
    assert.deepEqual(validateProfile(same), []);
    const other = sdm630((p) => Object.assign(p.registers["voltageL2"] ?? {}, { address: 1, functionCode: 3 }));
    assert.deepEqual(validateProfile(other), []);
  });

  it("refuses a value that does not fit one read or lies behind the last register", () => {
    const narrow = sdm630((p) => Object.assign(p["limits"] as object, { maxRegistersPerRead: 1 }));
    assert.match(first(narrow), /does not fit one read of 1 registers; raise limits\.maxRegistersPerRead to 2/);
    assert.match(power({ address: 65_535 }), /leaves no room for 2 registers; it must be at most 65534/);
  });

  it("refuses a scale of 0, a foreign unit, an unknown source and not-available bits of the wrong width", () => {
    assert.match(power({ scale: 0 }), /registers\.power\.scale must not be 0/);
    assert.equal(power({ unit: "V" }), 'registers.power.unit is "V"; it must be "W", with the factor in scale');
    assert.match(power({ sources: ["hearsay"] }), /names "hearsay"/);
    assert.match(power({ notAvailable: ["0xFFFF"] }), /must have 8 hexadecimal digits for float32/);
  });

  it("never lets a meter's missing value count as 0", () => {
    assert.match(power({ unavailableMeans: 0 }), /unavailableMeans is for powers of pv and batteries only/);
  });

  it("refuses a sum of registers that do not exist, anything that is no sum, and a name with two meanings", () => {
    const faultsOf = (computed: object) => validateProfile(sdm630((p) => Object.assign(p, { computed })));
    assert.deepEqual(faultsOf({ soc: "powerImport - power" }), [
      'computed.soc uses "powerImport", which is not among registers; add it there',
    ]);
    assert.match(faultsOf({ soc: "constructor" })[0] ?? "", /uses "constructor"/);
    assert.match(faultsOf({ soc: "frequency * 2" })[0] ?? "", /computed\.soc: .*not understood/);
    assert.deepEqual(faultsOf({ power: "powerL1 + powerL2" }), [
      "computed.power is among registers too; keep one of the two",
    ]);
  });

  it("refuses SunSpec models that are preferred and not described, and points outside their model", () => {
    const loose = changed("sunspec-battery-802", (profile) => {
      const { modelPreference, models } = profile["sunspec"] as SunSpec;
      modelPreference.push("803");
      Object.assign(models["124"]?.points["soc"] ?? {}, { offset: 30 });
    });
    assert.deepEqual(validateProfile(loose), [
      "sunspec names model 803, which is not among sunspec.models",
      "sunspec.models.124.points.soc lies behind the end of the model (length 24)",
    ]);
  });

  it("names the second of two profiles with one id", () => {
    const profile = meterProfile("eastron-sdm630") as MeterProfile;
    assert.deepEqual(validateProfiles([profile, profile]), [
      "eastron-sdm630: id eastron-sdm630 is taken already; choose another",
    ]);
  });
});
