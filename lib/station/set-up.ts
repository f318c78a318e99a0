import { CALL_PRIORITY, type CallOptions } from "../ocpp/port.ts";
import type { GetConfigurationResponse } from "../ocpp/v16/index.ts";
import type { Learnt } from "./types.ts";

type Call = (action: string, payload: unknown, options?: CallOptions) => Promise<Record<string, unknown>>;

/** Slowest meter interval the load management is content with, s. */
const SAMPLE_INTERVAL_S = 10;

/** Best first; the next one is tried when a charge point refuses. */
const SAMPLED_DATA = [
  ["Current.Import", "Energy.Active.Import.Register", "Power.Active.Import", "Voltage"],
  ["Current.Import", "Energy.Active.Import.Register"],
];

/** Four keys, because some charge points answer no more at once. */
const KEYS = [
  "MeterValueSampleInterval",
  "MeterValuesSampledData",
  "ChargingScheduleAllowedChargingRateUnit",
  "ChargeProfileMaxStackLevel",
];

export interface SetUpTask {
  call: Call;
  /** Connectors whose status is unknown, and all connectors. */
  unreported: () => number[];
  connectors: () => number[];
  /** False while the charge point boots again and again: its configuration is left alone. */
  configure: boolean;
  /** A step that failed, for the log. The next step follows all the same. */
  note: (text: string) => void;
  learnt: (facts: Learnt) => void;
}

/**
 * The minimal set-up after a connect: ask for states, read four configuration keys, change two of them where they differ,
 * ask for meter values. Each step is optional; it never rejects.
 */
export async function setUp(task: SetUpTask): Promise<void> {
  const attempt = async (action: string, payload: unknown): Promise<Record<string, unknown> | null> => {
    try {
      return await task.call(action, payload, { priority: CALL_PRIORITY.setup });
    } catch (error) {
      task.note(`${action}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  if (task.unreported().length > 0) await triggerStatus(task, attempt);
  if (task.configure) await configure(task, attempt);
  for (const connectorId of task.connectors()) {
    await attempt("TriggerMessage", { requestedMessage: "MeterValues", connectorId });
  }
}

type Attempt = (action: string, payload: unknown) => Promise<Record<string, unknown> | null>;

/** Some charge points answer only without a connector number, some only with one. */
async function triggerStatus(task: SetUpTask, attempt: Attempt): Promise<void> {
  const answer = await attempt("TriggerMessage", { requestedMessage: "StatusNotification" });
  if (answer?.["status"] === "Accepted") return;
  for (const connectorId of task.unreported()) {
    await attempt("TriggerMessage", { requestedMessage: "StatusNotification", connectorId });
  }
}

async function configure(task: SetUpTask, attempt: Attempt): Promise<void> {
  const answer = (await attempt("GetConfiguration", { key: KEYS })) as GetConfigurationResponse | null;
  if (!answer) return;
  const keys = new Map(answer.configurationKey?.map((entry) => [entry.key.toLowerCase(), entry]));
  const valueFor = (key: string): string | undefined => keys.get(key.toLowerCase())?.value;
  task.learnt({
    rateUnit: rateUnitOf(valueFor("ChargingScheduleAllowedChargingRateUnit")),
    maxStackLevel: wholeNumber(valueFor("ChargeProfileMaxStackLevel")),
  });
  const change = async (key: string, value: string): Promise<boolean> => {
    const entry = keys.get(key.toLowerCase());
    if (!entry || entry.readonly) return true;
    const result = await attempt("ChangeConfiguration", { key: entry.key, value });
    if (result && result["status"] !== "Accepted") task.note(`${key} = ${value}: ${result["status"]}`);
    return result?.["status"] === "Accepted" || result?.["status"] === "RebootRequired";
  };
  const intervalS = wholeNumber(valueFor("MeterValueSampleInterval"));
  if (intervalS === null || intervalS === 0 || intervalS > SAMPLE_INTERVAL_S) {
    await change("MeterValueSampleInterval", String(SAMPLE_INTERVAL_S));
  }
  const sampled = new Set(
    valueFor("MeterValuesSampledData")
      ?.split(",")
      .map((measurand) => measurand.trim()),
  );
  if (SAMPLED_DATA[0]!.every((measurand) => sampled.has(measurand))) return;
  for (const measurands of SAMPLED_DATA) {
    if (await change("MeterValuesSampledData", measurands.join(","))) return;
  }
}

/** "Current", "A", "Power", "W" and lists of them are in the field; absent means A. */
function rateUnitOf(value: string | undefined): "A" | "W" {
  const tokens = new Set(value?.toLowerCase().split(/[^a-z]+/));
  return (tokens.has("power") || tokens.has("w")) && !tokens.has("current") && !tokens.has("a") ? "W" : "A";
}

function wholeNumber(value: string | undefined): number | null {
  return value !== undefined && /^\s*\d+\s*$/.test(value) ? Number(value) : null;
}
