/** Drills on a running site: what they are, what was done and seen, and what to do. */
export const drill = {
  link: "Verbindung zu {target} getrennt",
  meter: "Zähler {target} tot",
  limit: "Grenze des Netzbetreibers bei {target}",
  disobey: "{target} gehorcht nicht",
  running: "Übung: {what}, noch höchstens {seconds} s",
  returning: "Übung: {what}, zurückgestellt; wartet höchstens {seconds} s, bis alles wie vorher ist",
  limitReason: "eine Übung",
  beganLink: "Die Verbindung zu {target} wurde geschlossen und wird geschlossen gehalten.",
  beganMeter: "Das Lastmanagement übergeht die Werte des Zählers {target}.",
  beganLimit:
    "Für die Ladestationen von {target} sind {limit} W befohlen: so viel lässt § 14a EnWG {devices} Ladestationen hinter einer Steuerung.",
  beganLimitGiven: "Für die {devices} Ladestationen von {target} sind {limit} W befohlen.",
  beganDisobey: "{target} scheint {current} bei einer Grenze von {limit} zu beziehen. Sein Auto bleibt unberührt.",
  leaseOver: "Die Grenze der Ladestation ist abgelaufen.",
  toldAll: "Alle Ladestationen haben ausreichend niedrige Grenzen bestätigt.",
  down: "Der Bezug ist niedrig genug.",
  putBack: "Alles wurde zurückgestellt.",
  back: "Alles ist wie vorher.",
  linkFell: "Laut Zähler ging {target} nach {seconds} s von selbst auf den sicheren Strom von {safe}.",
  linkRegister:
    "Laut eigenem Energiezähler ging {target} nach etwa {seconds} s von selbst auf den sicheren Strom von {safe}.",
  linkStayed: "{target} bezog nach {seconds} s ohne Verbindung noch {current}.",
  linkStayedCure:
    "An der Ladestation selbst den Strom ohne Verbindung auf {safe} stellen. Bis dahin hier den sicheren Strom auf ihr Maximum stellen, damit er reserviert bleibt.",
  linkUnseen: "Nichts zeigt, wann die Ladestation herunterging.",
  linkUnseenCure:
    "Über der Ladestation einen Zähler setzen, der alle paar Sekunden einen Wert liefert, oder während einer Übung auf ihre Anzeige sehen.",
  confirmed: "Die Ladestationen hatten nach {seconds} s Grenzen von zusammen {limit} bestätigt.",
  notConfirmed: "Die Grenzen der Ladestationen waren nach {seconds} s nicht niedrig genug.",
  meterCure: "Alarme ansehen und Ladestationen, die nicht antworten. Den Ausfallstrom der Zone prüfen.",
  limitCure: "Alarme ansehen und Ladestationen, die nicht antworten oder nicht verbunden sind.",
  disobeyCure: "Alarme und die anderen Ladestationen ansehen: wer nicht antwortet, kann nicht nachgeben.",
  lateCure:
    "Erwartet werden höchstens {allowed} s. Im OCPP-Protokoll nach langsamen Antworten suchen, außerdem nach einem langen Zyklus von ev-dlm oder einer langen Gültigkeit der Grenzen.",
  drawn: "Laut ihren eigenen Werten bezogen sie nach {seconds} s nicht mehr als das.",
  notDrawn: "Laut ihren Werten bezogen sie am Ende noch {measured}; sicher sind {limit}.",
  notDrawnCure: "Die Ladestation suchen, die mehr als erlaubt bezieht: die Seitenleiste nennt sie und die Einstellung.",
  unseen: "Kein neuer Wert zeigt, was die Ladestationen bezogen.",
  unseenCure: "Die Ladestationen ihre Ströme alle 10 s melden lassen oder die Übung länger laufen lassen.",
  linkBack: "Die Verbindung ist wieder offen; die Ladestation war {seconds} s später zurück.",
  linkOpen: "Die Verbindung ist wieder offen; die Ladestation kommt von selbst zurück.",
  linkAway: "Die Verbindung ist wieder offen, die Ladestation aber noch nicht zurück.",
  linkAwayCure: "Manche Ladestationen wählen sich erst nach Minuten neu ein. Bleibt sie weg: neu starten.",
  meterBack: "Die Werte des Zählers gelten wieder.",
  limitBack: "Die Grenze ist aufgehoben.",
  disobeyBack: "Die Werte sind wieder die der Ladestation selbst.",
  cutShort: "Sie wurde abgebrochen, bevor alles zu sehen war.",
  cutShortCure: "Die Übung wiederholen.",
};

/** Why a drill ended. */
export const drillEnd = {
  finished: "Durchlaufen.",
  person: "Von Hand abgebrochen.",
  room: "Abgebrochen: eine Phase kam nahe an ihre Grenze. Erneut versuchen, wenn weniger bezogen wird.",
  car: "Abgebrochen: das Auto lädt nicht mehr.",
  gone: "Abgebrochen: eine Ladestation wurde aus dem Flow genommen.",
  deploy: "Durch ein Übernehmen (Deploy) abgebrochen.",
  restart: "Abgebrochen: Node-RED wurde beendet.",
};

/** The part of a page on which drills are held. */
export const drillPage = {
  which: "Übung",
  where: "An",
  seconds: "Sekunden höchstens",
  limitW: "Grenze, W (leer: was § 14a lässt)",
  start: "Beginnen",
  abort: "Abbrechen",
  none: "Noch keine Übung wurde abgehalten.",
  more: "Was getan wurde, und der Verlauf",
  ask: "{what}: jetzt am laufenden Standort beginnen?",
  commanded: "befohlen",
  measured: "gemessen",
  safe: "sicher",
  link: "Verbindung getrennt",
  meter: "Zähler tot",
  limit: "Grenze des Netzbetreibers",
  disobey: "Eine Ladestation gehorcht nicht",
  linkNote:
    "Die Verbindung der Ladestation bleibt geschlossen, bis ihre Grenze abgelaufen ist: einige Minuten. Dort muss ein Auto laden, und darüber müssen 4 A frei sein.",
  meterNote:
    "Das Lastmanagement übergeht den Zähler für weniger als eine Minute. Darunter muss ein Auto laden, und 4 A müssen frei sein.",
  limitNote: "Für die Ladestationen der Zone wird eine Leistung befohlen, höchstens eine Minute lang.",
  disobeyNote:
    "Das Lastmanagement sieht dort mehr Strom als erlaubt. Das Auto bleibt unberührt; andere Autos geben nach.",
  title: "Übungen",
  note: "Eine Übung zeigt am laufenden Standort, dass keine Sicherung überlastet wird, wenn etwas ausfällt. Sie endet von selbst, und alles wird zurückgestellt.",
  asLong: "so lange wie nötig",
  mayNot: "Nur ein Admin darf eine Übung halten. Wer den Standort betreut, kann es erlauben.",
  last: "Ergebnis vom {time}",
  earlier: "Frühere Übungen",
  done: "Was getan wurde",
  second: "{seconds} s",
  curve: "Was die Ladestationen zusammen haben, {unit}",
  takes: "Dauert höchstens {seconds} s.",
};
