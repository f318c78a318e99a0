import type { STATUSES } from "../ocpp/v16/status-words.ts";
import type { Language, Words } from "./types.ts";

/** A word of ChargePointStatus. */
export type Status = (typeof STATUSES)[number];

const ENGLISH: Readonly<Record<Status, Words>> = {
  Available: {
    driver: "Free. Plug in to charge.",
    staff: "Free.",
    integrator: "Available: no car, nothing reserved.",
  },
  Preparing: {
    driver: "Nearly there: plug in, or show your badge.",
    staff: "A driver is about to begin: the plug or the badge is still missing.",
    integrator: "Preparing: plug or badge seen, no transaction yet.",
  },
  Charging: {
    driver: "Your car is charging.",
    staff: "Charging.",
    integrator: "Charging: the contactor is closed and the car may draw.",
  },
  SuspendedEVSE: {
    driver: "Waiting for power. Charging goes on by itself.",
    staff: "Paused by the charger, which waits for power.",
    integrator: "SuspendedEVSE: the charger offers no current, because of a limit or by itself.",
  },
  SuspendedEV: {
    driver: "Your car takes no power now: it is full, or waits for its own timer.",
    staff: "The car takes no power: full, or waiting for its own timer.",
    integrator: "SuspendedEV: current is offered and the car takes none.",
  },
  Finishing: {
    driver: "Finished. Please unplug.",
    staff: "Finished; the car is still plugged in.",
    integrator: "Finishing: the transaction has ended, the plug is still in.",
  },
  Reserved: {
    driver: "Reserved for somebody else.",
    staff: "Reserved.",
    integrator: "Reserved: held for a badge by a reservation.",
  },
  Unavailable: {
    driver: "Out of service.",
    staff: "Taken out of service.",
    integrator: "Unavailable: set inoperative by command or by the charger.",
  },
  Faulted: {
    driver: "Out of order. Please use another charger.",
    staff: "Out of order: see the alarms for what to do.",
    integrator: "Faulted: the charger reports an error and does not charge.",
  },
};

const GERMAN: Readonly<Record<Status, Words>> = {
  Available: {
    driver: "Frei. Zum Laden einstecken.",
    staff: "Frei.",
    integrator: "Available: kein Auto, nichts reserviert.",
  },
  Preparing: {
    driver: "Gleich geht es los: einstecken oder Badge vorhalten.",
    staff: "Jemand beginnt gerade: Stecker oder Badge fehlt noch.",
    integrator: "Preparing: Stecker oder Badge erkannt, noch keine Transaktion.",
  },
  Charging: {
    driver: "Ihr Auto lädt.",
    staff: "Lädt.",
    integrator: "Charging: Das Schütz ist geschlossen, das Auto darf beziehen.",
  },
  SuspendedEVSE: {
    driver: "Wartet auf Strom. Das Laden geht von selbst weiter.",
    staff: "Von der Ladestation angehalten, wartet auf Strom.",
    integrator: "SuspendedEVSE: Die Ladestation bietet keinen Strom an, wegen einer Grenze oder von sich aus.",
  },
  SuspendedEV: {
    driver: "Ihr Auto nimmt gerade keinen Strom: voll, oder es wartet auf seine eigene Zeitschaltung.",
    staff: "Das Auto nimmt keinen Strom: voll, oder es wartet auf seine eigene Zeitschaltung.",
    integrator: "SuspendedEV: Strom wird angeboten, das Auto nimmt keinen.",
  },
  Finishing: {
    driver: "Fertig. Bitte ausstecken.",
    staff: "Fertig; das Auto ist noch eingesteckt.",
    integrator: "Finishing: Die Transaktion ist beendet, der Stecker noch drin.",
  },
  Reserved: {
    driver: "Für jemand anderen reserviert.",
    staff: "Reserviert.",
    integrator: "Reserved: durch eine Reservierung für ein Badge gehalten.",
  },
  Unavailable: {
    driver: "Außer Betrieb.",
    staff: "Außer Betrieb genommen.",
    integrator: "Unavailable: durch Befehl oder von der Ladestation selbst gesperrt.",
  },
  Faulted: {
    driver: "Gestört. Bitte eine andere Ladestation benutzen.",
    staff: "Gestört: Was zu tun ist, steht bei den Alarmen.",
    integrator: "Faulted: Die Ladestation meldet einen Fehler und lädt nicht.",
  },
};

const FRENCH: Readonly<Record<Status, Words>> = {
  Available: {
    driver: "Libre. Branchez-vous pour charger.",
    staff: "Libre.",
    integrator: "Available : pas de voiture, rien de réservé.",
  },
  Preparing: {
    driver: "C’est presque prêt : branchez-vous ou présentez votre badge.",
    staff: "Quelqu’un commence : il manque encore la prise ou le badge.",
    integrator: "Preparing : prise ou badge détecté, pas encore de transaction.",
  },
  Charging: {
    driver: "Votre voiture charge.",
    staff: "En charge.",
    integrator: "Charging : le contacteur est fermé, la voiture peut consommer.",
  },
  SuspendedEVSE: {
    driver: "En attente de courant. La charge reprendra d’elle-même.",
    staff: "Mise en pause par la borne, qui attend du courant.",
    integrator: "SuspendedEVSE : la borne n’offre pas de courant, à cause d’une limite ou d’elle-même.",
  },
  SuspendedEV: {
    driver: "Votre voiture ne prend pas de courant : elle est pleine ou attend sa propre minuterie.",
    staff: "La voiture ne prend pas de courant : pleine, ou en attente de sa propre minuterie.",
    integrator: "SuspendedEV : du courant est offert, la voiture n’en prend pas.",
  },
  Finishing: {
    driver: "Terminé. Débranchez, s’il vous plaît.",
    staff: "Terminé ; la voiture est encore branchée.",
    integrator: "Finishing : la transaction est finie, la prise est encore branchée.",
  },
  Reserved: {
    driver: "Réservé pour quelqu’un d’autre.",
    staff: "Réservé.",
    integrator: "Reserved : retenu pour un badge par une réservation.",
  },
  Unavailable: {
    driver: "Hors service.",
    staff: "Mise hors service.",
    integrator: "Unavailable : rendue inopérante par une commande ou par la borne elle-même.",
  },
  Faulted: {
    driver: "En panne. Utilisez une autre borne, s’il vous plaît.",
    staff: "En panne : les alarmes disent ce qu’il faut faire.",
    integrator: "Faulted : la borne signale un défaut et ne charge pas.",
  },
};

const STATUS_WORDS: Readonly<Record<Language, Readonly<Record<Status, Words>>>> = {
  "en-US": ENGLISH,
  de: GERMAN,
  fr: FRENCH,
};

/** What a status means to each reader; null for a word that is none of OCPP's. */
export function statusWords(status: string, language: Language): Words | null {
  return (STATUS_WORDS[language] as Readonly<Record<string, Words>>)[status] ?? null;
}
