import type { AlarmPhrases } from "./alarms-en-us.ts";

/** The sentences of load management's alarms, and of what its guard found, in German. */
export const GERMAN_ALARM_PHRASES: AlarmPhrases = {
  alarmWrongSign: "Zähler {meter}: Sein Strom auf L{phase} sinkt, wenn Ladestationen mehr beziehen",
  alarmWrongSignHint:
    "die Richtung seines Stromwandlers auf L{phase} und das Vorzeichen in seinen Einstellungen prüfen",
  alarmWrongScale: "Zähler {meter}: Auf L{phase} zeigt er nur einen kleinen Teil dessen, was Ladestationen beziehen",
  alarmWrongScaleHint: "das Wandlerverhältnis in seinen Einstellungen und die Skalierung seines Profils prüfen",
  alarmWrongOrder: "Zähler {meter}: Was Ladestationen auf L{phase} beziehen, zeigt er auf einer anderen Phase",
  alarmWrongOrderHint:
    "die Reihenfolge seiner Phasen prüfen, bei Stromwandlern und Spannungen, und die Phasenfolge der Ladestationen",
  alarmMeterFrozen: "Zähler {meter}: Seine Werte stehen still, während ein Auto lädt",
  alarmMeterUnheard: "Zähler {meter} hat sich noch nicht gemeldet",
  alarmMeterStale: "Zähler {meter}: seit {seconds} s kein guter Wert",
  alarmFallback:
    "Zone {zone}, L{phase}: sich selbst überlassen, hielten ihre Stationen {alone}; mit der jetzigen Last von {load} ist das mehr als {limit}",
  alarmFailSafe: "Zone {zone}: wegen Zähler {meter} gilt der Strom bei Ausfall, {current} je Ladepunkt",
  alarmNothingAssumed:
    "kein Auto beginnt zu laden, denn für die übrige Last ist nichts angenommen und noch kein ganzer Tag gesehen",
  alarmNoRoom: "kein Auto beginnt zu laden, denn neben der angenommenen Last von {load} ist nicht für alle Platz",
  alarmRoomForAll: "Autos dürfen beginnen, denn neben der angenommenen Last von {load} ist für alle Platz",
  alarmAway: "Ladepunkt {id} ist nicht verbunden; {current} bleiben dafür reserviert",
  alarmDraws: "Ladepunkt {id} bezieht seit {seconds} s {current}, erlaubt sind {limit}",
  alarmWrites: "an Ladepunkt {id} gingen in den letzten 24 Stunden {count} Ladeprofile",
  alarmKeptOne:
    "Ladepunkt {id} sollte sein Auto auf drei Phasen speisen und bleibt bei einer; er wird nicht wieder umgeschaltet, bis das Auto gefahren ist",
  alarmKeptThree:
    "Ladepunkt {id} sollte sein Auto auf einer Phase speisen und bleibt bei dreien; er wird nicht wieder umgeschaltet, bis das Auto gefahren ist",
  alarmRotation:
    "Ladepunkt {id} bezieht Strom auf L{phase}, obwohl seine Phasenfolge auf {rotation} steht; er zählt auf jeder Phase, bis sie neu eingestellt ist",
  alarmOutOfService: "Ladepunkt {id} wurde außer Betrieb genommen; {current} sind dafür reserviert",
  alarmDrew:
    "Ladepunkt {id} hat mehr als seine Grenze bezogen, was immer versucht wurde; {current} sind dafür reserviert",
  alarmDrawsAnyway: "Ladepunkt {id} bezieht {draw}, gleich welche Grenze er bekommt; {current} sind dafür reserviert",
  alarmRefuses: "Ladepunkt {id} lehnt Grenzen ab oder beantwortet sie nicht; {current} sind dafür reserviert",
  alarmBreaker:
    "L{phase} der Zone {zone}: {measured} gemessen, Grenze {limit}, und es ist nichts mehr zu senken; Ladepunkt {connector} bezieht zu viel",
  alarmZoneTree: "Zonen abgelehnt: {why}",
  alarmControl: "Regelzyklus gescheitert: {why}",
  guardAlone: "sich selbst überlassen, ergeben Stationen, die nicht rechtzeitig zurückfallen, und andere Last zusammen",
  guardCommanded: "Grenzen und andere Last ergeben zusammen",
  guardIncrease: "eine Grenze wurde erhöht, während Reserviertes und andere Last zusammen ergeben:",
  guardMeasured: "seit 15 s gemessen:",
  guardImbalance: "über der am wenigsten belasteten Phase um",
  guardMinimum: "eine Grenze zwischen 0 A und dem Minimum:",
  guardStrayed:
    "von denen, die darauf liegen sollen, lässt sich keiner mehr senken, darum werden Ladepunkte auf anderen Phasen versucht; gemessen:",
  guardCharger: "Ladepunkt {connector}: {what} {sum}, Minimum {limit}",
  guardPhase: "L{phase} der Zone {zone}: {what} {sum}, Grenze {limit}",
  guardPower: "Leistung der Zone {zone}: {what} {sum}, Grenze {limit}",
  hintGeneral: "in den Einstellungen der Ladestation die Steuerung durch ein externes System zulassen",
  hintNoProfiles: "die Ladestation nimmt keine Ladeprofile; ihr Maximum bleibt reserviert",
  hintNoAnswer:
    "keine Antwort auf eine Grenze, die höhere von alter und neuer bleibt reserviert: ihr Netzwerk prüfen oder sie neu starten",
  hintUnanswered: "Sie hat auf eine Grenze nicht geantwortet: ihr Netzwerk prüfen oder sie neu starten.",
  hintNoPause:
    "Sie pausiert nicht bei 0 A; ihr kleinster Strom bleibt reserviert. Zum Anhalten den Ladevorgang beenden oder das Auto ausstecken.",
  hintSchedule: "ihr Composite Schedule zeigt {nowA} A bei einer Grenze von {limitA} A",
  hintAway: "die Ladestation ist nicht verbunden; was für sie reserviert ist, bleibt es",
  hintReserved: "für den Ladepunkt ist reserviert statt zugeteilt, bis feststeht, dass seine Ladestation gehorcht",
  hintOld: "die Zuteilung ist zu alt, um eine Grenze zu erhöhen oder zu erneuern; die Frist läuft aus",
};
