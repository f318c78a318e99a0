/**
 * What the overview of a site shows: flat lists of items, so that what changed can be told in few bytes. Plain JSON. Currents are A
 * per site phase, `atMs` is the runtime's monotonic time. Words that depend on the reader's language are left to the page that shows it;
 * sentences that the runtime makes anyway come as they are.
 */
import type { Alarm } from "../alarm-types.ts";
import type { ReasonCode } from "../dlm/types.ts";
import type { LimitResult, Quality } from "../messages.ts";
import type { Asked } from "../ocpp/asked.ts";
import type { MaybeTriple, Triple } from "../units.ts";

/** A site to choose from; `id` is that of its node. */
export interface SiteItem {
  id: string;
  name: string;
}

/** The site as a whole; there is one. */
export interface PlantItem {
  id: string;
  /** `none`: there are no zones; `refused`: an earlier tree is in force, or none; `loose`: nothing shares the current of its zones. */
  tree: "none" | "refused" | "loose" | "controlled";
  /** W that the cars may take from the sun; null where no surplus is told. */
  surplusW: number | null;
}

/** What keeps chargers of a zone from getting more, or the zone from being well. */
export interface Binding {
  kind: "over" | "failSafe" | "limit";
  /** Why setpoints are what they are; only for `limit`. */
  code: ReasonCode | null;
  /** 1 = L1; null = not of one phase. */
  phase: 1 | 2 | 3 | null;
  /** Connectors held back. */
  cars: number;
}

/** One `ev-zone`, parents before children. */
export interface ZoneItem {
  id: string;
  nodeId: string;
  /** Name of the zone above. */
  parent: string | null;
  /** The breaker, or the operator's limit where that is lower. */
  limitA: Triple;
  /** Measured now; null = unknown. */
  loadA: MaybeTriple;
  /** The chargers' part of it, as they report it. */
  chargersA: Triple;
  /** What load management counts with: the background, and what chargers may draw or is reserved for them; null without a decision. */
  promisedA: Triple | null;
  /** null = nothing binds. */
  binding: Binding | null;
  /** The tightest limit from outside. */
  outside: { limitA: number | null; powerW: number | null; source: string } | null;
  /** Its demand limit, the mean of the window that is on, and the month's highest; absent = it has none. */
  demand?: { limitW: number; meanW: number; peakW: number | null };
  /** Energy of the day and month that are on, and the cars' part of the month; absent = it has no meter for that. */
  consumption?: { dayKWh: number; monthKWh: number; carsMonthKWh: number };
  /** Names of its meters. */
  meters: string[];
}

/** How a connector is doing, in the order of what a person should look at first. */
export const CHARGER_KINDS = [
  "faulted",
  "trouble",
  "offline",
  "waiting",
  "charging",
  "idle",
  "free",
  "unknown",
] as const;
export type ChargerKind = (typeof CHARGER_KINDS)[number];

/** One connector; `id` is `<identity>/<number>`. */
export interface ChargerItem {
  id: string;
  chargePoint: string;
  connector: number;
  /** The name that it was given; empty = none. */
  name: string;
  /** The same of its charge point. */
  pointName: string;
  /** Where its charge point is, in words. */
  place: string;
  /** Name of its `ev-zone`; null = not load managed. */
  zone: string | null;
  kind: ChargerKind;
  /** What its state means; a sentence, empty where none is known. */
  state: string;
  /** Commanded by load management, or by hand; null = nothing was. */
  setpointA: number | null;
  /** The most its charger may give. */
  maxA: number;
  /** The largest of its phases. */
  measuredA: number | null;
  /** Why the setpoint is what it is; a sentence, empty without load management. */
  why: string;
  /** Its limit at the charger; null before the first, and without OCPP. */
  lease: LimitItem | null;
  /** What a person should look at when it does not obey; empty while it does. */
  hint: string;
}

export interface LimitItem {
  acceptedA: number | null;
  /** ISO 8601 UTC. */
  until: string | null;
  verified: LimitResult["verified"];
  status: LimitResult["status"];
  /** How it was installed, in words. */
  way: string | null;
}

/** One meter; `id` is its name. */
export interface MeterItem {
  id: string;
  /** Zones that name it. */
  zones: string[];
  role: string | null;
  /** null before the first reading. */
  quality: Quality | null;
  /** What load management thinks of it, where that is worse than its quality. */
  doubt: "hold" | "stale" | "frozen" | null;
  currentA: MaybeTriple;
  powerW: number | null;
  socPercent: number | null;
  atMs: number | null;
}

/** A charge point that waits to be described; `id` is its identity, with more beside it where `asked` says something. */
export interface ParkedItem {
  id: string;
  identity: string;
  /** Node id of the `ev-central-system` that it dialled. */
  centralSystem: string;
  online: boolean;
  vendor: string | null;
  model: string | null;
  address: string | null;
  /** The model that fits what it says. */
  suggested: { id: string; name: string } | null;
  /** Numbers of its connectors, as far as it told; at least one. */
  connectors: number[];
  /** What it asks for that is not spoken here: it cannot be adopted before it is set right; null = it can. */
  asked: Asked | null;
}

/** A back end of others that charges are reported to; `id` is that of its node. Counts are of the last seven days. */
export interface BackEndItem {
  id: string;
  name: string;
  chargePoints: number;
  connected: number;
  /** Why one of them is not connected; null = all are, or are about to be. */
  failure: string | null;
  reported: number;
  waiting: number;
  refused: number;
  perhapsTwice: number;
  /** Sessions that are not simply reported, newest first; a few of them. */
  sessions: readonly BackEndSession[];
}

export interface BackEndSession {
  session: string;
  chargePoint: string;
  connector: number;
  /** ISO 8601 UTC. */
  start: string;
  state: "waiting" | "refused" | "perhapsTwice";
  /** Why it was refused, in the words of the back end. */
  reason: string | null;
}

/** What the check at the last deploy found; `code` is a `FindingCode`. */
export interface FindingItem {
  id: string;
  nodeId: string;
  severity: "error" | "warning";
  code: string;
  text: string;
}

/** An alarm that is raised; `id` is its key. */
export interface AlarmItem extends Pick<Alarm, "severity" | "text" | "action" | "location" | "times" | "flapping"> {
  id: string;
  /** ISO 8601 UTC. */
  since: string;
  acknowledged: { by: string; comment: string } | null;
}

/** What anybody may act on without a login. */
export interface ExposedItem {
  id: "editor" | "dashboard";
}

export interface Overview {
  sites: readonly SiteItem[];
  plant: readonly PlantItem[];
  zones: readonly ZoneItem[];
  chargers: readonly ChargerItem[];
  meters: readonly MeterItem[];
  parked: readonly ParkedItem[];
  backEnds: readonly BackEndItem[];
  findings: readonly FindingItem[];
  alarms: readonly AlarmItem[];
  exposed: readonly ExposedItem[];
}

export type ListName = keyof Overview;

/** An overview without anything in it. */
export const EMPTY_OVERVIEW: Overview = {
  sites: [],
  plant: [],
  zones: [],
  chargers: [],
  meters: [],
  parked: [],
  backEnds: [],
  findings: [],
  alarms: [],
  exposed: [],
};
