import { filled } from "./fill.ts";
import type { Language } from "./types.ts";

const ENGLISH = {
  "alarms.one": "1 alarm",
  alarms: "{n} alarms",
  "warnings.one": "1 warning",
  warnings: "{n} warnings",
  "cars.one": "1 car",
  cars: "{n} cars",
  "badges.one": "1 badge",
  badges: "{n} badges",
  "open.one": "1 open",
  open: "{n} open",
  "online.one": "1 online",
  online: "{n} online",
  "waiting.one": "1 waiting",
  waiting: "{n} waiting",
  "connectors.one": "1 connector",
  connectors: "{n} connectors, {verified} verified",
  failSafe: "fail-safe: meter {meter}",
  sent: "{period} sent",
  notConfirmed: "{wrong} of {n} not confirmed: {which} {why}",
  until: "until {time}",
  asked: "{amps} A asked",
  sentA: "{amps} A sent",
  released: "released",
  measured: "measured",
  composite: "schedule checked",
  unverified: "not verified yet",
  zero: "refuses 0 A",
  limits: "refuses limits",
  unsupported: "takes no limits",
  unanswered: "does not answer",
  nonCompliant: "does not obey",
  outOfService: "out of service",
  rejected: "rejected",
  timeout: "timeout",
  offline: "offline",
  coalesced: "coalesced",
  uncontrollable: "uncontrollable",
  surplus: "{power} kW surplus",
  short: "{power} kW short",
};

export type LineKey = keyof typeof ENGLISH;
type Lines = Readonly<Record<LineKey, string>>;
/** What is counted: it has a form for one of them. */
type Counted = { [Key in LineKey]: Key extends `${infer Noun}.one` ? Noun : never }[LineKey];

const GERMAN: Lines = {
  "alarms.one": "1 Alarm",
  alarms: "{n} Alarme",
  "warnings.one": "1 Warnung",
  warnings: "{n} Warnungen",
  "cars.one": "1 Auto",
  cars: "{n} Autos",
  "badges.one": "1 Badge",
  badges: "{n} Badges",
  "open.one": "1 läuft",
  open: "{n} laufen",
  "online.one": "1 verbunden",
  online: "{n} verbunden",
  "waiting.one": "1 wartet",
  waiting: "{n} warten",
  "connectors.one": "1 Ladepunkt",
  connectors: "{n} Ladepunkte, {verified} geprüft",
  failSafe: "Ausfall: Zähler {meter}",
  sent: "{period} gesendet",
  notConfirmed: "{wrong} von {n} nicht bestätigt: {which} {why}",
  until: "bis {time}",
  asked: "{amps} A verlangt",
  sentA: "{amps} A gesendet",
  released: "freigegeben",
  measured: "gemessen",
  composite: "Zeitplan geprüft",
  unverified: "noch nicht geprüft",
  zero: "lehnt 0 A ab",
  limits: "lehnt Grenzen ab",
  unsupported: "nimmt keine Grenzen",
  unanswered: "antwortet nicht",
  nonCompliant: "folgt nicht",
  outOfService: "außer Betrieb",
  rejected: "abgelehnt",
  timeout: "keine Antwort",
  offline: "nicht verbunden",
  coalesced: "überholt",
  uncontrollable: "nicht steuerbar",
  surplus: "{power} kW Überschuss",
  short: "{power} kW zu wenig",
};

const FRENCH: Lines = {
  "alarms.one": "1 alarme",
  alarms: "{n} alarmes",
  "warnings.one": "1 alerte",
  warnings: "{n} alertes",
  "cars.one": "1 voiture",
  cars: "{n} voitures",
  "badges.one": "1 badge",
  badges: "{n} badges",
  "open.one": "1 en cours",
  open: "{n} en cours",
  "online.one": "1 connectée",
  online: "{n} connectées",
  "waiting.one": "1 en attente",
  waiting: "{n} en attente",
  "connectors.one": "1 prise",
  connectors: "{n} prises, {verified} vérifiées",
  failSafe: "mode sûr : {meter}",
  sent: "{period} envoyé",
  notConfirmed: "{wrong} sur {n} non confirmées : {which} {why}",
  until: "jusqu’à {time}",
  asked: "{amps} A demandés",
  sentA: "{amps} A envoyés",
  released: "libérée",
  measured: "mesuré",
  composite: "programme vérifié",
  unverified: "pas encore vérifié",
  zero: "refuse 0 A",
  limits: "refuse les limites",
  unsupported: "sans limites",
  unanswered: "ne répond pas",
  nonCompliant: "n’obéit pas",
  outOfService: "hors service",
  rejected: "refusée",
  timeout: "sans réponse",
  offline: "non connectée",
  coalesced: "dépassée",
  uncontrollable: "non pilotable",
  surplus: "{power} kW en surplus",
  short: "{power} kW manquent",
};

/**
 * What nodes show in their status lines beside figures and names. The editor looks up the fixed lines in its own reader's language;
 * these it cannot, so they follow the site's. Short: a line has room for some twenty letters.
 */
export const STATUS_LINES: Readonly<Record<Language, Lines>> = { "en-US": ENGLISH, de: GERMAN, fr: FRENCH };

/** A line with its values. */
export function line(key: LineKey, language: Language, values: Readonly<Record<string, string | number>> = {}): string {
  return filled(STATUS_LINES[language][key], values);
}

/** `3 cars`. French counts none as one: `0 voiture`. */
export function counted(what: Counted, n: number, language: Language): string {
  if (n === 1) return line(`${what}.one`, language);
  return n === 0 && language === "fr" ? line(`${what}.one`, language).replace("1", "0") : line(what, language, { n });
}
