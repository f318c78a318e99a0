import type { Capabilities } from "../capabilities/capabilities.ts";
import { claimedCount } from "../capabilities/learnable.ts";
import { listOf } from "../capabilities/reported.ts";
import type { SetupCalls } from "../connection/setup-calls.ts";
import { type Configuration, isSkipped, ownName, rereadKeys } from "./configuration.ts";
import { PING_S, sampleIntervalS } from "./kept-keys.ts";

/** Tried in this order where a charge point refuses a shorter one, s. */
const SLOWER_INTERVALS_S = [15, 30, 60];

/** A slower pace is not put down to the charge point for good, s: it may take a faster one another time. */
const SLOWEST_LEARNT_S = 300;

/** Clock-aligned readings that are neither a flood nor rare, s. */
const ALIGNED_S = { least: 60, most: 900 } as const;

/** What a write came to. `left`: nothing was to be written; `failed`: there was no answer to it. */
export type KeyWriteResult = "accepted" | "refused" | "left" | "failed";

/** Writes configuration keys: only what differs, what the charge point has, and what it lets be written. */
export class ConfigurationWriter {
  readonly #calls: SetupCalls;
  readonly #capabilities: Capabilities;
  readonly #configuration: Configuration;
  readonly #changed = new Map<string, string>();

  constructor(calls: SetupCalls, capabilities: Capabilities, configuration: Configuration) {
    this.#calls = calls;
    this.#capabilities = capabilities;
    this.#configuration = configuration;
  }

  /**
   * Sets a standard key under the charge point's own name. A value that it accepted before and does not keep is not forced on it,
   * a value that waits for a reboot is not written twice.
   * @param unread write it although it was not among the keys that were read, unless it was written before
   */
  async set(standard: string, value: string, unread = false): Promise<KeyWriteResult> {
    const { memory, traits } = this.#capabilities;
    const entry = this.#configuration.find(standard);
    if ((!entry && !unread) || entry?.readonly || isSkipped(traits.config, standard)) return "left";
    const key = entry?.key ?? ownName(traits.config, standard);
    const { written, kept } = memory.configuration;
    const own = key.toLowerCase();
    const asked = written[own] === value;
    if (sameValue(entry?.value, value) || (asked && (!entry || kept[own] === entry.value))) return "left";
    if (asked && memory.pendingReboot.includes(key)) return "left";
    const answer = await this.#calls.ask("writeKey", { key, value });
    const status = answer.kind === "answer" ? answer.status : null;
    if (status !== "Accepted" && status !== "RebootRequired") {
      if (status) this.#calls.note(`${key} = ${value}: ${status}`);
      return answer.kind === "none" ? "failed" : "refused";
    }
    memory.wrote(key, value);
    this.#configuration.wrote(standard, value);
    if (status === "RebootRequired") {
      memory.needsReboot(key);
      this.#calls.note(`${key} = ${value}: takes effect once the charge point was restarted`);
    } else if (entry) this.#changed.set(key, value);
    return "accepted";
  }

  /** Reads again what was changed: some accept a value and keep another. */
  async check(): Promise<void> {
    const { memory, traits } = this.#capabilities;
    const changed = [...this.#changed.keys()];
    for (const { key, value } of await rereadKeys(this.#calls, traits.config, this.#configuration, changed)) {
      const wanted = this.#changed.get(key);
      if (wanted === undefined || value === undefined || sameValue(value, wanted)) continue;
      memory.keeps(key, value);
      this.#calls.note(`${key}: it accepted ${wanted} and keeps ${value}`);
      if (key === this.#configuration.find("MeterValueSampleInterval")?.key) this.#keepsInterval(wanted, value);
    }
  }

  #keepsInterval(wanted: string, kept: string): void {
    const keptS = claimedCount("config.minIntervalS", kept);
    if (keptS === null || keptS <= Number(wanted) || keptS > SLOWEST_LEARNT_S) return;
    const how = `accepted ${wanted} s and kept ${kept} s`;
    this.#capabilities.learn([{ path: "config.minIntervalS", value: keptS, how }]);
  }
}

/** The intervals: meter values as often as it can, heartbeats and pings that keep the connection known to be alive. */
export async function writeIntervals(
  writer: ConfigurationWriter,
  configuration: Configuration,
  capabilities: Capabilities,
  heartbeatS: number,
): Promise<void> {
  const { config, transaction } = capabilities.traits;
  const intervalS = sampleIntervalS(capabilities.traits);
  const currentS = secondsOf(configuration, "MeterValueSampleInterval");
  if (currentS === null || currentS === 0 || currentS > intervalS)
    await findInterval(writer, capabilities, intervalS, currentS);
  const alignedS = secondsOf(configuration, "ClockAlignedDataInterval");
  if (transaction.withoutTransactions) {
    await writer.set("ClockAlignedDataInterval", String(intervalS));
    await writer.set("MeterValuesAlignedData", config.measurands.join(","));
  } else if (alignedS === null || alignedS < ALIGNED_S.least || alignedS > ALIGNED_S.most) {
    await writer.set("ClockAlignedDataInterval", String(ALIGNED_S.most));
  }
  await writer.set("HeartbeatInterval", String(heartbeatS));
  await writer.set("WebSocketPingInterval", String(PING_S));
}

/** What people call it and where it is, where it has a key to show that; an empty name leaves what it has. */
export async function writeNames(writer: ConfigurationWriter, { traits, called }: Capabilities): Promise<void> {
  for (const field of ["name", "place"] as const) {
    const key = traits.config.nameKeys[field];
    if (key !== undefined && called[field] !== "") await writer.set(key, called[field], true);
  }
}

/** The shortest interval that it takes, and learns that; the one it has when it refuses all shorter ones. */
async function findInterval(
  writer: ConfigurationWriter,
  capabilities: Capabilities,
  bestS: number,
  currentS: number | null,
): Promise<void> {
  const slower = SLOWER_INTERVALS_S.filter((s) => s > bestS && (!currentS || s < currentS));
  let takenS = currentS ?? 0;
  for (const intervalS of [bestS, ...slower]) {
    const written = await writer.set("MeterValueSampleInterval", String(intervalS));
    if (written === "left" || written === "failed") return;
    if (written === "refused") continue;
    takenS = intervalS;
    break;
  }
  if (takenS <= bestS || takenS > SLOWEST_LEARNT_S) return;
  capabilities.learn([{ path: "config.minIntervalS", value: takenS, how: `refused ${bestS} s` }]);
}

function secondsOf(configuration: Configuration, standard: string): number | null {
  return claimedCount("charger.meterIntervalS", configuration.value(standard));
}

/** Numbers, words and lists that mean the same, however they are written. */
export function sameValue(reported: string | undefined, value: string): boolean {
  if (reported === undefined) return false;
  const normal = (text: string): string => listOf(text.toLowerCase()).sort().join(",");
  return normal(reported) === normal(value) || (reported.trim() !== "" && Number(reported) === Number(value));
}
