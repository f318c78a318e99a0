import { type Configuration, isWriteOnly } from "../setup/configuration.ts";
import type { ConfigurationWriter, KeyWriteResult } from "../setup/configuration-writes.ts";
import type { Capabilities } from "./capabilities.ts";
import { claimedCount } from "./learnable.ts";
import { listOf } from "./reported.ts";

const KEY = "MeterValuesSampledData";

/** Some say in a key of their own what they can measure. */
const SUPPORTED = /SupportedMeasurands$/i;

/** `Current.Import.L1`: some name the phases in the list, others send all phases anyway. */
const PHASE = /\.(?:L[123](?:-N)?|N)$/;

/**
 * Chooses what is in the meter values: the model's list as it is; else, or where that is refused, as much of what is wanted as the
 * charge point takes, found by trying, and learnt. What it already sends may be more.
 */
export async function writeMeasurands(
  writer: ConfigurationWriter,
  configuration: Configuration,
  capabilities: Capabilities,
): Promise<void> {
  const { config } = capabilities.traits;
  if (config.measurandMode === "never") return;
  const fixed = config.measurandMode === "list";
  const unread = isWriteOnly(config, KEY);
  const sends = new Set(listOf(configuration.value(KEY) ?? ""));
  const wanted = fixed ? config.measurands : possible(config.measurands, configuration);
  if (wanted.length === 0 || wanted.every((measurand) => sends.has(measurand))) return;
  const set = (list: readonly string[]): Promise<KeyWriteResult> => writer.set(KEY, list.join(","), unread);
  if ((await set(wanted)) !== "refused" || unread) return;
  const taken = await probe(fixed ? withoutPhases(wanted) : wanted, set);
  if (taken.length === 0) return;
  const refused = wanted.filter((measurand) => !taken.includes(measurand));
  const how = refused.length > 0 ? `refused ${refused.join(", ")}` : "refused more at once";
  capabilities.learn([{ path: "config.measurands", value: taken, how }]);
}

function withoutPhases(measurands: readonly string[]): string[] {
  return [...new Set(measurands.map((measurand) => measurand.replace(PHASE, "")))];
}

/** Of these, what the charge point says that it can measure, and no more than it takes. */
function possible(measurands: readonly string[], configuration: Configuration): string[] {
  const supported = new Set(listOf(configuration.match(SUPPORTED)?.value ?? ""));
  const known = supported.size > 0 ? measurands.filter((measurand) => supported.has(measurand)) : [...measurands];
  return known.slice(0, claimedCount("config.maxKeys", configuration.value(`${KEY}MaxLength`)) ?? known.length);
}

/** Each one alone, then all that were taken, then fewer and fewer of them. Returns what is set now; nothing when an answer failed. */
async function probe(
  wanted: readonly string[],
  set: (list: readonly string[]) => Promise<KeyWriteResult>,
): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const measurand of wanted) {
    const written = await set([measurand]);
    if (written === "failed") return [];
    if (written !== "refused") taken.push(measurand);
  }
  for (let count = taken.length; count > 0; count--) {
    const list = taken.slice(0, count);
    const written = await set(list);
    if (written === "failed") return [];
    if (written !== "refused") return list;
  }
  return [];
}
