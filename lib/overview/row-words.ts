import type { ChargingMode } from "../dlm/types.ts";
import type { Language } from "../words/types.ts";
import type { ChargerKind } from "./types.ts";

/** The sentences that rows for tables and drawings need; `{values}` are filled in. */
export interface ViewWords {
  /** How a charger is doing where it has not said so itself. */
  kinds: Readonly<Record<ChargerKind, string>>;
  modes: Readonly<Record<ChargingMode, string>>;
  atMost: string;
  priority: string;
  over: string;
  failSafe: string;
  unknown: string;
  full: string;
  brim: string;
  limited: string;
  outside: string;
  above: string;
  fine: string;
  free: string;
  byHand: string;
}

const ENGLISH: ViewWords = {
  kinds: {
    faulted: "Out of order: see the alarms.",
    trouble: "Does not obey its limit: see the alarms.",
    offline: "Not connected.",
    waiting: "Waits for power.",
    charging: "Charging.",
    idle: "The car takes no power.",
    free: "Free.",
    unknown: "Not heard of yet.",
  },
  modes: { fast: "as fast as possible", pv: "sun only", minpv: "sun, and at least the minimum", off: "switched off" },
  atMost: "at most {amps} A",
  priority: "priority {class}",
  over: "L{phase} is over its limit; cars are being slowed down",
  failSafe: "A meter does not answer; cars get the safe current",
  unknown: "No reading of its meter",
  full: "L{phase} is full and holds {cars} back",
  brim: "L{phase} is full",
  limited: "Its limit holds {cars} back",
  outside: "Limited to {limit}: {source}",
  above: "{zone} holds {cars} back",
  fine: "Every car gets what it can use",
  free: "No car charges",
  byHand: "By hand until {time}: {why}",
};

const GERMAN: ViewWords = {
  kinds: {
    faulted: "Gestört: siehe Alarme.",
    trouble: "Hält sich nicht an seine Grenze: siehe Alarme.",
    offline: "Nicht verbunden.",
    waiting: "Wartet auf Strom.",
    charging: "Lädt.",
    idle: "Das Auto nimmt keinen Strom.",
    free: "Frei.",
    unknown: "Noch nichts gehört.",
  },
  modes: {
    fast: "so schnell wie möglich",
    pv: "nur Sonne",
    minpv: "Sonne, mindestens das Minimum",
    off: "ausgeschaltet",
  },
  atMost: "höchstens {amps} A",
  priority: "Priorität {class}",
  over: "L{phase} ist über der Grenze; die Autos werden gebremst",
  failSafe: "Ein Zähler antwortet nicht; die Autos bekommen den sicheren Strom",
  unknown: "Kein Messwert des Zählers",
  full: "L{phase} ist voll und bremst {cars}",
  brim: "L{phase} ist voll",
  limited: "Seine Grenze bremst {cars}",
  outside: "Begrenzt auf {limit}: {source}",
  above: "{zone} bremst {cars}",
  fine: "Jedes Auto bekommt, was es nutzen kann",
  free: "Kein Auto lädt",
  byHand: "Von Hand bis {time}: {why}",
};

const FRENCH: ViewWords = {
  kinds: {
    faulted: "En panne : voir les alarmes.",
    trouble: "Ne respecte pas sa limite : voir les alarmes.",
    offline: "Non connectée.",
    waiting: "Attend du courant.",
    charging: "En charge.",
    idle: "La voiture ne prend pas de courant.",
    free: "Libre.",
    unknown: "Pas encore de nouvelles.",
  },
  modes: { fast: "aussi vite que possible", pv: "soleil seul", minpv: "soleil, au moins le minimum", off: "arrêté" },
  atMost: "au plus {amps} A",
  priority: "priorité {class}",
  over: "L{phase} dépasse sa limite ; les voitures sont ralenties",
  failSafe: "Un compteur ne répond pas ; les voitures ont le courant sûr",
  unknown: "Aucune mesure du compteur",
  full: "L{phase} est pleine et freine {cars}",
  brim: "L{phase} est pleine",
  limited: "Sa limite freine {cars}",
  outside: "Limité à {limit} : {source}",
  above: "{zone} freine {cars}",
  fine: "Chaque voiture a ce qu’elle peut utiliser",
  free: "Aucune voiture ne charge",
  byHand: "À la main jusqu’à {time} : {why}",
};

const VIEW_WORDS: Readonly<Record<Language, ViewWords>> = { "en-US": ENGLISH, de: GERMAN, fr: FRENCH };
const CARS: Readonly<Record<Language, readonly [one: string, many: string]>> = {
  "en-US": ["1 car", "cars"],
  de: ["1 Auto", "Autos"],
  fr: ["1 voiture", "voitures"],
};

/** Those of a language. */
export function viewWords(language: Language): ViewWords {
  return VIEW_WORDS[language];
}

/** `1 car`, `3 cars`. */
export function carsText(cars: number, language: Language): string {
  const [one, many] = CARS[language];
  return cars === 1 ? one : `${cars} ${many}`;
}

export { filled } from "../words/fill.ts";
