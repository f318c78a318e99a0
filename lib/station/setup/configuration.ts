import type { KeysAnswer } from "../../ocpp/orders.ts";
import { claimedCount } from "../capabilities/learnable.ts";
import type { ConfigTraits } from "../capabilities/models/types.ts";
import type { SetupCalls } from "../connection/setup-calls.ts";

/** One configuration key as the charge point reported it, in its own spelling. */
export interface ReportedKey {
  key: string;
  value: string | undefined;
  readonly: boolean;
}

/** Keys that set-up looks at, asked for by name where a charge point does not list all it has. */
const KEYS = [
  "MeterValueSampleInterval",
  "MeterValuesSampledData",
  "ChargingScheduleAllowedChargingRateUnit",
  "ChargeProfileMaxStackLevel",
  "ChargingScheduleMaxPeriods",
  "MaxChargingProfilesInstalled",
  "NumberOfConnectors",
  "SupportedFeatureProfiles",
  "ClockAlignedDataInterval",
  "MeterValuesAlignedData",
  "HeartbeatInterval",
  "WebSocketPingInterval",
  "MeterValuesSampledDataMaxLength",
  "ConnectorSwitch3to1PhaseSupported",
];

/** What a charge point reported of its configuration. Keys go by the standard's names, in any letter case, also where it has its own. */
export class Configuration {
  readonly #traits: ConfigTraits;
  readonly #byName = new Map<string, ReportedKey>();
  /** Keys it takes in one GetConfiguration as it showed while it was read; null where it listed all. */
  readonly maxKeys: number | null;

  constructor(traits: ConfigTraits, keys: readonly ReportedKey[], maxKeys: number | null = null) {
    this.#traits = traits;
    this.maxKeys = maxKeys;
    for (const entry of keys) this.#byName.set(entry.key.trim().toLowerCase(), entry);
  }

  /** The key with this standard name; undefined when it is not there or to be left alone. */
  find(standard: string): ReportedKey | undefined {
    if (isSkipped(this.#traits, standard)) return undefined;
    return this.#byName.get(ownName(this.#traits, standard).toLowerCase()) ?? this.#byName.get(standard.toLowerCase());
  }

  /** All that was reported. */
  get entries(): ReportedKey[] {
    return [...this.#byName.values()];
  }

  /** The value of the key with this standard name, without blanks around it. */
  value(standard: string): string | undefined {
    return this.find(standard)?.value?.trim();
  }

  /** The key with this standard name was written. */
  wrote(standard: string, value: string): void {
    const entry = this.find(standard);
    if (entry) entry.value = value;
  }

  /** The first key whose name fits. */
  match(pattern: RegExp): ReportedKey | undefined {
    return [...this.#byName.values()].find(({ key }) => pattern.test(key.trim()));
  }
}

/** How the charge point spells a standard key. */
export function ownName({ alias }: ConfigTraits, standard: string): string {
  const lower = standard.toLowerCase();
  return Object.entries(alias).find(([name]) => name.toLowerCase() === lower)?.[1] ?? standard;
}

/** Whether a key is never read or written. */
export function isSkipped(traits: ConfigTraits, standard: string): boolean {
  const names = [standard, ownName(traits, standard)].map((name) => name.toLowerCase());
  return traits.skip.some((skipped) => names.includes(skipped.toLowerCase()));
}

/**
 * Reads the configuration: all at once, and where that is not answered, brings nothing or must not be, the keys that matter in
 * portions the charge point takes (OCPP 1.6 §5.8, GetConfigurationMaxKeys). null when it tells nothing.
 * @param also further keys that matter, by the standard's names or its own
 */
export async function readConfiguration(
  calls: SetupCalls,
  traits: ConfigTraits,
  also: readonly string[] = [],
): Promise<Configuration | null> {
  if (traits.maxKeys !== null) return readInPortions(calls, traits, traits.maxKeys, also);
  const all = traits.writeOnly.length === 0 ? await readKeys(calls, []) : null;
  if (all && all.length > 0) return new Configuration(traits, all);
  const limit = await readKeys(calls, ["GetConfigurationMaxKeys"]);
  if (!limit) return null;
  const most = claimedCount("config.maxKeys", limit.find(({ key }) => /^GetConfigurationMaxKeys$/i.test(key))?.value);
  return readInPortions(calls, traits, most ?? 1, also);
}

/** Reads these keys again, as they were read before: where all were listed no key is named, because some restart at the name of one. */
export async function rereadKeys(
  calls: SetupCalls,
  traits: ConfigTraits,
  before: Configuration,
  keys: readonly string[],
): Promise<ReportedKey[]> {
  if (keys.length === 0) return [];
  if (before.maxKeys === null) return (await readKeys(calls, [])) ?? [];
  const readable = keys.filter((key) => !traits.writeOnly.some((own) => own.toLowerCase() === key.toLowerCase()));
  const found: ReportedKey[] = [];
  for (const portion of portions(readable, before.maxKeys)) found.push(...((await readKeys(calls, portion)) ?? []));
  return found;
}

async function readInPortions(
  calls: SetupCalls,
  traits: ConfigTraits,
  size: number,
  also: readonly string[],
): Promise<Configuration | null> {
  const found: ReportedKey[] = [];
  let takes = size;
  const wanted = [...KEYS, ...also].filter((key) => !isSkipped(traits, key) && !isWriteOnly(traits, key));
  const named = new Map(wanted.map((key) => [ownName(traits, key).toLowerCase(), ownName(traits, key)]));
  for (const portion of portions([...named.values()], size)) {
    for (const keys of takes === 1 ? portion.map((key) => [key]) : [portion]) {
      const answer = await readKeys(calls, keys);
      if (answer) found.push(...answer);
      else if (keys.length > 1) {
        takes = 1;
        for (const key of keys) found.push(...((await readKeys(calls, [key])) ?? []));
      }
    }
  }
  return found.length > 0 ? new Configuration(traits, found, takes) : null;
}

/** Whether a key may be written but never asked for: some restart when it is read. */
export function isWriteOnly({ writeOnly }: ConfigTraits, standard: string): boolean {
  return writeOnly.some((key) => key.toLowerCase() === standard.toLowerCase());
}

/** null when there was no answer, or one without content. */
async function readKeys(calls: SetupCalls, keys: readonly string[]): Promise<ReportedKey[] | null> {
  const answer = await calls.ask("readKeys", { keys });
  if (answer.kind !== "answer") return null;
  const { configurationKey = [], unknownKey = [] } = answer.payload as KeysAnswer;
  if (configurationKey.length === 0 && unknownKey.length === 0) return null;
  return configurationKey.map(({ key, value, readonly }) => ({ key, value, readonly }));
}

function portions(keys: readonly string[], size: number): string[][] {
  const count = Math.ceil(keys.length / size);
  return Array.from({ length: count }, (_, index) => keys.slice(index * size, (index + 1) * size));
}
