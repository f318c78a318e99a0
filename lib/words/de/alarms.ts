export const alarm = {
  wrongSign: "Zähler {meter}: Sein Strom auf L{phase} sinkt, wenn Ladestationen mehr beziehen",
  wrongScale: "Zähler {meter}: Auf L{phase} zeigt er nur einen kleinen Teil dessen, was Ladestationen beziehen",
  wrongOrder: "Zähler {meter}: Was Ladestationen auf L{phase} beziehen, zeigt er auf einer anderen Phase",
  meterFrozen: "Zähler {meter}: Seine Werte stehen still, während ein Auto lädt",
  meterUnheard: "Zähler {meter} hat sich noch nicht gemeldet",
  meterStale: "Zähler {meter}: seit {seconds} s kein guter Wert",
  fallback:
    "Zone {zone}, L{phase}: sich selbst überlassen, hielten ihre Stationen {alone}; mit der jetzigen Last von {load} ist das mehr als {limit}",
  failSafe: "Zone {zone}: wegen Zähler {meter} gilt der Strom bei Ausfall, {current} je Ladepunkt",
  nothingAssumed:
    "kein Auto beginnt zu laden, denn für die übrige Last ist nichts angenommen und noch kein ganzer Tag gesehen",
  noRoom: "kein Auto beginnt zu laden, denn neben der angenommenen Last von {load} ist nicht für alle Platz",
  roomForAll: "Autos dürfen beginnen, denn neben der angenommenen Last von {load} ist für alle Platz",
  away: "Ladepunkt {id} ist nicht verbunden; {current} bleiben dafür reserviert",
  draws: "Ladepunkt {id} bezieht seit {seconds} s {current}, erlaubt sind {limit}",
  writes: "an Ladepunkt {id} gingen in den letzten 24 Stunden {count} Ladeprofile",
  keptOne:
    "Ladepunkt {id} sollte sein Auto auf drei Phasen speisen und bleibt bei einer; er wird nicht wieder umgeschaltet, bis das Auto gefahren ist",
  keptThree:
    "Ladepunkt {id} sollte sein Auto auf einer Phase speisen und bleibt bei dreien; er wird nicht wieder umgeschaltet, bis das Auto gefahren ist",
  rotation:
    "Ladepunkt {id} bezieht Strom auf L{phase}, obwohl seine Phasenfolge auf {rotation} steht; er zählt auf jeder Phase, bis sie neu eingestellt ist",
  outOfService: "Ladepunkt {id} wurde außer Betrieb genommen; {current} sind dafür reserviert",
  drew: "Ladepunkt {id} hat mehr als seine Grenze bezogen, was immer versucht wurde; {current} sind dafür reserviert",
  drawsAnyway: "Ladepunkt {id} bezieht {draw}, gleich welche Grenze er bekommt; {current} sind dafür reserviert",
  refuses: "Ladepunkt {id} lehnt Grenzen ab oder beantwortet sie nicht; {current} sind dafür reserviert",
  breaker:
    "L{phase} der Zone {zone}: {measured} gemessen, Grenze {limit}, und es ist nichts mehr zu senken; Ladepunkt {connector} bezieht zu viel",
  breakerOpen: "der Leitungsschutzschalter der Zone {zone} ist offen; ohne Strom: {ids}",
  zoneTree: "Zonen abgelehnt: {why}",
  control: "Regelzyklus gescheitert: {why}",
  chargePointOffline: "Ladestation {id} ist nicht verbunden",
  identityConflict: "eine zweite Ladestation gibt sich als {id} aus",
  meterUnread: "Zähler {meter} hat seit mehr als 30 s keinen guten Wert geliefert",
  certificateEnds: "das Zertifikat von {id} endet in {days} {days|Tag|Tagen} und wurde nicht erneuert",
  certificateOver: "das Zertifikat von {id} ist abgelaufen",
  copy: "die tägliche Kopie der Datenbank ist gescheitert: {why}",
  recovered:
    "die Datenbank war beschädigt; die Kopie vom {time} ist an ihre Stelle getreten, was danach kam, fehlt. Die beschädigte Datei ist {path}",
  begunAnew:
    "die Datenbank war leer und es gibt keine Kopie von ihr: Aufzeichnungen, Badges und Ladevorgänge beginnen neu",
  ofStation: "Ladestation {id}: {fault}",
  ofConnector: "Ladepunkt {id}: {fault}",
  likely: "Wahrscheinlich: {cause}",
  clockBehind: "die Uhr der Ladestation {id} geht {off} nach",
  clockAhead: "die Uhr der Ladestation {id} geht {off} vor",
  store: "die Datenbank des Standorts ist nicht zu benutzen: {why}",
  limitedTo: "Zone {zone} ist von außen auf {limit} begrenzt ({source})",
  noStarts: "in Zone {zone} darf auf Wunsch von außen kein Auto zu laden beginnen ({source})",
  limited: "Zone {zone} ist von außen begrenzt ({source})",
  upstreamRefused: "Backend {name} hat {count} {count|Ladevorgang|Ladevorgänge} abgelehnt: {why}",
  upstreamWaits:
    "Backend {name}: {waiting} {waiting|Meldung über Ladevorgänge wartet|Meldungen über Ladevorgänge warten}, die älteste seit {since}",
  drill: "eine Übung läuft: {what}; sie endet spätestens um {time}",
  test: "dies ist ein Test der Alarmmeldungen",
  testAction: "Nichts zu tun: Er ist von selbst vorbei.",
  many: "{count} {count|Alarm|Alarme} auf einmal: {first}, und andere",
  more: "und {count} weitere",
  over: "Alles vorbei: {kind}",
};

export const action = {
  meterStale:
    "Stromversorgung, Anschluss und Adresse des Zählers prüfen. Bis er wieder antwortet, wird höchstens mit dem Strom bei Ausfall weitergeladen; ein wartendes Auto beginnt nur, wo neben der geschätzten Last alle Platz haben.",
  meterFrozen: "Der Zähler antwortet, aber seine Werte stehen still. Den Zähler oder sein Gateway neu starten.",
  meterWrong:
    "Der Zähler antwortet, folgt aber nicht den Ladestationen hinter ihm. Es wird höchstens mit dem Strom bei Ausfall weitergeladen, bis er einige Male richtig gezeigt hat, dass ein Auto zu laden beginnt oder aufhört.",
  failSafe: "Hier ist nichts zu tun: Die Zone erholt sich von selbst, sobald ihr Zähler wieder gute Werte liefert.",
  chargerOffline:
    "Stromversorgung und Netzwerk der Ladestation prüfen. Für sie bleibt Strom reserviert; ist sie endgültig weg, eine clear-Nachricht für sie senden.",
  notControllable:
    "Die Einstellungen der Ladestation zur Ladesteuerung (Smart Charging) prüfen: Sie lehnt Grenzen ab oder beantwortet sie nicht. Was sie beziehen kann, ist reserviert und fehlt den anderen.",
  nonCompliant:
    "Die Einstellungen der Ladestation zur Ladesteuerung (Smart Charging) und ihre Phasenfolge prüfen. Was sie bezieht, ist reserviert und fehlt den anderen.",
  breakerOver:
    "Der Leitungsschutzschalter kann auslösen. Die Ladestation, die zu viel bezieht, wird angehalten und dann außer Betrieb genommen; macht sie weiter, von Hand abschalten.",
  breakerOpen:
    "Vor dem Einschalten klären, warum der Schalter ausgelöst hat. Seine Ladepunkte sind stromlos; ihren Anteil erhalten solange die anderen.",
  fallbackOver:
    "Fiele dieser Rechner jetzt aus, könnte der Leitungsschutzschalter auslösen. Den Ladestationen unter der Zone kleinere sichere Ströme geben, oder der Zone die angenommene Last, die sie wirklich hat, und übernehmen (deploy).",
  outOfService:
    "Sie hat für den Leitungsschutzschalter zu viel bezogen und ihre Grenzen nicht eingehalten. Ist das behoben, mit ev-command wieder in Betrieb nehmen: ChangeAvailability mit dem Typ Operative.",
  phasesMistaken:
    "Die hier eingestellte Phasenfolge der Ladestation mit ihrer Verdrahtung vergleichen. Sie zählt auf allen drei Phasen, bis die Phasenfolge neu eingestellt und übernommen ist (deploy).",
  phasesKept:
    "Prüfen, ob die Ladestation ihre Phasen umschalten kann und wie es ihr zu sagen ist: während einer Pause oder durch einen eigenen Schlüssel (ihre Werte switchesPhases, phaseSwitch und phaseKey). Manche Autos bleiben auf den Phasen, mit denen sie begonnen haben.",
  manyWrites:
    "Manche Ladestationen schreiben jedes Profil in einen Speicher, der sich abnutzt. Bei ev-charging-profile minIncreaseS sowie leaseS mit refreshS erhöhen, oder cycleS bei ev-dlm; einer Ladestation, von der das bekannt ist, das Modell generic-flash geben.",
  guard:
    "Ladestationen wurden auf sichere Ströme gesenkt. Zähler, Verdrahtung und Phasenfolge prüfen und den Vorfall mit dem Log melden.",
  zoneTree:
    "Die Zonen berichtigen, die der Node nennt, und neu übernehmen (deploy). Bis dahin gilt der letzte gültige Zonenbaum weiter.",
  control:
    "Der Regelzyklus ist gescheitert. Den Flow neu starten und den Vorfall mit dem Log melden; die Ladestationen behalten ihre letzten sicheren Ströme, danach gilt der Strom bei Ausfall.",
  chargePointOffline:
    "Stromversorgung und Netzwerk der Ladestation prüfen und die Adresse des Zentralsystems, bei dem sie sich meldet.",
  chargerFault: "Den Code in der Anleitung der Ladestation nachschlagen.",
  identityConflict:
    "Zwei Ladestationen verwenden dieselbe Identität, oder jemand gibt sich als eine aus. Jeder eine eigene Identität und ein eigenes Passwort geben.",
  meterUnread: "Stromversorgung, Anschluss und Adresse des Zählers prüfen. Das Lastmanagement hängt nicht von ihm ab.",
  clock:
    "Zeitserver oder Zeitzone der Ladestation berichtigen: Bis dahin werden ihre Ladevorgänge mit unserer Zeit aufgezeichnet.",
  store:
    "Den Datenträger ansehen: Platz, Rechte, Fehler. Das Laden geht weiter; Beginn und Ende von Ladevorgängen werden erst bestätigt, wenn sie gespeichert werden können.",
  certificateEnds:
    "Im Dialog des OCPP-Servers unter Zertifikate nachsehen, warum es nicht erneuert wurde, und Erneuern drücken.",
  copy: "Den Datenträger ansehen: Platz und Rechte des Ordners `copies` neben der Datenbank. Alle zehn Minuten wird es wieder versucht.",
  recovered:
    "Den Datenträger prüfen, bevor er wieder ausfällt. Ladevorgänge und Badges seit der Kopie fehlen, oder alle, wo es keine gab; vielleicht stehen sie noch in der beschädigten Datei oder in einer Sicherung.",
  upstreamRefused:
    "Im Buch der Ladevorgänge nachsehen, welche es sind und warum. Die Ursache beheben, beim Backend oder hier, und sie noch einmal melden.",
  upstreamWaits:
    "Adresse, Passwort und Zertifikat des Backends prüfen, und ob es arbeitet. Es geht nichts verloren: Was wartet, wird gesendet, sobald es angenommen wird.",
  limit: "Nichts zu tun: Die Grenze endet von selbst oder wenn sie aufgehoben wird.",
  drill:
    "Nichts zu tun: Sie endet von selbst, und alles wird zurückgestellt. Wer sie begonnen hat, kann sie sofort abbrechen.",
};

export const kind = {
  meterStale: "Zähler ohne Werte",
  meterFrozen: "Zähler, deren Werte stillstehen",
  meterWrong: "Zähler, die den Ladestationen nicht folgen",
  failSafe: "Zonen im sicheren Betrieb",
  chargerOffline: "nicht verbundene Ladepunkte",
  notControllable: "Ladepunkte, die keine Grenzen annehmen",
  nonCompliant: "Ladepunkte, die ihre Grenze nicht einhalten",
  breakerOver: "Leitungsschutzschalter über ihrer Grenze",
  breakerOpen: "offene Leitungsschutzschalter",
  fallbackOver: "Zonen, deren Ladestationen allein gelassen nicht passen",
  outOfService: "außer Betrieb genommene Ladepunkte",
  phasesMistaken: "Ladepunkte auf anderen Phasen als eingestellt",
  phasesKept: "Ladepunkte, die ihre Phasen behalten",
  manyWrites: "Ladepunkte mit vielen Schreibvorgängen",
  guard: "vom Wächter berichtigte Grenzen",
  zoneTree: "abgelehnte Zonen",
  control: "Ausfälle des Regelzyklus",
  chargePointOffline: "nicht verbundene Ladestationen",
  chargerFault: "Störungen von Ladestationen",
  identityConflict: "doppelt verwendete Identitäten",
  meterUnread: "andere Zähler ohne Werte",
  clock: "falsch gehende Uhren",
  store: "Datenbank",
  certificateEnds: "Zertifikate von Ladestationen",
  copy: "tägliche Kopien",
  recovered: "aus einer Kopie wiederhergestellte Datenbank",
  upstreamRefused: "Backends, die Ladevorgänge ablehnten",
  upstreamWaits: "Backends mit wartenden Meldungen",
  limit: "Grenzen von außen",
  drill: "Übungen",
};

export const mail = {
  resolved: "behoben",
  seen: "gesehen",
  alarm: "Alarm",
  warning: "Warnung",
  info: "Hinweis",
  where: "Wo: {place}",
  since: "Seit: {time}",
  resolvedAt: "Behoben: {time}",
  seenBy: "Gesehen von {by}: {comment}",
  noComment: "ohne Kommentar",
  action: "Was zu tun ist: {action}",
  flapping: "Der Alarm kommt und geht; er wird einmal gemeldet und wieder, wenn fünf Minuten Ruhe war.",
};
