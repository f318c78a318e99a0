/** Whether a site is well, part by part, for a monitor outside. Reads, decides nothing, keeps nothing. */
import { sentence } from "../words/sentence.ts";
import type { CodeOf, Language, Values } from "../words/types.ts";
import type { ChargerItem, ChargerKind, MeterItem } from "./types.ts";

/** Less free space than this is told, MB: a database of years, its copy beside it, and files of chargers need room. */
const LEAST_FREE_MB = 500;
/** A certificate that ends sooner is told, days: whoever renews it needs time. */
const LEAST_DAYS = 14;
/** Names that a sentence lists. */
const MOST_NAMES = 5;

const HEALTH_PARTS = [
  "database",
  "meters",
  "chargers",
  "upstreams",
  "clock",
  "disk",
  "certificate",
  "editor",
  "dashboard",
] as const;
type HealthPartName = (typeof HEALTH_PARTS)[number];

export interface HealthPart {
  part: HealthPartName;
  ok: boolean;
  /** A sentence in the language of the site. */
  text: string;
}

export interface Health {
  /** Every part is well. */
  ok: boolean;
  parts: HealthPart[];
}

/** What is known of a site and of the machine that it runs on. */
export interface HealthFacts {
  /** Why records are not written, and why the last daily copy failed; null = they are, and it did not. */
  database: { failure: string | null; copyFailure: string | null };
  meters: readonly Pick<MeterItem, "id" | "quality" | "doubt">[];
  chargers: readonly Pick<ChargerItem, "id" | "kind">[];
  /** OCPP servers that do not listen. */
  deafServers: readonly { name: string; why: string }[];
  backEnds: readonly { name: string; chargePoints: number; connected: number; failure: string | null }[];
  /** Whether the machine sets its clock by NTP; null = it does not tell. */
  clockIsSet: boolean | null;
  /** Where the records are; null = unknown. */
  freeMB: number | null;
  /** Each that is in use. `daysLeft` null = it cannot be read. */
  certificates: readonly { name: string; daysLeft: number | null }[];
  /** Whoever reaches them may act without a login. */
  open: { editor: boolean; dashboard: boolean };
}

/** How it is now, always with the same parts in the same order. */
export function healthOf(facts: HealthFacts, language: Language): Health {
  const judged: Readonly<Record<HealthPartName, Judged>> = {
    database: judgeDatabase(facts),
    meters: judgeMeters(facts),
    chargers: judgeChargers(facts),
    upstreams: judgeUpstreams(facts),
    clock: judgeClock(facts),
    disk: judgeDisk(facts),
    certificate: judgeCertificates(facts),
    editor: facts.open.editor ? bad("editorOpen") : good("editor"),
    dashboard: facts.open.dashboard ? bad("dashboardOpen") : good("dashboard"),
  };
  const parts = HEALTH_PARTS.map((part) => {
    const { ok, said } = judged[part];
    return { part, ok, text: said.map(({ key, values }) => sentence(language, `health.${key}`, values)).join(" ") };
  });
  return { ok: parts.every(({ ok }) => ok), parts };
}

type Key = CodeOf<"health"> extends `health.${infer One}` ? One : never;

interface Said {
  key: Key;
  values: Values;
}

interface Judged {
  ok: boolean;
  said: Said[];
}

const good = (key: Key, values: Values = {}): Judged => ({ ok: true, said: [{ key, values }] });
const bad = (key: Key, values: Values = {}): Judged => ({ ok: false, said: [{ key, values }] });

function judgeDatabase({ database }: HealthFacts): Judged {
  if (database.failure !== null) return bad("databaseFails", { why: database.failure });
  return database.copyFailure === null ? good("database") : bad("copyFails", { why: database.copyFailure });
}

function judgeMeters({ meters }: HealthFacts): Judged {
  if (meters.length === 0) return good("noMeters");
  const silent = meters.filter(({ quality, doubt }) => quality !== "good" || doubt !== null);
  if (silent.length > 0) return bad("metersFail", { names: listed(silent.map(({ id }) => id)) });
  return good("meters", { n: meters.length });
}

/** Kinds of connectors that somebody has to look at. */
const UNWELL: readonly [ChargerKind, Key][] = [
  ["offline", "chargersOffline"],
  ["faulted", "chargersFaulted"],
  ["trouble", "chargersDisobey"],
];

function judgeChargers({ chargers, deafServers }: HealthFacts): Judged {
  const said: Said[] = deafServers.map((values) => ({ key: "serverFails", values: { ...values } }));
  for (const [kind, key] of UNWELL) {
    const ids = chargers.filter((one) => one.kind === kind).map(({ id }) => id);
    if (ids.length > 0) said.push({ key, values: { names: listed(ids) } });
  }
  if (said.length > 0) return { ok: false, said };
  return chargers.length > 0 ? good("chargers", { n: chargers.length }) : good("noChargers");
}

function judgeUpstreams({ backEnds }: HealthFacts): Judged {
  if (backEnds.length === 0) return good("noUpstreams");
  const lost = backEnds.filter(({ chargePoints, connected, failure }) => connected < chargePoints || failure !== null);
  const said = lost.map(({ name, chargePoints, connected, failure }): Said => {
    const values = { name, connected, of: chargePoints };
    return failure === null
      ? { key: "upstreamAway", values }
      : { key: "upstreamFails", values: { name, why: failure } };
  });
  return said.length > 0 ? { ok: false, said } : good("upstreams", { n: backEnds.length });
}

function judgeClock({ clockIsSet }: HealthFacts): Judged {
  if (clockIsSet === null) return good("clockUntold");
  return clockIsSet ? good("clock") : bad("clockUnset");
}

function judgeDisk({ freeMB }: HealthFacts): Judged {
  if (freeMB === null) return bad("diskUnknown");
  return freeMB < LEAST_FREE_MB ? bad("diskFull", { free: freeMB }) : good("disk", { free: freeMB });
}

/** The one that ends first. */
function judgeCertificates({ certificates }: HealthFacts): Judged {
  const unread = certificates.find(({ daysLeft }) => daysLeft === null);
  const first = certificates
    .flatMap(({ name, daysLeft }) => (daysLeft === null ? [] : [{ name, days: Math.floor(daysLeft) }]))
    .sort((a, b) => a.days - b.days)[0];
  if (first && first.days < 0) return bad("certificateOver", first);
  if (first && first.days < LEAST_DAYS) return bad("certificateEnds", first);
  if (unread) return bad("certificateUnread", { name: unread.name });
  return first ? good("certificate", first) : good("noCertificate");
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} … (${names.length})` : shown;
}
