import type { Language } from "./types.ts";

/** Why a session ended, as staff say it: the reasons of StopTransaction (OCPP 1.6 §7.36), and our own where a charger named none. */
const ENGLISH = {
  DeAuthorized: "badge refused",
  EmergencyStop: "emergency stop",
  EVDisconnected: "unplugged",
  HardReset: "charger restarted",
  Local: "at the charger",
  Other: "other reason",
  PowerLoss: "power cut",
  Reboot: "charger restarted",
  Remote: "from here",
  SoftReset: "charger restarted",
  UnlockCommand: "cable unlocked from here",
  notReported: "end not reported",
  superseded: "next charge began",
  breakerOver: "stopped for a breaker over its limit",
};

export type StopReason = keyof typeof ENGLISH;

/** What each reason is called, by language. */
export const STOP_REASONS: Readonly<Record<Language, Readonly<Record<StopReason, string>>>> = {
  "en-US": ENGLISH,
  de: {
    DeAuthorized: "Badge abgelehnt",
    EmergencyStop: "Not-Aus",
    EVDisconnected: "ausgesteckt",
    HardReset: "Ladestation neu gestartet",
    Local: "an der Ladestation",
    Other: "anderer Grund",
    PowerLoss: "Stromausfall",
    Reboot: "Ladestation neu gestartet",
    Remote: "von hier aus",
    SoftReset: "Ladestation neu gestartet",
    UnlockCommand: "Kabel von hier aus entriegelt",
    notReported: "Ende nicht gemeldet",
    superseded: "nächste Ladung begann",
    breakerOver: "gestoppt, weil ein Leitungsschutzschalter über seiner Grenze lag",
  },
  fr: {
    DeAuthorized: "badge refusé",
    EmergencyStop: "arrêt d’urgence",
    EVDisconnected: "débranché",
    HardReset: "borne redémarrée",
    Local: "à la borne",
    Other: "autre raison",
    PowerLoss: "coupure de courant",
    Reboot: "borne redémarrée",
    Remote: "d’ici",
    SoftReset: "borne redémarrée",
    UnlockCommand: "câble déverrouillé d’ici",
    notReported: "fin non signalée",
    superseded: "la charge suivante a commencé",
    breakerOver: "arrêtée pour un disjoncteur au-dessus de sa limite",
  },
};

/** A reason in words; one that is not known is said as the charger said it, none is an empty text. */
export function stopReasonText(reason: string | null, language: Language): string {
  const words: Readonly<Record<string, string>> = STOP_REASONS[language];
  return (reason !== null && Object.hasOwn(words, reason) ? words[reason] : reason) ?? "";
}
