import { type KnownKey, knownKeys } from "../station/capabilities/models/known-keys.ts";
import { SetupCalls } from "../station/connection/setup-calls.ts";
import type { Station } from "../station/connection/station.ts";
import {
  type Configuration,
  isSkipped,
  isWriteOnly,
  ownName,
  readConfiguration,
} from "../station/setup/configuration.ts";
import { sameValue } from "../station/setup/configuration-writes.ts";
import { keptKeys } from "../station/setup/kept-keys.ts";
import type { CheckedConfiguration, CheckedKey } from "./checked-key.ts";
import { privateKind, shownValue } from "./private-keys.ts";
import { keyNamed, valueProblem } from "./value-check.ts";

/** Reads the configuration of a charge point in the way that suits it. @returns null when it gave none */
export function readFrom(station: Station, also: readonly string[] = []): Promise<Configuration | null> {
  const asking = new SetupCalls(
    station.dialect,
    (action, payload, options) => station.call(action, payload, options),
    () => {},
  );
  return readConfiguration(asking, station.traits.config, also);
}

/** Reads the configuration of a charge point, and compares it with its model. @returns null when it gave none */
export async function checkConfiguration(station: Station): Promise<CheckedConfiguration | null> {
  const configuration = await readFrom(station);
  return configuration && checkedConfiguration(station, configuration);
}

/** What was read of a charge point beside what is known of its model. Nothing secret is in it. */
export function checkedConfiguration(station: Station, configuration: Configuration): CheckedConfiguration {
  const known = knownKeys(station.modelProfile);
  const kept = keptOf(station);
  const keys = configuration.entries.map(({ key, value, readonly }) =>
    checked({ key, value: value ?? null, readonly }, keyNamed(known, key), kept),
  );
  const names = new Set(keys.map(({ key }) => key.toLowerCase()));
  return {
    model: station.modelProfile?.name ?? null,
    keys: keys.sort((a, b) => a.key.localeCompare(b.key, "en")),
    missing: configuration.maxKeys === null ? missingOf(known, names, station) : [],
    pendingReboot: station.pendingReboot,
    advice: [...adviceFor(station, (standard) => configuration.value(standard)), ...modelAdvice(keys)],
  };
}

/** Keys that are written from here by themselves. */
export function keptOf({ traits, definition }: Pick<Station, "traits" | "definition">): ReturnType<typeof keptKeys> {
  const { name = "", place = "" } = definition ?? {};
  return keptKeys(traits, { name, place });
}

function checked(
  { key, value, readonly }: { key: string; value: string | null; readonly: boolean },
  known: KnownKey | undefined,
  kept: ReturnType<typeof keptKeys>,
): CheckedKey {
  const problem = known && value !== null ? valueProblem(known, value) : null;
  const { text = null, unit = null, range = null, origin = null, expects = null } = known ?? {};
  const lower = key.toLowerCase();
  return {
    ...{ key, value: shownValue(key, value), readonly, meaning: text, unit, range, origin, problem },
    expected: kept.get(lower) ?? expects,
    kept: kept.has(lower),
    own: privateKind(key, value),
  };
}

/** What the model wants otherwise. */
function modelAdvice(keys: readonly CheckedKey[]): string[] {
  return keys
    .filter(({ kept, expected, value }) => !kept && expected !== null && value !== null && !sameValue(value, expected))
    .map(({ key, value, expected }) => `${key} is ${value}; the model needs ${expected}`);
}

/** Of a charge point that listed all it has. */
function missingOf(known: readonly KnownKey[], names: ReadonlySet<string>, { traits }: Station): string[] {
  return known
    .filter(({ origin, access }) => origin === "model" && access !== "wo")
    .map(({ key }) => key)
    .filter(
      (key) => !names.has(key.toLowerCase()) && !isWriteOnly(traits.config, key) && !isSkipped(traits.config, key),
    );
}

/** What would make it easier to control. Set-up writes these by itself; they stand here where it could not. */
function adviceFor({ traits }: Station, read: (standard: string) => string | undefined): string[] {
  const { config } = traits;
  const advice: string[] = [];
  const intervalS = Number(read("MeterValueSampleInterval"));
  if (intervalS === 0)
    advice.push(`${ownName(config, "MeterValueSampleInterval")} is 0: no readings come while it charges`);
  else if (intervalS > Math.max(60, config.minIntervalS))
    advice.push(`${ownName(config, "MeterValueSampleInterval")} is ${intervalS} s: readings come rarely`);
  const sampled = read("MeterValuesSampledData");
  if (sampled !== undefined && !/Current\.Import|Power\.Active\.Import/.test(sampled))
    advice.push(`${ownName(config, "MeterValuesSampledData")} has neither current nor power: the draw cannot be seen`);
  return advice;
}
