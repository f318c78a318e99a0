import type { FaultWords } from "./types.ts";

/** Faults of Bender charge controllers, in German. */
export const GERMAN_BENDER: FaultWords = {
  "bender/residual-current": [
    "Fehlerstrom (RCMB-Sensor)",
    "Die eingebaute Fehlerstromüberwachung hat einen AC- oder DC-Fehlerstrom erkannt.",
    "Fehlerstrom im Fahrzeug, im Kabel oder in der Verdrahtung; lose oder defekte Messwandlerspule.",
    "Ausstecken: Die Überwachung ist danach wieder bereit, sonst etwa 10 s nachdem das Auto gegangen ist (15 min bei alten RCMB-Ständen bis D0469). Kommt es wieder, die gelbe Spule und ihren Stecker prüfen.",
  ],
  "bender/mode3-vehicle-error": [
    "Fahrzeug meldet einen Fehler (Mode 3)",
    "Das Auto meldet über den Control Pilot einen Fehler.",
    "Fehler des Autos oder der Verständigung mit ihm.",
    "Ausstecken und noch einmal versuchen; sonst der Anleitung des Autos folgen.",
  ],
  "bender/mode3-diode": [
    "Diodenprüfung gescheitert (Manipulationsschutz)",
    "Im Pilotkreis des Autos fehlt eine gültige Diode.",
    "Auto oder Kabel defekt, oder jemand überbrückt den Pilotkontakt.",
    "Ausstecken und mit anderem Auto oder Kabel versuchen; sonst der Anleitung des Autos folgen.",
  ],
  "bender/mcb-type2": [
    "Leitungsschutzschalter der Typ-2-Dose ausgelöst",
    "Der Überstromschutz der Typ-2-Dose hat ausgelöst.",
    "Überlast oder Kurzschluss.",
    "Die Ursache finden; danach schaltet eine Fachkraft den Leitungsschutzschalter vor Ort wieder ein.",
  ],
  "bender/mcb-domestic": [
    "Leitungsschutzschalter der Schuko-Dose ausgelöst",
    "Der Überstromschutz der Haushaltssteckdose hat ausgelöst.",
    "Überlast oder Kurzschluss.",
    "Die Ursache finden; danach schaltet eine Fachkraft den Leitungsschutzschalter vor Ort wieder ein.",
  ],
  "bender/rcd": [
    "Fehlerstrom-Schutzschalter (RCD) ausgelöst",
    "Der externe Fehlerstrom-Schutzschalter hat ausgelöst.",
    "Erdschluss oder Prüfung.",
    "Er schaltet sich einige Male von selbst wieder ein; danach vor Ort einschalten und den Fehler suchen.",
  ],
  "bender/spd": [
    "Überspannungsschutz ausgelöst",
    "Der Überspannungsableiter ist verbraucht.",
    "Blitz oder Schaltüberspannung.",
    "Den Überspannungsableiter ersetzen. Geladen wird ohne Überspannungsschutz weiter.",
  ],
  "bender/contactor-welded": [
    "Schütz verschweißt",
    "Das Ausgangsschütz öffnet nicht.",
    "Durch Überlast oder Verschleiß verschweißte Kontakte.",
    "Sofort jemanden hinschicken: Die Dose kann ohne Stecker unter Spannung stehen. Die Versorgung freischalten, bis es repariert ist.",
  ],
  "bender/backend-disconnected": [
    "Backend nicht verbunden",
    "Der Laderegler hat seine OCPP-Verbindung verloren.",
    "Netzwerk, Zentralsystem nicht in Betrieb, falsche URL.",
    "Netzwerk und Zentralsystem prüfen.",
  ],
  "bender/plug-lock-failed": [
    "Stecker ließ sich nicht verriegeln",
    "Der Verriegelungsaktor hat seine Endlage nicht erreicht.",
    "Der Stecker ist nicht ganz eingesteckt.",
    "Ausstecken und fest wieder einstecken.",
  ],
  "bender/actuator-stuck": [
    "Typ-2-Aktor klemmt, entriegelt nicht",
    "Der Verriegelungsaktor klemmt.",
    "Mechanisch verklemmt, Zug am Kabel.",
    "UnlockConnector oder ein harter Neustart versucht es noch einmal; sonst muss jemand hin.",
  ],
  "bender/actuator-missing": [
    "Typ-2-Aktor nicht erkannt",
    "Der Laderegler findet den Verriegelungsaktor nicht.",
    "Verdrahtung oder Aktor defekt.",
    "Ein harter Neustart wiederholt die Erkennung; sonst muss jemand hin.",
  ],
  "bender/ocpp-meter": [
    "Ladezähler antwortet nicht",
    "Der Zähler, dessen Werte über OCPP gemeldet werden, ist stumm.",
    "Busverdrahtung, Versorgung des Zählers, falsche Adresse oder falscher Typ.",
    "Verdrahtung, Versorgung und Einstellungen des Zählers prüfen.",
  ],
  "bender/external-meter": [
    "Externer Zähler (DLM) antwortet nicht",
    "Der Zähler am Netzanschluss oder Unterverteiler, nach dem die Ladestation ihr Lastmanagement führt, ist stumm.",
    "Netzwerk- oder Busfehler, falsche IP oder Adresse.",
    "Netzwerk, Adresse und Versorgung des Zählers prüfen. Bis dahin gilt der DLM-Eingang als ausgefallen.",
  ],
  "bender/rfid-reader": [
    "RFID-Leser antwortet nicht",
    "Der Kartenleser ist ausgefallen.",
    "Kabel oder Leser defekt.",
    "Das Kabel des Lesers prüfen, neu starten, den Leser ersetzen.",
  ],
};
