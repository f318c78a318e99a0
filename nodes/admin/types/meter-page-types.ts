/** What the dialogs of meters and their connections are told. */
import type { MeasurementPayload } from "../../../lib/messages.ts";
import type { MappingPreset } from "../../../lib/metering/presets/preset.ts";
import type { MeterProfile } from "../../../lib/metering/profile-schema.ts";
import type { BusStatistics } from "../../../lib/modbus/statistics.ts";

export type { MappingPreset };

/** A device of the list. */
export type ProfilePage = Pick<
  MeterProfile,
  "id" | "kind" | "vendor" | "models" | "phases" | "transports" | "defaults" | "confidence" | "disagreements" | "notes"
> & {
  /** Which values it gives, in short: `I, U, P per phase, P, E, f, PF`; null = found on the device. */
  values: string | null;
};

/** Why something could not be done. */
export interface FailurePage {
  code: string;
  message: string;
}

/** What the JSON of the user's own device comes to. */
export type ProfileCheckPage = { ok: true; profile: ProfilePage } | { ok: false; error: FailurePage };

/** A serial port of the machine that Node-RED runs on. */
export interface SerialPortPage {
  path: string;
  /** Maker and serial number of the adapter, where known. */
  text: string;
}

/** A deployed connection as it does now. */
export interface LinePage {
  text: string;
  statistics: BusStatistics;
}

/** All that a device says, raw and decoded; values are the meter's own, neither turned nor moved to site phases. */
export interface InspectionPage {
  blocks: { functionCode: number; address: number; count: number; words: string[] | null; error: string | null }[];
  values: InspectedValuePage[];
  measurement: Omit<MeasurementPayload, "ts" | "asleep">;
  /** Doubts about mounting, word order and scale. */
  suspicions: readonly string[];
  /** What discovery found; null for profiles with fixed addresses. */
  found: string | null;
  disagreements: readonly string[];
}

/** One register. */
export interface InspectedValuePage {
  name: string;
  address: number;
  type: string;
  /** `0x43651EB8`, null where it was not read. */
  raw: string | null;
  value: number | null;
  unit: string;
  /** What is wrong with it, in words; null = plausible. */
  problem: string | null;
  note: string | null;
}

/** A unit that answers, with the devices that it could be, the best first. */
export interface FindingPage {
  unitId: number;
  text: string;
  fits: { profile: string; text: string }[];
}

/** A search for devices on a line. */
export interface ScanPage {
  done: number;
  total: number;
  found: FindingPage[];
  isOver: boolean;
  isCancelled: boolean;
  error: FailurePage | null;
}

/** What a mapping makes of messages: values by name for each, or why not; and what they come to together. */
export interface TryPage {
  messages: ({ values: Record<string, number | null> | null } | { error: FailurePage })[];
  measurement: MeasurementPayload | null;
  /** Why values cannot be true. */
  problems: string[];
  /** `12.3 kW · 18 A` */
  text: string;
}
