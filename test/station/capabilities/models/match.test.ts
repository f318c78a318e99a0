import { strict as assert } from "node:assert";
import { matchModel, modelProfile } from "../../../../lib/station/capabilities/models/index.ts";
import { findModel } from "../../../../lib/station/capabilities/models/match.ts";
import type { ModelMatch, ModelProfile } from "../../../../lib/station/capabilities/models/types.ts";

/** Vendor, model, firmware and identity as charge points say them, and the model that they are. */
const FIELD: [string | null, string | null, string | null, string, string | null][] = [
  ["ABB", "CDT_TACW22::NET_WIFI", "TAC3Z9119006710273::V1.8.21", "TACW2242222T6786", "abb-terra-ac"],
  [null, null, null, "TACW1142021G1234", "abb-terra-ac"],
  ["ABB", "Terra 54", "1.0", "DC1", null],
  ["Schneider Electric", "EVlink Smart Wallbox", "3.4.0.2", "evlink1", "schneider-evlink"],
  ["Schneider Electric", "EVlink Smart Wallbox", null, "evlink1", "schneider-evlink"],
  ["Schneider Electric", "EVlink Parking", "R5 v3.1.1-33", "evlink1", "schneider-evlink-r5"],
  ["Schneider Electric", "EVlink Parking", "R6 v3.2.0-12", "evlink1", "schneider-evlink"],
  ["Schneider Electric", "EVlink City", "2.7.4.18", "evlink1", "schneider-evlink-r5"],
  ["Schneider Electric", "EVlink Pro AC", "1.3.5", "evlink1", "schneider-evlink-pro-ac"],
  ["Schneider Electric", "EVH5A22N2S", "1.0.2", "evlink1", "schneider-evlink-pro-ac"],
  ["Bender GmbH Co. KG", "CC612_1M3PR", "4.32-4932", "+49*839*0000000001", "bender-cc"],
  ["ebee", "CC613", "5.20", "cp", "bender-cc"],
  ["Webasto", "Webasto Live", "5.22", "cp", "webasto-live"],
  ["Webasto", "Webasto Unite", "v3.187.0", "cp", "vestel-evc04"],
  ["MENNEKES", "AMTRON ChargeControl", "5.22", "cp", "mennekes-chargecontrol"],
  ["MENNEKES", "AMTRON 4Business 730", "1.5", "cp", "mennekes-acu"],
  ["JUICE TECHNOLOGY", "JUICE CHARGER me 3", "5.1", "cp", "juice-charger-me"],
  ["Etrel", "G6C1A22", "5.2.1", "209541", "etrel-inch"],
  ["Zaptec", "Zaptec Go", "2.4.2.4", "ZAP123456", "zaptec"],
  [null, null, null, "ZAP123456", "zaptec"],
  ["Easee", "Charge", "9012", "EHABC123", "easee"],
  ["Wall Box Chargers", "PLP1-0-2-4", "5.17.87", "acd067", "wallbox-fw5"],
  ["Wall Box Chargers", "CPB1-S-2-4", "6.7.38", "733419", "wallbox-fw6"],
  ["Wall Box Chargers", "PLP1-0-2-4", null, "733419", "wallbox"],
  ["go-e", "go-eCharger", "56.9", "goe123456", "go-e"],
  ["Fronius", "Wattpilot Home 11 J 2.0", "40.7", "wp", "fronius-wattpilot"],
  ["Keba AG", "KC-P30-EC2404B2", "1.17.1", "21234567", "keba"],
  ["Alfen BV", "NG910-60023", "6.4.0", "ALF_000123", "alfen"],
  ["EV-BOX", "G3-M5320E-F2", "G3P0320A0401", "EVB-P20482857", "evbox-elvi"],
  ["", "ACChargePoint", "V100R023C10SPC220", "huawei1", "huawei"],
  ["AUTEL", "MaxiCharger AC Elite", "V1.51.00", "AE0022", "autel"],
  ["Amperfied", "connect.business", "1.2", "wb4", "heidelberg-amperfied"],
  ["United Chargers", "GRS-*", "05.43", "GRS-4011002b9c", "grizzl-e"],
  ["Charge Amps AB", "Halo", "138", "2112034567M", "charge-amps"],
  ["NEcharge", "Pro", "1.0", "ne1", "necharge"],
  ["EN+", "AC EV Charger", "1.0", "cp", "en-plus"],
  ["SolaX Power", "X3-HAC-11P", "1.0", "SN100512345", "solax"],
  ["ZJBENY", "BCP-B2N-L", "1.0", "zjb", "zj-beny"],
  ["Growatt", "THOR 22AS-S", "XGJ2.1", "XGJ0000321510194", "growatt-thor"],
  ["Entratek", "Power Dot Fix", "1.0", "cp", "entratek-power-dot"],
  ["Vestel", "EVC04-AC22SW-T2P", "v3.1", "cp", "vestel-evc04"],
  ["Pionix", "Yeti", "0.1", "cp001", "libocpp"],
  ["OpenEVSE", "Advanced Series", "8.2", "openevse", "micro-ocpp"],
  ["FOXESS", "A011KP1", "1.05", "cp", "foxess-a"],
  ["Phoenix Contact GmbH & Co. KG", "EV-CC-AC1-M3-CBC-RCM-ETH-3PN-SER", "1.9.0", "cp", null],
  ["Phasewise", "Simulator", "0.1.0", "CP1", null],
  [null, null, null, "", null],
];

describe("matchModel", () => {
  for (const [vendor, model, firmware, identity, expected] of FIELD) {
    it(`takes ${vendor || "nobody"}'s ${model ?? identity} ${firmware ?? ""} for ${expected ?? "none of them"}`, () => {
      assert.equal(matchModel({ vendor, model, firmware, identity })?.id ?? null, expected);
    });
  }

  it("returns the profile with what it inherits", () => {
    const found = matchModel({ vendor: "Fronius", model: "Wattpilot", firmware: null, identity: "x" });
    assert.equal(found, modelProfile("fronius-wattpilot"));
    assert.equal(found?.traits.smart?.unit, "A");
  });

  it("is not upset by texts of any length or kind", () => {
    const odd = `${"9.".repeat(20_000)}x`;
    assert.equal(matchModel({ vendor: odd, model: odd, firmware: odd, identity: odd }), null);
  });
});

describe("findModel", () => {
  const model = (id: string, match: ModelMatch[], parent?: string): ModelProfile => ({
    ...modelProfile("generic")!,
    id,
    match,
    ...(parent !== undefined && { extends: parent }),
  });
  const clues = { vendor: "Maker", model: "Box 2", identity: "M1", firmware: "v2.5.1-rc3" };
  const find = (...profiles: ModelProfile[]) => findModel(profiles, clues)?.id ?? null;

  it("prefers more criteria, then the heir, then the first", () => {
    const broad = model("broad", [{ vendor: "maker" }]);
    assert.equal(find(broad, model("narrow", [{ vendor: "maker", model: "box" }])), "narrow");
    assert.equal(find(model("narrow", [{ vendor: "maker", model: "box" }]), broad), "narrow");
    assert.equal(find(broad, model("heir", [{ vendor: "maker" }], "broad")), "heir");
    assert.equal(find(broad, model("other", [{ vendor: "maker" }])), "broad");
  });

  it("asks for all criteria of one match, and for any of several", () => {
    assert.equal(find(model("a", [{ vendor: "maker", model: "bus" }])), null);
    assert.equal(find(model("a", [{ vendor: "nobody" }, { identity: "^m1$" }])), "a");
  });

  it("takes a version range from its first version up to, not including, its end", () => {
    const range = (firmwareFrom: string, firmwareBefore: string) =>
      find(model("a", [{ vendor: "maker", firmwareFrom, firmwareBefore }]));
    assert.equal(range("2.5.1", "3"), "a");
    assert.equal(range("2.5", "2.5.2"), "a");
    assert.equal(range("2.5.2", "3"), null);
    assert.equal(range("2", "2.5.1"), null);
    assert.equal(range("2.4.99", "2.10"), "a");
  });

  it("does not hold a range for a firmware that nobody knows", () => {
    const profile = model("a", [{ vendor: "maker", firmwareBefore: "3" }]);
    assert.equal(findModel([profile], { ...clues, firmware: null }), null);
    assert.equal(findModel([profile], { ...clues, firmware: "unknown" }), null);
  });
});
