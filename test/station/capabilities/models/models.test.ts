import { strict as assert } from "node:assert";
import { DECLARED_MODELS, modelProfile, modelProfiles } from "../../../../lib/station/capabilities/models/index.ts";
import { inherit } from "../../../../lib/station/capabilities/models/inherit.ts";
import { keyMeaning } from "../../../../lib/station/capabilities/models/key-words.ts";
import { resolveTraits } from "../../../../lib/station/capabilities/models/resolve.ts";
import { isTraitPath, TRAIT_PATHS, traitProblem } from "../../../../lib/station/capabilities/models/rules.ts";
import { DEFAULT_TRAITS } from "../../../../lib/station/capabilities/models/traits.ts";
import type { ModelMatch, ModelProfile, TraitPatch } from "../../../../lib/station/capabilities/models/types.ts";

const SENTENCE = /^[A-Z0-9].*[.]$/su;

/** What is wrong with the traits of a profile, as `path: must be …`. */
function problems(traits: TraitPatch): string[] {
  return Object.entries(traits).flatMap(([group, values]) =>
    Object.entries(values).flatMap(([name, value]) => {
      const path = `${group}.${name}`;
      if (!isTraitPath(path)) return [`${path}: no such trait`];
      const problem = traitProblem(path, value);
      return problem ? [`${path}: must be ${problem}`] : [];
    }),
  );
}

function versionsOf(match: ModelMatch): string[] {
  return [match.firmwareFrom, match.firmwareBefore].filter((version) => version !== undefined);
}

describe("the charge point models", () => {
  it("cover every family that installers ask for", () => {
    const ids = new Set(modelProfiles().map(({ id }) => id));
    const expected =
      "abb-terra-ac schneider-evlink schneider-evlink-r5 bender-cc webasto-live mennekes-chargecontrol juice-charger-me etrel-inch zaptec easee wallbox wallbox-fw5 wallbox-fw6 go-e fronius-wattpilot keba alfen evbox-elvi huawei autel heidelberg-amperfied grizzl-e charge-amps necharge en-plus solax zj-beny growatt-thor entratek-power-dot vestel-evc04 libocpp micro-ocpp foxess-a ocular generic";
    assert.deepEqual(
      expected.split(" ").filter((id) => !ids.has(id)),
      [],
    );
  });

  it("have ids of their own, names of their own, and known confidence", () => {
    for (const key of ["id", "name"] as const) {
      const values = modelProfiles().map((profile) => profile[key]);
      assert.equal(new Set(values).size, values.length, `each ${key} once`);
    }
    for (const { id, confidence } of modelProfiles()) {
      assert.match(id, /^[a-z0-9]+([-.][a-z0-9]+)*$/);
      assert.notEqual(id, "auto", "auto means: by what the charge point says");
      assert.ok(["vendorDoc", "fieldReport", "guess"].includes(confidence), id);
    }
  });

  for (const profile of DECLARED_MODELS) {
    it(`${profile.id}: traits, texts and keys are what they must be`, () => {
      assert.deepEqual(problems(profile.traits), []);
      checkMatch(profile);
      checkTexts(profile);
      checkKeys(profile);
    });
  }

  it("say in full what they take from their parent", () => {
    const webasto = modelProfile("webasto-live")!;
    assert.equal(webasto.traits.transaction?.availableEndsIt, false);
    assert.deepEqual(webasto.vendorKeys, modelProfile("bender-cc")!.vendorKeys);
    assert.match(webasto.hintOnRefusal ?? "", /Operator Current Limit/);
    const fw6 = modelProfile("wallbox-fw6")!;
    assert.deepEqual([fw6.traits.smart?.kind, fw6.traits.smart?.stackMax], ["Relative", 0]);
  });

  it("each name a setting to look at when limits are refused, except for those that keep to the specification", () => {
    const without = modelProfiles().filter(({ hintOnRefusal }) => hintOnRefusal === null);
    assert.deepEqual(
      without.map(({ id }) => id),
      ["generic", "generic-flash"],
    );
  });
});

function checkMatch({ id, match }: ModelProfile): void {
  assert.ok(match.length > 0 || id.startsWith("generic"), "it can be told from others");
  for (const one of match) {
    assert.ok(Object.keys(one).length > 0, "a match asks for something");
    for (const clue of ["vendor", "model", "identity", "firmware"] as const) {
      if (one[clue] === undefined) continue;
      const pattern = new RegExp(one[clue], "iu");
      assert.equal(pattern.test(""), false, `${clue} /${one[clue]}/ must not match what nobody said`);
    }
    for (const version of versionsOf(one)) assert.match(version, /^\d+(\.\d+)*$/);
  }
}

function checkTexts({ name, commissioning, hintOnRefusal, nativeFallback, sources }: ModelProfile): void {
  assert.ok(name.length > 2 && name.length <= 80, name);
  for (const { text, why } of commissioning) {
    assert.match(text, SENTENCE);
    assert.match(why, SENTENCE);
  }
  for (const text of [hintOnRefusal, nativeFallback]) if (text !== null) assert.match(text, SENTENCE);
  assert.ok(sources.length > 0, "says where its values come from");
  for (const source of sources) assert.ok(source.length > 5 && !/https?:|\/work\//.test(source), source);
}

function checkKeys({ vendorKeys }: ModelProfile): void {
  const names = vendorKeys.map(({ key }) => key);
  assert.equal(new Set(names).size, names.length, "each key once");
  for (const { key, text, access, range } of vendorKeys) {
    assert.match(text ?? keyMeaning("en-US", key, "model") ?? "", SENTENCE, key);
    assert.ok(["rw", "ro", "wo", "local"].includes(access), key);
    if (access !== "local") assert.match(key, /^[\w/.-]{1,50}$/, "a key as OCPP 1.6 §7 CiString50 allows it");
    assert.ok(range === null || range.length > 0, key);
  }
}

describe("what the models say about charging profiles", () => {
  const smart = (id: string) => resolveTraits(modelProfile(id)!).traits.smart;

  it("an EVlink never gets numberPhases and always amps, on any release", () => {
    for (const id of ["schneider-evlink", "schneider-evlink-r5", "schneider-evlink-pro-ac"]) {
      assert.deepEqual([smart(id).unit, smart(id).numberPhases], ["A", "never"], id);
    }
  });

  it("an EVlink before release 6 takes no profiles at all", () => {
    assert.deepEqual([smart("schneider-evlink-r5").supported, smart("schneider-evlink-r5").lease], ["no", "none"]);
  });

  it("ABB and Wallbox know stack level 0 only", () => {
    for (const id of ["abb-terra-ac", "wallbox", "wallbox-fw5", "wallbox-fw6"]) assert.equal(smart(id).stackMax, 0, id);
  });

  it("Huawei is told in watts, NEcharge in its steps", () => {
    assert.equal(smart("huawei").unit, "W");
    assert.deepEqual(smart("necharge").stepsA, [6, 8, 10, 13, 16]);
  });

  it("a go-e forgets a limit while paused and when the connection is lost, and so does a Wattpilot", () => {
    for (const id of ["go-e", "fronius-wattpilot"]) {
      assert.deepEqual([smart(id).resendAfterZero, smart(id).keepsProfilesOffline], [true, false], id);
    }
  });

  it("nobody is sent a ChargePointMaxProfile as a moving limit", () => {
    for (const { id } of modelProfiles()) assert.ok(!smart(id).purposes.includes("ChargePointMaxProfile"), id);
  });

  it("every least current is one a car can charge with, and every lease has an end or is reserved", () => {
    for (const { id } of modelProfiles()) {
      assert.ok(smart(id).minA >= 6, id);
      if (smart(id).supported === "no") assert.equal(smart(id).lease, "none", id);
    }
  });
});

describe("the keys of the EVlink guide", () => {
  const keys = modelProfile("schneider-evlink")!.vendorKeys;
  const key = (name: string) => keys.find((one) => one.key === name);

  it("are all there", () => {
    const listed =
      "operatingMode allowPluggedCable enableEvDetection loadSheddingSetPoint stationName voltageReference maxIntensityStation maxIntensitySocket EnableSuspendChargeByButton monophasedLoadSheddingFloorValue triphasedLoadSheddingFloorValue EMsetting loadSheddingPriority enableUnknown authenticationManager ControlChargeByRemoteCommand rfidStatusTimeout ocppVersion ocppCentralAddress ocppBoxLocalPort ocppBoxPublicPort ocppDefaultBoxAddrPublic ocppConfModemAddress ocppConfSimModemAddress confModemRetryInterval boxIdentity defaultIdTag MeterValuesSampledData meterValueSampleInterval ocppConnectTimeOut WebSocketPingInterval MinimumStatusDuration TransactionMessageRetryInterval TransactionMessageAttempts truncateBootNotificationsSerialNumbers cacheListEnabled compressDiagnostic NumberOfConnectors HeartBeatInterval AuthorizeRemoteTxRequests ConnectionTimeOut GetConfigurationMaxKeys ResetRetries ConnectorPhaseRotation ConnectorPhaseRotationMaxLength StopTransactionOnEVSideDisconnect StopTransactionOnInvalidId StopTxnAlignedData StopTxnAlignedDataMaxLength StopTxnSampledData StopTxnSampledDataMaxLength SupportedFeatureProfiles SupportedFeatureProfilesMaxLength ReserveConnectorZeroSupported UnlockConnectorOnEVSideDisconnect ChargeProfileMaxStackLevel ChargingScheduleAllowedChargingRateUnit ChargingScheduleMaxPeriods ConnectorSwitch3to1PhaseSupported MaxChargingProfilesInstalled";
    assert.deepEqual(keys.map((one) => one.key).sort(), listed.split(" ").sort());
  });

  it("carry range, unit and access as the guide gives them", () => {
    assert.deepEqual(
      ["EMsetting", "meterValueSampleInterval", "ocppConnectTimeOut", "WebSocketPingInterval"].map((name) => {
        const { range, unit, access } = key(name)!;
        return [range, unit, access];
      }),
      [
        ["0..3", null, "rw"],
        ["15..7200", "s", "rw"],
        ["2..60", "s", "rw"],
        [null, "s", "ro"],
      ],
    );
  });
});

describe("inherit", () => {
  const profile = (id: string, parent?: string): ModelProfile => ({
    ...modelProfile("generic")!,
    id,
    ...(parent !== undefined && { extends: parent }),
  });

  it("names both ends of a circle and a parent that is not there", () => {
    assert.throws(() => inherit([profile("a", "b"), profile("b", "a")]), /a: extends|b: extends/);
    assert.throws(() => inherit([profile("a", "ghost")]), /a: extends ghost, which does not exist/);
  });

  it("leaves the parent as it was", () => {
    const before = JSON.stringify(modelProfile("bender-cc"));
    inherit([modelProfile("bender-cc")!, { ...profile("child", "bender-cc"), traits: { smart: { minA: 8 } } }]);
    assert.equal(JSON.stringify(modelProfile("bender-cc")), before);
  });
});

describe("the default traits", () => {
  it("keep to the rules, and every rule has a trait", () => {
    assert.deepEqual(problems(DEFAULT_TRAITS), []);
    const paths = Object.entries(DEFAULT_TRAITS).flatMap(([group, values]) =>
      Object.keys(values).map((name) => `${group}.${name}`),
    );
    assert.deepEqual([...TRAIT_PATHS].sort(), paths.sort());
  });
});
