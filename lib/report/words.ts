import type { Language } from "../words/types.ts";

/** What a report says beside its table. */
export interface ReportWords {
  subject: (name: string) => string;
  test: string;
  none: string;
  /** @param energy kWh with its decimals as they are read there */
  summary: (sessions: number, energy: string) => string;
  /** How many of earlier reports are in it once more. */
  corrected: (sessions: number) => string;
  attached: (filename: string) => string;
}

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
  "en-US": {
    subject: (name) => `Charging sessions ${name}`,
    test: "This is a test. It holds the last sessions; the report itself comes at its time.",
    none: "No charging session has ended.",
    summary: (sessions, energy) => `${sessions} charging ${sessions === 1 ? "session" : "sessions"}, ${energy} kWh.`,
    corrected: (sessions) =>
      sessions === 1
        ? "1 session of an earlier report was put right: it is taken back and listed anew."
        : `${sessions} sessions of earlier reports were put right: they are taken back and listed anew.`,
    attached: (filename) => `The table is attached: ${filename}`,
  },
  de: {
    subject: (name) => `Ladevorgänge ${name}`,
    test: "Dies ist ein Test mit den letzten Ladevorgängen; der Bericht selbst kommt zu seiner Zeit.",
    none: "Kein Ladevorgang wurde beendet.",
    summary: (sessions, energy) => `${sessions} ${sessions === 1 ? "Ladevorgang" : "Ladevorgänge"}, ${energy} kWh.`,
    corrected: (sessions) =>
      sessions === 1
        ? "1 Ladevorgang eines früheren Berichts wurde berichtigt: Er ist zurückgenommen und neu aufgeführt."
        : `${sessions} Ladevorgänge früherer Berichte wurden berichtigt: Sie sind zurückgenommen und neu aufgeführt.`,
    attached: (filename) => `Die Tabelle liegt bei: ${filename}`,
  },
  fr: {
    subject: (name) => `Sessions de charge ${name}`,
    test: "Ceci est un test avec les dernières sessions ; le rapport lui-même viendra à son heure.",
    none: "Aucune session de charge ne s'est terminée.",
    summary: (sessions, energy) => `${sessions} ${sessions === 1 ? "session" : "sessions"} de charge, ${energy} kWh.`,
    corrected: (sessions) =>
      sessions === 1
        ? "1 session d’un rapport précédent a été rectifiée : elle est annulée et reprise à neuf."
        : `${sessions} sessions de rapports précédents ont été rectifiées : elles sont annulées et reprises à neuf.`,
    attached: (filename) => `Le tableau est joint : ${filename}`,
  },
};
