export const reason = {
  MAX: {
    driver: "Lädt so schnell, wie Ladestation und Auto es können.",
    staff: "Bekommt alles, was es nutzen kann.",
    integrator: "MAX: begrenzt durch Ladepunkt, Auto oder gemessenen Bedarf, nicht durch eine Zone.",
  },
  MIN: {
    driver: "Lädt langsam: Der Strom ist knapp, zuerst bekommen alle das Minimum.",
    staff: "Bekommt das Minimum, weil der Strom knapp ist.",
    integrator: "MIN: auf dem Minimum gehalten; darüber ist nichts zu verteilen.",
  },
  ZONE: {
    driver: "Lädt langsamer: Der Strom wird mit anderen Autos und dem Gebäude geteilt.",
    staff: "Teilt sich, was der Leitungsschutz übrig lässt.",
    integrator: "ZONE: Eine Phase einer Zone auf dem Weg nach oben ist voll.",
  },
  POWER: {
    driver: "Lädt langsamer: Die Leistung des Standorts ist begrenzt.",
    staff: "Teilt sich die Leistungsgrenze des Standorts.",
    integrator: "POWER: maxPowerW einer Zone ist erreicht.",
  },
  GRID: {
    driver: "Lädt langsamer: Der Netzbetreiber oder das Gebäude verlangt es.",
    staff: "Für eine Weile von außen begrenzt.",
    integrator: "GRID: Eine Grenze von außen (ev-limit) bindet.",
  },
  PV: {
    driver: "Lädt mit Sonnenstrom, so viel es davon gibt.",
    staff: "Folgt dem Solarüberschuss.",
    integrator: "PV: begrenzt durch den gemeinsamen Überschuss.",
  },
  IMBALANCE: {
    driver: "Lädt langsamer: Die Phasen des Gebäudes müssen im Gleichgewicht bleiben.",
    staff: "Begrenzt, damit die Phasen im Gleichgewicht bleiben.",
    integrator: "IMBALANCE: Eine Phase darf nicht mehr über den anderen liegen.",
  },
  WAIT: {
    driver: "Wartet, bis es an der Reihe ist. Das Laden beginnt von selbst.",
    staff: "Wartet, bis es an der Reihe ist.",
    integrator: "WAIT: Das Minimum passt jetzt nicht; es startet, sobald es passt, oder durch den Wechsel.",
  },
  CLOUD: {
    driver: "Ihr Ladebetreiber begrenzt Ihren Ladevorgang gerade.",
    staff: "Vom Backend eines Betreibers begrenzt.",
    integrator: "CLOUD: Ein Ladeprofil eines Backends ist die niedrigste Grenze; siehe ev-back-end.",
  },
  MAX_BELOW_MIN: {
    driver: "Pause: Für Ihr Auto ist gerade zu wenig Strom da.",
    staff: "Pause, weil weniger als das Minimum erlaubt ist.",
    integrator:
      "MAX_BELOW_MIN: Die Obergrenze liegt unter dem Minimum; maxA, Betreibergrenze und äußere Grenzen prüfen.",
  },
  IDLE: {
    driver: "Ihr Auto nimmt gerade keinen Strom. Es bekommt wieder welchen, sobald es danach fragt.",
    staff: "Das Auto nimmt nichts; sein Anteil geht an andere.",
    integrator: "IDLE: kein Bezug, und nichts übrig, um das Minimum zu halten.",
  },
  IDLE_MIN: {
    driver: "Ihr Auto nimmt gerade keinen Strom; etwas bleibt dafür bereit.",
    staff: "Das Auto nimmt nichts; das Minimum bleibt dafür bereit.",
    integrator: "IDLE_MIN: kein Bezug; das Minimum bleibt, damit es wieder starten kann.",
  },
  OFFLINE: {
    driver: "Die Ladestation ist nicht mit der Steuerung verbunden. Sie lädt langsam oder gar nicht.",
    staff: "Die Ladestation ist nicht erreichbar; Strom bleibt für sie reserviert.",
    integrator:
      "OFFLINE: nicht verbunden, oder der Ladepunkt könnte unter Spannung stehen; reserviert statt zugeteilt.",
  },
  SETTLING: {
    driver: "Das Laden wird angepasst.",
    staff: "Wartet, bis sich die letzte Änderung zeigt.",
    integrator: "SETTLING: Eine Erhöhung wartet, bis Absenkungen oder der letzte Sollwert gemessen sind.",
  },
  RAMP: {
    driver: "Das Laden wird schneller.",
    staff: "Steigt schrittweise.",
    integrator: "RAMP: steigt mit rampUpAps.",
  },
  MIN_OFF: {
    driver: "Kurze Pause.",
    staff: "Wurde eben angehalten; pausiert eine Minute und startet dann, sobald Platz ist.",
    integrator: "MIN_OFF: innerhalb von minOffS nach dem Anhalten.",
  },
  PV_HOLD: {
    driver: "Eine Wolke zieht vorbei: lädt mit dem Minimum oder wartet auf die Sonne.",
    staff: "Überbrückt kurzen Sonnenmangel oder wartet, bis die Sonne beständig ist.",
    integrator: "PV_HOLD: innerhalb der Ein- oder Ausschaltverzögerung.",
  },
  FAILSAFE: {
    driver: "Lädt zur Sicherheit langsam oder wartet: Ein Zähler des Gebäudes antwortet nicht.",
    staff: "Sicherer Betrieb: Ein Zähler antwortet nicht. Siehe Alarme.",
    integrator:
      "FAILSAFE: Ein Zähler einer Zone auf dem Weg nach oben ist veraltet; failSafeA gilt, und nichts steigt oder beginnt, außer wenn neben der geschätzten Last alle Platz haben.",
  },
  OFF: { driver: "Das Laden ist hier ausgeschaltet.", staff: "Ausgeschaltet.", integrator: "OFF: Modus off." },
  NOT_REQUESTING: {
    driver: "Frei. Zum Laden einstecken.",
    staff: "Kein Auto verlangt Strom.",
    integrator: "NOT_REQUESTING: kein Auto, oder keines, das Strom will.",
  },
  HEMS: {
    driver: "Lädt langsamer: Der Energiemanager des Hauses verlangt es.",
    staff: "Eine Zeit lang von einem Energiemanager begrenzt.",
    integrator: "HEMS: Die Grenze oder der Modus eines Energiemanagers bindet; sie endet von selbst mit ihrer Frist.",
  },
  BMS: {
    driver: "Lädt langsamer: Die Gebäudesteuerung verlangt es.",
    staff: "Eine Zeit lang von der Gebäudeleittechnik begrenzt.",
    integrator: "BMS: Die Grenze oder der Modus einer Gebäudeleittechnik bindet; sie endet von selbst mit ihrer Frist.",
  },
  badgeRefused: {
    driver: "Ihr Badge wurde abgelehnt. Bitte ein anderes benutzen oder das Personal fragen.",
    staff: "Das Badge wurde abgelehnt.",
    integrator: "badgeRefused: Es läuft keine Transaktion, weil das Badge abgelehnt wurde.",
  },
  stoppedForBreaker: {
    driver: "Zur Sicherheit gestoppt: Diese Ladestation bezog mehr, als sie darf. Bitte eine andere nehmen.",
    staff:
      "Gestoppt: Ein Leitungsschutz war über seiner Grenze, und diese Ladestation bezog mehr, als sie darf. Siehe Alarme.",
    integrator:
      "stoppedForBreaker: Ein Leitungsschutz war über seiner Grenze, nichts war mehr zu senken, und diese Ladestation bezog mehr als ihre Grenze oder lehnte 0 A ab.",
  },
};

export const status = {
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
