import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type TargetPort, writeKeys } from "../../lib/maintenance/settings/copy-target.ts";
import { compare, type Place, planKey } from "../../lib/maintenance/settings/plan.ts";
import { readSettingsFile, settingsFile } from "../../lib/maintenance/settings/settings-file.ts";
import type { CopyTarget } from "../../lib/maintenance/settings/types.ts";
import { modelProfile } from "../../lib/station/capabilities/models/index.ts";
import { resolveTraits } from "../../lib/station/capabilities/models/resolve.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { Configuration, type ReportedKey } from "../../lib/station/setup/configuration.ts";
import { keptKeys } from "../../lib/station/setup/kept-keys.ts";
import type { ReadKey, ReadSettings } from "../../lib/station/setup/read-settings.ts";

const placeOf = (model: string): Place => {
  const profile = modelProfile(model)!;
  const { traits } = resolveTraits(profile);
  return { traits, modelProfile: profile, kept: keptKeys(traits, { name: "", place: "" }) };
};
const PLACE = placeOf("growatt-thor");
const entry = (key: string, value: string, readonly = false): ReportedKey => ({ key, value, readonly });
const listed = (...keys: ReportedKey[]) => new Configuration(PLACE.traits.config, keys);
const settings = (keys: ReadKey[]): ReadSettings => {
  return { ts: "2026-06-01T12:00:00.000Z", model: "keba", vendor: "KEBA", product: "P30", firmware: "1", keys };
};

describe("what is sent for a key that is copied", () => {
  const plan = (key: string, value: string, ...keys: ReportedKey[]) => planKey({ key, value }, PLACE, listed(...keys));

  it("is nothing where the charger has the value, has no such key, or cannot have it so", () => {
    assert.equal(plan("ConnectionTimeOut", "60", entry("connectiontimeout", "60.0")).status, "same");
    assert.equal(plan("ConnectionTimeOut", "60").status, "missing");
    assert.equal(plan("NumberOfConnectors", "2", entry("NumberOfConnectors", "1", true)).status, "readonly");
    assert.equal(plan("G_MaxCurrent", "40", entry("G_MaxCurrent", "16")).status, "impossible");
    assert.equal(plan("WebSocketPingInterval", "5", entry("WebSocketPingInterval", "30")).status, "kept");
    assert.equal(plan("G_ServerURL", "wss://b", entry("G_ServerURL", "wss://a")).status, "address");
    assert.equal(plan("Own", "x", entry("Own", "10.0.0.1")).status, "address");
  });

  it("is the value under the name that the charger has for the key, with the old one at hand", () => {
    assert.deepEqual(plan("connectiontimeout", "90", entry("ConnectionTimeOut", "60")), {
      ...{ status: "send", ownKey: "ConnectionTimeOut", old: "60" },
    });
  });
});

describe("a charger whose keys were on their way when Node-RED ended", () => {
  const read = (value: string) => async () => listed(entry("ConnectionTimeOut", value));
  const station = { online: true, traits: PLACE.traits, modelProfile: null, definition: null } as unknown as Station;
  const target = (): CopyTarget => ({
    ...{ chargePoint: "CP1", state: "changing", tries: 1, restarted: false },
    keys: [{ key: "ConnectionTimeOut", value: "90", old: "60", found: null, status: "sent" }],
  });
  const port = (held: string, sent: unknown[]): TargetPort => ({
    read: read(held),
    send: async ({ payload }) => {
      sent.push(payload);
      return { status: "Rejected" };
    },
    keep: async () => {},
    note: () => {},
  });

  it("is not written to again where it holds the value", async () => {
    const sent: unknown[] = [];
    const one = target();
    assert.equal(await writeKeys(port("90", sent), station, one), "written");
    assert.deepEqual([one.keys[0]!.status, one.keys[0]!.old, sent.length], ["accepted", "60", 0]);
  });

  it("is written to where it does not, and its first value stays the one to go back to", async () => {
    const sent: unknown[] = [];
    const one = target();
    await writeKeys(port("75", sent), station, one);
    assert.deepEqual([one.keys[0]!.status, one.keys[0]!.old, sent.length], ["refused", "60", 1]);
  });
});

describe("settings that are compared", () => {
  it("go by the standard's names, hide what is secret, and say what is not copied", () => {
    const key = (name: string, value: string | null): ReadKey => ({ key: name, value, readonly: false });
    const evlink = placeOf("schneider-evlink");
    const [own] = Object.values(evlink.traits.config.alias);
    assert.ok(own, "it spells a key its own way");
    const [standard] = Object.keys(evlink.traits.config.alias);
    const from = { settings: settings([key(own, "60"), key("SimPin", null), key("A", "1")]), place: evlink };
    const to = { settings: settings([key(standard!, "60"), key("SimPin", null), key("B", "1")]), place: PLACE };
    const told = compare(from, to).map((one) => [one.key, one.state, one.notCopied]);
    assert.deepEqual(told.find(([name]) => name === standard)?.[1], "same");
    assert.deepEqual(
      told.find(([name]) => name === "SimPin"),
      ["SimPin", "hidden", "secret"],
    );
    assert.deepEqual(
      told.find(([name]) => name === "A"),
      ["A", "onlyFrom", "missing"],
    );
    assert.deepEqual(
      told.find(([name]) => name === "B"),
      ["B", "onlyTo", "missing"],
    );
  });
});

describe("the file of settings", () => {
  const good = JSON.parse(settingsFile(settings([{ key: "A", value: "1", readonly: false }]))) as object;

  it("comes back as it was, whatever the keys are, without what belongs to one charger alone", () => {
    const name = fc.constantFrom(
      "ConnectionTimeOut",
      "Own",
      "wifiPassword",
      "BackendURL",
      "ChargeBoxId",
      "LightIntensity",
    );
    const key = fc.record({ key: name, value: fc.option(fc.string({ maxLength: 50 })), readonly: fc.boolean() });
    const keys = fc.uniqueArray(key, { selector: (one) => one.key.toLowerCase() });
    fc.assert(
      fc.property(keys, (given) => {
        const read = readSettingsFile(settingsFile(settings(given)));
        assert.ok(read.keys.every((one) => given.some((other) => other.key === one.key && other.value === one.value)));
        assert.ok(!read.keys.some((one) => ["wifiPassword", "BackendURL", "ChargeBoxId"].includes(one.key)));
        const isPlain = (one: ReadKey) => one.key === "LightIntensity" && /^\d*$/.test(one.value ?? "");
        if (given.some(isPlain)) assert.ok(read.keys.some(isPlain));
      }),
    );
  });

  it("is refused by the field that is wrong, with what it must be", () => {
    const refused = (data: unknown, message: RegExp) =>
      assert.throws(() => readSettingsFile(data), { code: "EV_MESSAGE_INVALID", message });
    refused("{", /file must be JSON/);
    refused("[]", /file must be an object/);
    refused({ ...good, format: "x" }, /format must be "phasewise-charger-settings"/);
    refused({ ...good, version: 2 }, /version must be 1; the file is of a newer release/);
    refused({ ...good, ts: 7 }, /ts must be string/);
    refused({ ...good, keys: [{ key: "A", value: "1" }] }, /keys\[0\].* readonly/);
    const twice = { key: "a", value: "2", readonly: false };
    refused({ ...good, keys: [{ key: "A", value: "1", readonly: false }, twice] }, /keys\[1\]\.key must be named once/);
  });

  it("is read although an editor has put a mark in front of it", () => {
    assert.equal(readSettingsFile(`\uFEFF${JSON.stringify(good)}`).keys.length, 1);
  });
});
