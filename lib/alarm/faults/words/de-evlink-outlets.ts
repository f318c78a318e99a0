import type { FaultWords } from "./types.ts";

/** Faults of EVlink outlets, in German. */
export const GERMAN_EVLINK_OUTLET: FaultWords = {
  "evlink/KO_BadgeUnknown": [
    "Badge abgelehnt",
    null,
    "Das Badge ist vor Ort oder beim Zentralsystem unbekannt.",
    "Das Badge in die Liste aufnehmen, wenn sein Inhaber hier laden darf.",
  ],
  "evlink/KO_BadgeIsNotTheBooker": [
    "Badge ist nicht das der Reservierung",
    null,
    "Jemand anderes wollte an einer reservierten Dose laden.",
    "Eine andere Dose benutzen oder die Reservierung aufheben.",
  ],
  "evlink/KO_PlugOrShutterAbnormallyLocked": [
    "Verriegelung endet in falscher Stellung",
    null,
    "Ein mechanischer Fehler.",
    "Den Stecker herausziehen, die Dose reinigen und noch einmal versuchen; kommt es wieder, die Verriegelung prüfen lassen.",
  ],
  "evlink/KO_ShutterNotOpened": [
    "Klappe nicht geöffnet",
    null,
    "Fahrer oder Mechanik.",
    "Die Klappe von Hand öffnen und nach Schmutz sehen; klemmt sie, reparieren lassen.",
  ],
  "evlink/KO_PlugNotDetected": [
    "Kein Kabel rechtzeitig gesehen",
    null,
    "Der Fahrer hat es nicht getan.",
    "Zuerst das Kabel einstecken, dann das Badge noch einmal vorhalten.",
  ],
  "evlink/KO_EvNotDetected": [
    "Kein Auto rechtzeitig gesehen",
    null,
    "Fahrer oder Kabel.",
    "Das Kabel in das Auto stecken, dann das Badge noch einmal vorhalten; ein anderes Kabel versuchen.",
  ],
  "evlink/KO_PlugOrShutterAbnormallyNotLocked": [
    "Verriegelung arbeitet nicht",
    null,
    "Ein mechanischer Fehler.",
    "Den Stecker ganz einstecken und noch einmal versuchen; kommt es wieder, die Verriegelung prüfen lassen.",
  ],
  "evlink/KO_PlugProcedureError": [
    "Problem beim Einstecken",
    null,
    null,
    "Ausstecken, zehn Sekunden warten und neu beginnen.",
  ],
  "evlink/KO_BadgeIsNotTheCurrentUser": [
    "Badge ist nicht das, mit dem begonnen wurde",
    null,
    "Jemand anderes wollte das Laden beenden.",
    "Mit dem Badge beenden, mit dem begonnen wurde, oder mit einem Admin-Badge.",
  ],
  "evlink/KO_UnlockPlugInCharge": [
    "Stecker während des Ladens entriegelt",
    null,
    "Mechanik oder Manipulation.",
    "Nach Schäden an Verriegelung und Dose sehen, und nach Manipulation.",
  ],
  "evlink/KO_OnStreetOpenShutterInCharge": [
    "City: Klappe während des Ladens geöffnet",
    null,
    "Fahrer oder Manipulation.",
    "Die Klappe schließen; nach Schäden und Manipulation sehen.",
  ],
  "evlink/KO_ShutterNotClosed": [
    "Klappe nach dem Laden offen",
    null,
    "Der Fahrer hat es nicht getan.",
    "Die Klappe schließen.",
  ],
  "evlink/KO_PlugStillDetected": [
    "Kabel nach dem Laden noch da",
    null,
    "Der Fahrer hat es nicht getan.",
    "Den Fahrer bitten, das Kabel aus der Dose zu nehmen.",
  ],
  "evlink/KO_EVStillDetected": [
    "Auto nach dem Beenden noch da",
    null,
    "Der Fahrer hat es nicht getan.",
    "Den Fahrer bitten, das Auto auszustecken.",
  ],
  "evlink/KO_UnplugProcedureError": [
    "Anderes Problem beim Ausstecken",
    null,
    null,
    "Den Stecker herausziehen; kommt er nicht heraus, den Ladepunkt per Befehl entriegeln.",
  ],
};
