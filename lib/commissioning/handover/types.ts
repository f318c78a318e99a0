import type { PlantZone, ZoneMeterDefinition } from "../../dlm/topology/plant.ts";
import type { Rotation } from "../../dlm/types.ts";
import type { Triple } from "../../units.ts";
import type { DrillResult } from "../drills/drill-result.ts";
import type { CommissioningResult } from "../result.ts";

/** A zone, as deep below its root as it stands in the tree. */
export interface ReportedZone {
  name: string;
  parent: string | null;
  depth: number;
  limitA: Triple;
  operatorLimitA: Triple | null;
  headroomA: Triple | null;
  assumedLoadA: Triple | null;
  maxPowerW: number | null;
  failSafeA: number | null;
  demand: NonNullable<PlantZone["demand"]> | null;
  meters: Pick<ZoneMeterDefinition, "meter" | "location" | "onStale" | "staleAfterS">[];
}

export interface ReportedConnector {
  /** `CP1/1`. */
  target: string;
  name: string;
  phases: number;
  /** As it was typed. */
  rotation: Rotation;
  /** As the newest run has proven it; null = none has. */
  provenRotation: Rotation | null;
  maxA: number;
  safeA: number;
}

/** `ticked`: by a person, in the dialog of the charge point. `proven`: by a run, or by the charger's own connection. */
export interface ReportedStep {
  id: string;
  /** A step of the model, in its maker's words; null = one of ours. */
  text: string | null;
  state: "ticked" | "proven" | "open";
}

export interface ReportedCharger {
  identity: string;
  name: string;
  place: string;
  zone: string | null;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  stationLimitA: number | null;
  /** Whether it goes to its safe current by itself when it is left alone. */
  fallsBack: boolean;
  ocpp: boolean;
  /** `given` = over OCPP, `own` = typed for it. */
  password: "given" | "own" | "none";
  connectors: ReportedConnector[];
  steps: ReportedStep[];
  /** As they were read last, without anything secret; null = never. */
  settings: { readTs: string; keys: { key: string; value: string | null }[] } | null;
}

/** One run, without its curve. */
export interface ReportedTest extends Omit<CommissioningResult, "curve"> {
  /** SHA-256 of its curve. */
  curveSha256: string;
}

/** One drill, without its curve. */
export interface ReportedDrill extends Omit<DrillResult, "curve"> {
  /** SHA-256 of its curve. */
  curveSha256: string;
}

/** Something that is not in order yet; `text` = in the words of the check at deploy. */
export type OpenPoint =
  | { kind: "finding"; where: string; text: string; isError: boolean }
  | { kind: PlainPoint; where: string }
  | { kind: "steps"; where: string; open: number; all: number };

/** Points that need no values. */
export type PlainPoint =
  | "noTree"
  | "untested"
  | "testWrong"
  | "testUnsure"
  | "testOld"
  | "rotationUnknown"
  | "drillWrong"
  | "noPassword"
  | "noFallBack"
  | "away"
  | "settingsUnread"
  | "restart"
  | "editorOpen"
  | "dashboardOpen"
  | "database";

/** What a commissioning report says of a site. Plain JSON: it is hashed, kept and compared. Neither time nor language is in it. */
export interface HandoverData {
  format: 1;
  site: { name: string; voltageV: number; itNetwork: boolean };
  zones: ReportedZone[];
  chargers: ReportedCharger[];
  /** The newest of each connector first. */
  tests: ReportedTest[];
  /** The newest of each kind and target first; absent = none was held. */
  drills?: ReportedDrill[];
  points: OpenPoint[];
}

/** A report as it is kept. */
export interface KeptReport {
  /** ISO 8601 UTC. */
  ts: string;
  /** SHA-256 of the data in canonical form. */
  sha256: string;
  data: HandoverData;
}

/** What differs between two reports. `field` = a word of the report; null = the thing itself came or went. */
export interface Change {
  what: string;
  field: ChangedField | null;
  /** The setting or the step of the check-list; null for other fields. */
  item: string | null;
  before: string | null;
  now: string | null;
}

export type ChangedField =
  | "below"
  | "breaker"
  | "operator"
  | "headroom"
  | "assumed"
  | "mostW"
  | "failSafe"
  | "demand"
  | "meters"
  | "zone"
  | "maker"
  | "firmware"
  | "stationLimit"
  | "fallsBack"
  | "password"
  | "phases"
  | "rotation"
  | "proven"
  | "maximum"
  | "safe"
  | "setting"
  | "result"
  | "voltage"
  | "step";
