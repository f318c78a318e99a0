import type { FaultWords } from "./types.ts";

/** Faults of OCPP's own codes, in German. */
export const GERMAN_OCPP: FaultWords = {
  "ocpp/ConnectorLockFailure": [
    "Stecker nicht verriegelt oder nicht freigegeben",
    "Der Stecker ließ sich nicht ver- oder entriegeln.",
    "Der Stecker ist nicht ganz eingesteckt, das Kabel zieht an ihm, oder die Verriegelung klemmt.",
    "Den Stecker fest einstecken, oder das Kabel entlasten und den Ladepunkt per Befehl entriegeln.",
  ],
  "ocpp/EVCommunicationError": [
    "Keine Verständigung mit dem Auto",
    "Ladestation und Auto verstehen sich über die Signalleitung (Control Pilot) nicht.",
    "Kabel, Steckkontakte oder ein Fehler des Autos.",
    "Ausstecken, zehn Sekunden warten, wieder einstecken; ein anderes Kabel versuchen, dann ein anderes Auto.",
  ],
  "ocpp/GroundFailure": [
    "Fehlerstrom",
    "Der Fehlerstromschutz hat ausgelöst.",
    "Fehlerstrom im Auto, im Kabel oder in der Anlage; Feuchtigkeit.",
    "Ausstecken. Kommt es mit einem anderen Auto wieder, den Fehler von einer Elektrofachkraft suchen lassen, bevor weiter geladen wird.",
  ],
  "ocpp/HighTemperature": [
    "Zu heiß",
    "In der Ladestation ist es zu heiß; sie kann den Strom von sich aus senken.",
    "Sonne, ein verdeckter Lufteinlass oder eine lose Klemme.",
    "Abkühlen lassen und für Luft sorgen; kommt es auch im Schatten wieder, die Klemmen nachziehen lassen.",
  ],
  "ocpp/InternalError": [
    "Interner Fehler",
    "Hardware oder Software der Ladestation ist ausgefallen.",
    null,
    "Per Befehl zurücksetzen; bleibt der Fehler, dem Hersteller ihre Diagnosedatei schicken.",
  ],
  "ocpp/LocalListConflict": [
    "Badge-Liste nicht im Gleichstand",
    "Die Badge-Liste in der Ladestation stimmt nicht mit der des Zentralsystems überein.",
    "Die Liste wurde geändert, während die Ladestation weg war.",
    "Nichts: Die Liste wird noch einmal ganz gesendet.",
  ],
  "ocpp/OtherError": [
    "Störung der Ladestation",
    null,
    null,
    "Den Code des Herstellers in der Anleitung der Ladestation nachschlagen.",
  ],
  "ocpp/OverCurrentFailure": [
    "Überstrom",
    "Der Überstromschutz der Ladestation hat ausgelöst.",
    "Überlast oder Kurzschluss; ein Auto, das mehr bezieht, als ihm angeboten wird.",
    "Ausstecken und ein anderes Auto versuchen. Einen ausgelösten Leitungsschutzschalter schaltet eine Elektrofachkraft ein, die die Ursache gefunden hat.",
  ],
  "ocpp/OverVoltage": [
    "Spannung zu hoch",
    null,
    "Die Versorgung; ein unterbrochener Neutralleiter.",
    "Versorgungsspannung und Neutralleiter sofort messen lassen.",
  ],
  "ocpp/PowerMeterFailure": [
    "Zähler der Ladestation antwortet nicht",
    null,
    "Verdrahtung, Versorgung, Adresse oder Typ des Zählers.",
    "Verdrahtung, Versorgung und Einstellungen des Zählers in der Ladestation prüfen.",
  ],
  "ocpp/PowerSwitchFailure": [
    "Schütz gestört",
    "Das Schütz folgt nicht: Die Steckdose kann unter Spannung stehen, auch ohne Stecker.",
    "Durch Überlast verschweißte oder verschlissene Kontakte.",
    "Menschen fernhalten und die Versorgung abschalten, bis es repariert ist.",
  ],
  "ocpp/ReaderFailure": [
    "Kartenleser antwortet nicht",
    null,
    "Kabel oder Leser.",
    "Das Kabel des Lesers prüfen, die Ladestation neu starten, den Leser ersetzen.",
  ],
  "ocpp/ResetFailure": [
    "Neustart gescheitert",
    "Die Ladestation konnte nicht von selbst neu starten.",
    null,
    "Ihre Versorgung aus- und wieder einschalten.",
  ],
  "ocpp/UnderVoltage": [
    "Spannung zu niedrig",
    null,
    "Die Versorgung; eine lange oder lose Verbindung unter Last.",
    "Versorgungsspannung und Klemmen unter Last messen lassen.",
  ],
  "ocpp/WeakSignal": [
    "Schwacher Empfang",
    null,
    "Empfang des Modems oder des WLAN.",
    "Die Antenne versetzen oder ein Kabel verwenden.",
  ],
};
