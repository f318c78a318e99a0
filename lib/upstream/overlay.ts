import type { Clock } from "../clock.ts";
import { record } from "../fields.ts";
import type { Store } from "../store/types.ts";
import { PROFILE_LIMITS } from "./profiles.ts";

/** How often sessions tell their updates, s: samples cannot be denser. */
export const SAMPLE_INTERVAL_S = 60;
const LONGEST_INTERVAL_S = 86_400;
const SHORTEST_HEARTBEAT_S = 10;

/** What a sample may hold. */
const MEASURANDS = ["Energy.Active.Import.Register", "Current.Import"] as const;
export type Measurand = (typeof MEASURANDS)[number];

/** An update that comes a little early is of the interval before, ms. */
const EARLY_MS = 5000;
/** Sessions whose last sample is remembered. */
const MOST_SESSIONS = 100;

export type ChangeAnswer = "Accepted" | "Rejected" | "NotSupported";

/** One key as it is told. */
export interface ToldKey {
  value: string;
  readonly: boolean;
}

export interface OverlayOptions {
  /** Document in which it is kept. */
  document: string;
  store: Pick<Store, "document" | "keepDocument">;
  clock: Clock;
}

/** What is asked of the connection that it belongs to. */
export interface OverlayPort {
  connectors(): readonly number[];
  heartbeatS: number;
}

interface Chosen {
  sampleIntervalS: number;
  alignedIntervalS: number;
  measurands: readonly Measurand[];
}

/**
 * What one back end has set for its own reports of one charge point. Nothing of it reaches the charger, and no key for addresses,
 * identity, certificates or passwords is there.
 */
export class Overlay {
  readonly #options: OverlayOptions;
  #chosen: Chosen;
  /** When a sample was taken last, by session. */
  readonly #sampledMs = new Map<string, { periodicMs: number; aligned: number }>();

  constructor(options: OverlayOptions) {
    this.#options = options;
    this.#chosen = restored(options.store.document(options.document));
  }

  /** Measurands of samples. */
  get measurands(): readonly Measurand[] {
    return this.#chosen.measurands;
  }

  /** Whether a session is to be sampled now, and why; null = not yet. */
  due(session: string): "Sample.Periodic" | "Sample.Clock" | null {
    const { sampleIntervalS, alignedIntervalS, measurands } = this.#chosen;
    const nowMs = this.#options.clock.wallMs();
    const last = this.#sampledMs.get(session);
    const aligned = alignedIntervalS > 0 ? Math.floor(nowMs / (alignedIntervalS * 1000)) : 0;
    const isAligned = last !== undefined && aligned > last.aligned && alignedIntervalS > 0;
    const waitMs = sampleIntervalS * 1000 - EARLY_MS;
    const isPeriodic = sampleIntervalS > 0 && (last === undefined || Math.abs(nowMs - last.periodicMs) >= waitMs);
    const periodicMs = isPeriodic ? nowMs : (last?.periodicMs ?? Number.NEGATIVE_INFINITY);
    this.#sampledMs.delete(session);
    this.#sampledMs.set(session, { periodicMs, aligned });
    const [oldest] = this.#sampledMs.keys();
    if (this.#sampledMs.size > MOST_SESSIONS && oldest !== undefined) this.#sampledMs.delete(oldest);
    if (measurands.length === 0) return null;
    return isAligned ? "Sample.Clock" : isPeriodic ? "Sample.Periodic" : null;
  }

  /** All keys that the back end may read. */
  keys({ connectors, heartbeatS }: OverlayPort): ReadonlyMap<string, ToldKey> {
    const { sampleIntervalS, alignedIntervalS, measurands } = this.#chosen;
    const fixed = (value: string | number): ToldKey => ({ value: String(value), readonly: true });
    const open = (value: string | number): ToldKey => ({ value: String(value), readonly: false });
    return new Map([
      ["ChargeProfileMaxStackLevel", fixed(PROFILE_LIMITS.stackLevel)],
      ["ChargingScheduleAllowedChargingRateUnit", fixed("Current,Power")],
      ["ChargingScheduleMaxPeriods", fixed(PROFILE_LIMITS.periods)],
      ["ClockAlignedDataInterval", open(alignedIntervalS)],
      ["HeartbeatInterval", open(heartbeatS)],
      ["MaxChargingProfilesInstalled", fixed(PROFILE_LIMITS.profiles)],
      ["MeterValueSampleInterval", open(sampleIntervalS)],
      ["MeterValuesSampledData", open(measurands.join(","))],
      ["NumberOfConnectors", fixed(connectors().length)],
      ["SupportedFeatureProfiles", fixed("Core,RemoteTrigger,SmartCharging")],
    ]);
  }

  /** Resolves when it is durable. */
  async change(key: string, value: string, port: OverlayPort): Promise<ChangeAnswer> {
    const told = this.keys(port).get(key);
    if (!told) return "NotSupported";
    if (told.readonly) return "Rejected";
    const before = this.#chosen;
    if (key === "HeartbeatInterval") {
      const seconds = wholeOf(value);
      if (seconds === null || seconds < SHORTEST_HEARTBEAT_S || seconds > LONGEST_INTERVAL_S) return "Rejected";
      port.heartbeatS = seconds;
      return "Accepted";
    }
    const chosen = changed(before, key, value);
    if (!chosen) return "Rejected";
    this.#chosen = chosen;
    const { store, document } = this.#options;
    return store.keepDocument(document, { ...chosen, measurands: [...chosen.measurands] }).then(
      () => "Accepted",
      () => {
        this.#chosen = before;
        return "Rejected";
      },
    );
  }
}

function changed(chosen: Chosen, key: string, value: string): Chosen | null {
  if (key === "MeterValuesSampledData") {
    const measurands = measurandsOf(value);
    return measurands && { ...chosen, measurands };
  }
  const seconds = wholeOf(value);
  if (seconds === null || (seconds !== 0 && seconds < SAMPLE_INTERVAL_S) || seconds > LONGEST_INTERVAL_S) return null;
  return key === "MeterValueSampleInterval"
    ? { ...chosen, sampleIntervalS: seconds }
    : { ...chosen, alignedIntervalS: seconds };
}

function wholeOf(value: string): number | null {
  return /^\d{1,6}$/.test(value.trim()) ? Number(value) : null;
}

/** A list of measurands; null = one of them is never measured. */
function measurandsOf(value: string): Measurand[] | null {
  const names = value.split(",").map((name) => name.trim());
  const wanted = names.filter((name) => name !== "");
  const known = MEASURANDS.filter((name) => wanted.includes(name));
  return known.length === new Set(wanted).size ? known : null;
}

function restored(stored: unknown): Chosen {
  const { sampleIntervalS, alignedIntervalS, measurands } = record(stored);
  const seconds = (value: unknown, usual: number) => (typeof value === "number" && value >= 0 ? value : usual);
  return {
    sampleIntervalS: seconds(sampleIntervalS, SAMPLE_INTERVAL_S),
    alignedIntervalS: seconds(alignedIntervalS, 0),
    measurands: Array.isArray(measurands) ? MEASURANDS.filter((one) => measurands.includes(one)) : MEASURANDS,
  };
}
