export const badge = {
  open: "{name} peut charger : ici, tout le monde le peut",
  listed: "{name} peut charger : la liste le contient",
  unknown: "{name} n’est pas dans la liste de badges",
  blocked: "{name} est bloqué dans la liste de badges",
  expired: "{name} était valable jusqu’au {time}",
  admin: "{name} est un badge administrateur : il arrête les charges et ne peut pas charger",
  elsewhere: "{name} ne peut charger qu’ailleurs",
  concurrent: "{name} charge déjà",
  chargesAt: "{name} charge déjà à {place}",
  remote: "{name} peut charger : la charge a été lancée d’ici",
  flow: "un flux a répondu {status} pour {name}",
  backEnd: "le back-end {backEnd} a répondu {status} pour {name}",
  backEndEarlier: "le back-end {backEnd} n’a pas répondu en 3 s ; sa dernière réponse était {status} pour {name}",
  backEndSilent: "{name} : le back-end {backEnd} doit aussi l’accepter, et n’a pas répondu en 3 s",
  learnt: "{name} a été ajouté à la liste par l’apprentissage",
  notServed: "{name} : la borne n’est pas en service",
  reserved: "{name} : {place} est réservée pour un autre badge jusqu’à {time}",
  badge: "badge {idTag}",
  adminBadge: "badge administrateur {idTag}",
  noBadge: "aucun badge",
  takenFor: "pris pour {idTag}",
  otherOrder: "pris pour {idTag} (autre ordre des octets)",
  flowSilent: "aucun flux n’a répondu en 3 s ; {text}",
  backEndNoAnswer: "le back-end {backEnd} n’a pas répondu en 3 s ; {text}",
  lateLimit0:
    "le back-end {backEnd} a répondu {status} pour {name} alors que la charge avait commencé : elle ne reçoit plus de courant",
  lateStop:
    "le back-end {backEnd} a répondu {status} pour {name} alors que la charge avait commencé : elle est arrêtée",
  lateContinue:
    "le back-end {backEnd} a répondu {status} pour {name} alors que la charge avait commencé : elle continue",
  wouldReverse: "{text} ; elle le contient avec ses octets dans l’autre ordre, qui ne compte pas ici",
  standsFor: "{text}, ni {idTag}, qui le remplace",
  ends: "{name} arrête la transaction {transaction} de {place} : {outcome}",
};

export const ended = {
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
};

export const book = {
  reported: "transmise",
  waiting: "en attente",
  refused: "refusée : {why}",
  perhapsTwice: "transmise, peut-être deux fois",
};

export const compare = {
  same: "Les deux livres sont identiques. Charges : {equal}.",
  differ: "Charges identiques : {equal}. Différences : {n}. Charges ici : {here}, là-bas : {there}.",
  onlyHere: "{place}, {start} : {energy} kWh ne sont que dans notre livre ({state}).",
  onlyThere: "Ligne {line} : {place}, {start}, {theirs} kWh n’est que dans le livre du back-end.",
  energyDiffers: "{place}, {start} : {energy} kWh ici, {theirs} kWh à la ligne {line}.",
  perhapsTwice: "Ligne {line} : {place}, {start}, {theirs} kWh est peut-être deux fois dans le livre du back-end.",
};

export const sent = {
  subject: "Sessions de charge {name}",
  test: "Ceci est un test avec les dernières sessions ; le rapport lui-même viendra à son heure.",
  none: "Aucune session de charge ne s'est terminée.",
  summary: "{n} {n|session|sessions} de charge, {energy} kWh.",
  corrected:
    "{n} {n|session d’un rapport précédent a été rectifiée|sessions de rapports précédents ont été rectifiées} : {n|elle est annulée et reprise|elles sont annulées et reprises} à neuf.",
  zone: "Zone {zone} : {energy} kWh, dont {cars} kWh pour les voitures.",
  attached: "Le tableau est joint : {filename}",
};
