export const badge = {
  open: "{name} darf laden: Hier darf jeder",
  listed: "{name} darf laden: Die Liste enthält es",
  unknown: "{name} steht nicht in der Badge-Liste",
  blocked: "{name} ist in der Badge-Liste gesperrt",
  expired: "{name} galt bis {time}",
  admin: "{name} ist ein Admin-Badge: Es beendet Ladevorgänge und kann nicht laden",
  elsewhere: "{name} darf nur an anderen Stellen laden",
  concurrent: "{name} lädt bereits",
  chargesAt: "{name} lädt bereits an {place}",
  remote: "{name} darf laden: Der Ladevorgang wurde von hier gestartet",
  flow: "ein Flow antwortete {status} für {name}",
  backEnd: "das Backend {backEnd} antwortete {status} für {name}",
  backEndEarlier: "das Backend {backEnd} antwortete nicht binnen 3 s; zuletzt antwortete es {status} für {name}",
  backEndSilent: "{name}: auch das Backend {backEnd} muss zustimmen, und es antwortete nicht binnen 3 s",
  learnt: "{name} wurde durch das Anlernen in die Liste aufgenommen",
  notServed: "{name}: Die Ladestation ist nicht in Betrieb",
  reserved: "{name}: {place} ist bis {time} für ein anderes Badge reserviert",
  badge: "Badge {idTag}",
  adminBadge: "Admin-Badge {idTag}",
  noBadge: "kein Badge",
  takenFor: "gilt als {idTag}",
  otherOrder: "gilt als {idTag} (umgekehrte Byte-Reihenfolge)",
  flowSilent: "kein Flow antwortete binnen 3 s; {text}",
  backEndNoAnswer: "das Backend {backEnd} antwortete nicht binnen 3 s; {text}",
  lateLimit0:
    "das Backend {backEnd} antwortete {status} für {name}, als der Ladevorgang schon lief: Er bekommt keinen Strom",
  lateStop: "das Backend {backEnd} antwortete {status} für {name}, als der Ladevorgang schon lief: Er wird beendet",
  lateContinue: "das Backend {backEnd} antwortete {status} für {name}, als der Ladevorgang schon lief: Er geht weiter",
  wouldReverse: "{text}; sie enthält es mit umgekehrter Byte-Reihenfolge, die hier nicht zählt",
  standsFor: "{text}, und auch {idTag} nicht, das dafür steht",
  ends: "{name} beendet Transaktion {transaction} an {place}: {outcome}",
};

export const ended = {
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
};

export const book = {
  reported: "gemeldet",
  waiting: "wartet",
  refused: "abgelehnt: {why}",
  perhapsTwice: "gemeldet, vielleicht doppelt",
};

export const compare = {
  same: "Beide Bücher sind gleich. Ladevorgänge: {equal}.",
  differ: "Gleiche Ladevorgänge: {equal}. Unterschiede: {n}. Ladevorgänge hier: {here}, dort: {there}.",
  onlyHere: "{place}, {start}: {energy} kWh stehen nur in unserem Buch ({state}).",
  onlyThere: "Zeile {line}: {place}, {start}, {theirs} kWh steht nur im Buch des Backends.",
  energyDiffers: "{place}, {start}: hier {energy} kWh, in Zeile {line} {theirs} kWh.",
  perhapsTwice: "Zeile {line}: {place}, {start}, {theirs} kWh steht vielleicht doppelt im Buch des Backends.",
};

export const sent = {
  subject: "Ladevorgänge {name}",
  test: "Dies ist ein Test mit den letzten Ladevorgängen; der Bericht selbst kommt zu seiner Zeit.",
  none: "Kein Ladevorgang wurde beendet.",
  summary: "{n} {n|Ladevorgang|Ladevorgänge}, {energy} kWh.",
  corrected:
    "{n} {n|Ladevorgang eines früheren Berichts wurde|Ladevorgänge früherer Berichte wurden} berichtigt: {n|Er ist|Sie sind} zurückgenommen und neu aufgeführt.",
  zone: "Zone {zone}: {energy} kWh, davon Autos {cars} kWh.",
  attached: "Die Tabelle liegt bei: {filename}",
};
