import type { Language } from "../words/types.ts";

/** What a report says beside its table. */
export interface ReportWords {
  subject: (name: string) => string;
  test: string;
  none: string;
  /** @param energy kWh with its decimals as they are read there */
  summary: (sessions: number, energy: string) => string;
  attached: (filename: string) => string;
}

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
  "en-US": {
    subject: (name) => `Charging sessions ${name}`,
    test: "This is a test. It holds the last sessions; the report itself comes at its time.",
    none: "No charging session has ended.",
    summary: (sessions, energy) => `${sessions} charging ${sessions === 1 ? "session" : "sessions"}, ${energy} kWh.`,
    attached: (filename) => `The table is attached: ${filename}`,
  },
  de: {
    subject: (name) => `Ladevorgänge ${name}`,
    test: "Dies ist ein Test mit den letzten Ladevorgängen; der Bericht selbst kommt zu seiner Zeit.",
    none: "Kein Ladevorgang wurde beendet.",
    summary: (sessions, energy) => `${sessions} ${sessions === 1 ? "Ladevorgang" : "Ladevorgänge"}, ${energy} kWh.`,
    attached: (filename) => `Die Tabelle liegt bei: ${filename}`,
  },
  fr: {
    subject: (name) => `Sessions de charge ${name}`,
    test: "Ceci est un test avec les dernières sessions ; le rapport lui-même viendra à son heure.",
    none: "Aucune session de charge ne s'est terminée.",
    summary: (sessions, energy) => `${sessions} ${sessions === 1 ? "session" : "sessions"} de charge, ${energy} kWh.`,
    attached: (filename) => `Le tableau est joint : ${filename}`,
  },
};
