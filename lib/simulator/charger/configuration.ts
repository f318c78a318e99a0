import type { Rotation } from "../../dlm/types.ts";
import { MOST_AT_ONCE, MOST_BADGES } from "./badge-list.ts";
import type { Behaviour } from "./behaviour.ts";
import { DEFAULT_MEASURANDS, MEASURANDS } from "./samples.ts";

/** The key of a charge point that changes its phases by one, `1` or `3`. */
export const PHASE_KEY = "SimulatedPhases";

interface Entry {
  value: string;
  /** Turns a written value into the stored one, or null to refuse it; absent = read-only. */
  accept?: (value: string) => string | null;
}

export interface SimulatedKey {
  key: string;
  readonly: boolean;
  value: string;
}

/** The configuration keys of a simulated charge point (OCPP 1.6 §9). A key that can be written has an effect. */
export class SimulatedConfiguration {
  #entries: Map<string, Entry>;
  #behaviour: () => Behaviour;
  /** Values that wait for a restart, by key. */
  readonly #later = new Map<string, string>();

  /** @param behaviour read at every access: behaviours change what a charge point says it can do */
  constructor(wiring: { rotation: Rotation; meterIntervalS: number }, behaviour: () => Behaviour) {
    this.#behaviour = behaviour;
    this.#entries = new Map(Object.entries(initialEntries(wiring)));
  }

  /** GetConfiguration: the keys asked for (all when none), and the names nobody knows. */
  read(keys: readonly string[]): { configurationKey: SimulatedKey[]; unknownKey: string[] } {
    const entries = this.#all();
    if (keys.length === 0)
      return { configurationKey: [...entries].map(([name, entry]) => shown(name, entry)), unknownKey: [] };
    const configurationKey: SimulatedKey[] = [];
    const unknownKey: string[] = [];
    for (const key of keys) {
      const found = named(entries, key);
      if (found) configurationKey.push(shown(...found));
      else unknownKey.push(key);
    }
    return { configurationKey, unknownKey };
  }

  /** ChangeConfiguration. */
  write(key: string, value: string): "Accepted" | "Rejected" | "NotSupported" {
    const found = named(this.#all(), key);
    if (!found) return "NotSupported";
    const [name, { accept }] = found;
    const stored = accept?.(value) ?? null;
    if (stored === null) return "Rejected";
    this.#entries.set(name, { value: stored, ...(accept && { accept }) });
    return "Accepted";
  }

  /** ChangeConfiguration of a charge point whose keys hold after a restart. */
  writeLater(key: string, value: string): "RebootRequired" | "Rejected" | "NotSupported" {
    const found = named(this.#all(), key);
    if (!found) return "NotSupported";
    if ((found[1].accept?.(value) ?? null) === null) return "Rejected";
    this.#later.set(key, value);
    return "RebootRequired";
  }

  /** What waited for a restart holds now. */
  restarted(): void {
    for (const [key, value] of this.#later) this.write(key, value);
    this.#later.clear();
  }

  /** The value of a key that exists. */
  text(key: string): string {
    return this.#entries.get(key)?.value ?? "";
  }

  /** The value of a numeric key that exists. */
  number(key: string): number {
    return Number(this.text(key));
  }

  /** Seconds between MeterValues; 0 = none. */
  get meterIntervalS(): number {
    const intervalS = this.number("MeterValueSampleInterval");
    return intervalS > 0 ? Math.max(intervalS, this.#behaviour().minMeterIntervalS) : 0;
  }

  /** The measurands sampled, with commas between them. */
  get sampled(): string {
    return this.text("MeterValuesSampledData")
      .split(",")
      .filter((name) => this.#measures(name))
      .join(",");
  }

  #measures(name: string): boolean {
    return MEASURANDS.includes(name) && (name !== "Current.Offered" || this.#behaviour().offersCurrent);
  }

  #all(): Map<string, Entry> {
    const entries = new Map([...this.#entries, ...Object.entries(this.#shaped())]);
    for (const key of this.#behaviour().hiddenKeys) entries.delete(key);
    return entries;
  }

  /** The keys whose values or ranges depend on the behaviour. */
  #shaped(): Record<string, Entry> {
    const behaviour = this.#behaviour();
    const profiles = behaviour.profileAnswer === "notImplemented" ? ["Core"] : ["Core", "SmartCharging"];
    if (behaviour.triggers !== "notImplemented") profiles.push("RemoteTrigger");
    profiles.push("LocalAuthListManagement");
    if (behaviour.reservations) profiles.push("Reservation");
    const units = behaviour.units.map((unit) => (unit === "A" ? "Current" : "Power"));
    const measurands = (value: string): string | null => {
      const names = value.split(",").map((name) => name.trim());
      return names.every((name) => this.#measures(name)) ? names.join(",") : null;
    };
    return {
      ChargeProfileMaxStackLevel: { value: String(behaviour.statedStackLevel ?? behaviour.maxStackLevel) },
      ChargingScheduleAllowedChargingRateUnit: { value: units.join(",") },
      ChargingScheduleMaxPeriods: { value: String(behaviour.maxPeriods) },
      ConnectorSwitch3to1PhaseSupported: { value: String(behaviour.switchesPhases !== "never") },
      GetConfigurationMaxKeys: { value: String(behaviour.maxKeys) },
      MaxChargingProfilesInstalled: { value: String(behaviour.maxInstalled) },
      MeterValueSampleInterval: {
        value: String(this.meterIntervalS),
        accept: (value) => (value === "0" ? value : seconds(behaviour.minMeterIntervalS)(value)),
      },
      MeterValuesSampledData: { value: this.sampled, accept: measurands },
      ...(behaviour.switchesPhases === "key" && {
        [PHASE_KEY]: { value: this.#entries.get(PHASE_KEY)?.value ?? "3", accept: oneOrThree },
      }),
      SupportedFeatureProfiles: { value: profiles.join(",") },
    };
  }
}

function initialEntries(wiring: { rotation: Rotation; meterIntervalS: number }): Record<string, Entry> {
  return {
    AllowOfflineTxForUnknownId: { value: "false", accept: yesOrNo },
    AuthorizeRemoteTxRequests: { value: "false" },
    ClockAlignedDataInterval: { value: "0" },
    ConnectionTimeOut: { value: "60", accept: seconds(1) },
    ConnectorPhaseRotation: { value: `0.${wiring.rotation},1.${wiring.rotation}` },
    HeartbeatInterval: { value: "60", accept: seconds(1) },
    LocalAuthListEnabled: { value: "true", accept: yesOrNo },
    LocalAuthListMaxLength: { value: String(MOST_BADGES) },
    LocalAuthorizeOffline: { value: "true", accept: yesOrNo },
    LocalPreAuthorize: { value: "false" },
    MeterValueSampleInterval: { value: String(wiring.meterIntervalS) },
    MeterValuesAlignedData: { value: "" },
    MeterValuesSampledData: { value: DEFAULT_MEASURANDS },
    NumberOfConnectors: { value: "1" },
    ResetRetries: { value: "0" },
    SendLocalListMaxLength: { value: String(MOST_AT_ONCE) },
    StopTransactionOnEVSideDisconnect: { value: "true" },
    StopTransactionOnInvalidId: { value: "true", accept: yesOrNo },
    StopTxnAlignedData: { value: "" },
    StopTxnSampledData: { value: "" },
    TransactionMessageRetryInterval: { value: "10", accept: seconds(1) },
    UnlockConnectorOnEVSideDisconnect: { value: "true" },
  };
}

/** Keys are compared without regard to case (CiString50). */
function named(entries: Map<string, Entry>, key: string): [string, Entry] | undefined {
  return [...entries].find(([name]) => name.toLowerCase() === key.toLowerCase());
}

function shown(key: string, { value, accept }: Entry): SimulatedKey {
  return { key, readonly: accept === undefined, value };
}

function seconds(least: number): (value: string) => string | null {
  return (value) => (/^\d{1,6}$/.test(value) && Number(value) >= least ? String(Number(value)) : null);
}

function oneOrThree(value: string): string | null {
  return value === "1" || value === "3" ? value : null;
}

function yesOrNo(value: string): string | null {
  const lower = value.toLowerCase();
  return lower === "true" || lower === "false" ? lower : null;
}
