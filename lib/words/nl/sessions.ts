export const badge = {
  open: "{name} mag laden: hier mag iedereen",
  listed: "{name} mag laden: hij staat in de lijst",
  unknown: "{name} staat niet in de lijst van laadpassen",
  blocked: "{name} is geblokkeerd in de lijst van laadpassen",
  expired: "{name} was geldig tot {time}",
  admin: "{name} is een adminpas: hij beëindigt laadsessies en kan niet laden",
  elsewhere: "{name} mag alleen op andere plaatsen laden",
  concurrent: "{name} laadt al",
  chargesAt: "{name} laadt al bij {place}",
  remote: "{name} mag laden: het laden werd van hieruit gestart",
  flow: "een flow antwoordde {status} voor {name}",
  backEnd: "de back-end {backEnd} antwoordde {status} voor {name}",
  backEndEarlier: "de back-end {backEnd} antwoordde niet binnen 3 s; eerder antwoordde hij {status} voor {name}",
  backEndSilent: "{name}: ook de back-end {backEnd} moet hem accepteren, en die antwoordde niet binnen 3 s",
  learnt: "{name} is door het inleren aan de lijst toegevoegd",
  notServed: "{name}: de laadpaal is niet in bedrijf",
  reserved: "{name}: {place} is tot {time} voor een andere laadpas gereserveerd",
  badge: "laadpas {idTag}",
  adminBadge: "adminpas {idTag}",
  noBadge: "geen laadpas",
  takenFor: "geldt als {idTag}",
  otherOrder: "geldt als {idTag} (omgekeerde bytevolgorde)",
  flowSilent: "geen flow antwoordde binnen 3 s; {text}",
  backEndNoAnswer: "de back-end {backEnd} antwoordde niet binnen 3 s; {text}",
  lateLimit0:
    "de back-end {backEnd} antwoordde {status} voor {name} toen het laden al begonnen was: er komt geen stroom",
  lateStop: "de back-end {backEnd} antwoordde {status} voor {name} toen het laden al begonnen was: het wordt gestopt",
  lateContinue: "de back-end {backEnd} antwoordde {status} voor {name} toen het laden al begonnen was: het gaat door",
  wouldReverse: "{text}; hij staat er met omgekeerde bytevolgorde in, die hier niet telt",
  standsFor: "{text}, en {idTag}, die ervoor staat, ook niet",
  ends: "{name} beëindigt transactie {transaction} van {place}: {outcome}",
};

export const ended = {
  DeAuthorized: "laadpas geweigerd",
  EmergencyStop: "noodstop",
  EVDisconnected: "stekker eruit",
  HardReset: "laadpaal herstart",
  Local: "bij de laadpaal",
  Other: "andere reden",
  PowerLoss: "stroomuitval",
  Reboot: "laadpaal herstart",
  Remote: "van hieruit",
  SoftReset: "laadpaal herstart",
  UnlockCommand: "kabel van hieruit ontgrendeld",
  notReported: "einde niet gemeld",
  superseded: "volgende laadsessie begon",
  breakerOver: "gestopt omdat een automaat boven zijn limiet was",
};

export const book = {
  reported: "gemeld",
  waiting: "wacht",
  refused: "geweigerd: {why}",
  perhapsTwice: "gemeld, misschien dubbel",
};

export const compare = {
  same: "Beide boeken zijn gelijk. Laadsessies: {equal}.",
  differ: "Gelijke laadsessies: {equal}. Verschillen: {n}. Laadsessies hier: {here}, daar: {there}.",
  onlyHere: "{place}, {start}: {energy} kWh staat alleen in ons boek ({state}).",
  onlyThere: "Regel {line}: {place}, {start}, {theirs} kWh staat alleen in het boek van de back-end.",
  energyDiffers: "{place}, {start}: hier {energy} kWh, in regel {line} {theirs} kWh.",
  perhapsTwice: "Regel {line}: {place}, {start}, {theirs} kWh staat misschien dubbel in het boek van de back-end.",
};

export const sent = {
  subject: "Laadsessies {name}",
  test: "Dit is een test met de laatste sessies; het rapport zelf komt op zijn tijd.",
  none: "Er is geen laadsessie beëindigd.",
  summary: "{n} {n|laadsessie|laadsessies}, {energy} kWh.",
  corrected:
    "{n} {n|sessie van een eerder rapport is|sessies van eerdere rapporten zijn} verbeterd: ze {n|is|zijn} teruggenomen en opnieuw opgenomen.",
  zone: "Zone {zone}: {energy} kWh, waarvan {cars} kWh voor auto’s.",
  attached: "De tabel is bijgevoegd: {filename}",
};
