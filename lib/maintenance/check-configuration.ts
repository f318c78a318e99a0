import { valuesText } from "../station/capabilities/models/key-words.ts";
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
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
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
export async function checkConfiguration(station: Station, language: Language): Promise<CheckedConfiguration | null> {
  const configuration = await readFrom(station);
  return configuration && checkedConfiguration(station, configuration, language);
}

/** What was read of a charge point beside what is known of its model, in a language. Nothing secret is in it. */
export function checkedConfiguration(
  station: Station,
  configuration: Configuration,
  language: Language,
): CheckedConfiguration {
  const known = knownKeys(station.modelProfile, language);
  const kept = keptOf(station);
  const keys = configuration.entries.map(({ key, value, readonly }) =>
    checked({ key, value: value ?? null, readonly }, keyNamed(known, key), kept, language),
  );
  const names = new Set(keys.map(({ key }) => key.toLowerCase()));
  return {
    model: station.modelProfile?.name ?? null,
    keys: keys.sort((a, b) => a.key.localeCompare(b.key, "en")),
    missing: configuration.maxKeys === null ? missingOf(known, names, station) : [],
    pendingReboot: station.pendingReboot,
    advice: [
      ...adviceFor(station, (standard) => configuration.value(standard), language),
      ...modelAdvice(keys, language),
    ],
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
  language: Language,
): CheckedKey {
  const problem = known && value !== null ? valueProblem(known, value, language) : null;
  const { text = null, unit = null, range = null, origin = null, expects = null } = known ?? {};
  const lower = key.toLowerCase();
  return {
    ...{ key, value: shownValue(key, value), readonly, meaning: text || null, unit, range, origin, problem },
    values: valuesText(language, range, unit),
    expected: kept.get(lower) ?? expects,
    kept: kept.has(lower),
    own: privateKind(key, value),
  };
}

/** What the model wants otherwise. */
function modelAdvice(keys: readonly CheckedKey[], language: Language): string[] {
  return keys
    .filter(({ kept, expected, value }) => !kept && expected !== null && value !== null && !sameValue(value, expected))
    .map(({ key, value, expected }) =>
      sentence(language, "keyAdvice.model", { key, value: value!, expected: expected! }),
    );
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
function adviceFor({ traits }: Station, read: (standard: string) => string | undefined, language: Language): string[] {
  const { config } = traits;
  const key = (standard: string) => ownName(config, standard);
  const advice: string[] = [];
  const intervalS = Number(read("MeterValueSampleInterval"));
  const interval = { key: key("MeterValueSampleInterval"), interval: intervalS };
  if (intervalS === 0) advice.push(sentence(language, "keyAdvice.noReadings", interval));
  else if (intervalS > Math.max(60, config.minIntervalS))
    advice.push(sentence(language, "keyAdvice.rareReadings", interval));
  const sampled = read("MeterValuesSampledData");
  if (sampled !== undefined && !/Current\.Import|Power\.Active\.Import/.test(sampled))
    advice.push(sentence(language, "keyAdvice.noDraw", { key: key("MeterValuesSampledData") }));
  return advice;
}
