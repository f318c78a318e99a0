export const reason = {
  MAX: {
    driver: "Laadt zo snel als laadpaal en auto kunnen.",
    staff: "Krijgt alles wat het kan gebruiken.",
    integrator: "MAX: begrensd door het laadpunt, de auto of de gemeten vraag, niet door een zone.",
  },
  MIN: {
    driver: "Laadt langzaam: er is weinig stroom, eerst krijgt iedereen het minimum.",
    staff: "Krijgt het minimum, omdat er weinig stroom is.",
    integrator: "MIN: op het minimum gehouden; daarboven is er niets te verdelen.",
  },
  ZONE: {
    driver: "Laadt langzamer: de stroom wordt gedeeld met andere auto's en het gebouw.",
    staff: "Deelt wat de zekering overlaat.",
    integrator: "ZONE: een fase van een zone op weg naar boven is vol.",
  },
  POWER: {
    driver: "Laadt langzamer: het vermogen van de locatie is begrensd.",
    staff: "Deelt de vermogenslimiet van de locatie.",
    integrator: "POWER: maxPowerW van een zone is bereikt.",
  },
  GRID: {
    driver: "Laadt langzamer: de netbeheerder of het gebouw vraagt erom.",
    staff: "Een tijdje van buitenaf begrensd.",
    integrator: "GRID: een limiet van buitenaf (ev-limit) is bepalend.",
  },
  PV: {
    driver: "Laadt met zonnestroom, zoveel als er is.",
    staff: "Volgt het zonne-overschot.",
    integrator: "PV: begrensd door het gedeelde overschot.",
  },
  IMBALANCE: {
    driver: "Laadt langzamer: de fasen van het gebouw moeten in balans blijven.",
    staff: "Begrensd, zodat de fasen in balans blijven.",
    integrator: "IMBALANCE: een fase mag niet verder boven de andere liggen.",
  },
  WAIT: {
    driver: "Wacht op zijn beurt. Het laden begint vanzelf.",
    staff: "Wacht op zijn beurt.",
    integrator: "WAIT: het minimum past nu niet; het start zodra het past, of door de wisseling.",
  },
  CLOUD: {
    driver: "Uw laadaanbieder begrenst het laden nu.",
    staff: "Begrensd door de back-end van een aanbieder.",
    integrator: "CLOUD: een laadprofiel van een back-end is de laagste limiet; zie ev-back-end.",
  },
  MAX_BELOW_MIN: {
    driver: "Pauze: er is nu te weinig stroom voor uw auto.",
    staff: "Pauze, omdat minder dan het minimum is toegestaan.",
    integrator:
      "MAX_BELOW_MIN: de bovengrens ligt onder het minimum; controleer maxA, de limiet van de netbeheerder en limieten van buitenaf.",
  },
  IDLE: {
    driver: "Uw auto neemt nu geen stroom af. Hij krijgt weer stroom zodra hij erom vraagt.",
    staff: "De auto neemt niets af; zijn deel gaat naar andere.",
    integrator: "IDLE: geen afname, en niets over om het minimum aan te houden.",
  },
  IDLE_MIN: {
    driver: "Uw auto neemt nu geen stroom af; er blijft wat voor hem klaar.",
    staff: "De auto neemt niets af; het minimum blijft voor hem klaar.",
    integrator: "IDLE_MIN: geen afname; het minimum blijft, zodat hij weer kan starten.",
  },
  OFFLINE: {
    driver: "De laadpaal is niet verbonden met de besturing van het gebouw. Hij laadt langzaam of niet.",
    staff: "De laadpaal is niet bereikbaar; er blijft stroom voor gereserveerd.",
    integrator: "OFFLINE: niet verbonden, of een uitgang die onder spanning kan staan; gereserveerd, niet toegewezen.",
  },
  SETTLING: {
    driver: "Het laden wordt aangepast.",
    staff: "Wacht tot de laatste wijziging te zien is.",
    integrator: "SETTLING: een verhoging wacht tot verlagingen of de laatste instelwaarde gemeten zijn.",
  },
  RAMP: {
    driver: "Het laden wordt sneller.",
    staff: "Stijgt stap voor stap.",
    integrator: "RAMP: stijgt met rampUpAps.",
  },
  MIN_OFF: {
    driver: "Even pauze.",
    staff: "Is net gestopt; het pauzeert een minuut en start dan zodra er ruimte is.",
    integrator: "MIN_OFF: binnen minOffS na het stoppen.",
  },
  PV_HOLD: {
    driver: "Er komt een wolk voorbij: laadt op het minimum, of wacht op de zon.",
    staff: "Overbrugt een kort gebrek aan zon, of wacht tot de zon blijft.",
    integrator: "PV_HOLD: binnen de in- of uitschakelvertraging.",
  },
  FAILSAFE: {
    driver: "Laadt voor de veiligheid langzaam of wacht: een meter van het gebouw antwoordt niet.",
    staff: "Veilige stand: een meter antwoordt niet. Zie de alarmen.",
    integrator:
      "FAILSAFE: een meter van een zone op weg naar boven is verouderd; failSafeA geldt, en niets stijgt of start, tenzij de aangenomen last ruimte laat voor alle.",
  },
  OFF: { driver: "Het laden is hier uitgeschakeld.", staff: "Uitgeschakeld.", integrator: "OFF: modus off." },
  NOT_REQUESTING: {
    driver: "Vrij. Steek de stekker in om te laden.",
    staff: "Geen auto vraagt stroom.",
    integrator: "NOT_REQUESTING: geen auto, of geen die stroom wil.",
  },
  HEMS: {
    driver: "Laadt langzamer: de energiemanager van het gebouw vraagt erom.",
    staff: "Een tijdje begrensd door een energiemanager.",
    integrator: "HEMS: de limiet of modus van een energiemanager is bepalend; ze eindigt vanzelf met haar termijn.",
  },
  BMS: {
    driver: "Laadt langzamer: de besturing van het gebouw vraagt erom.",
    staff: "Een tijdje begrensd door het gebouwbeheersysteem.",
    integrator: "BMS: de limiet of modus van een gebouwbeheersysteem is bepalend; ze eindigt vanzelf met haar termijn.",
  },
  badgeRefused: {
    driver: "Uw laadpas werd geweigerd. Gebruik een andere, of vraag het personeel.",
    staff: "De laadpas werd geweigerd.",
    integrator: "badgeRefused: er loopt geen transactie, omdat de laadpas werd geweigerd.",
  },
  stoppedForBreaker: {
    driver: "Voor de veiligheid gestopt: deze laadpaal nam meer af dan hij mag. Gebruik een andere.",
    staff: "Gestopt: een automaat was boven zijn limiet, en dit laadpunt nam meer af dan het mag. Zie de alarmen.",
    integrator:
      "stoppedForBreaker: een automaat was boven zijn limiet, er was niets meer te verlagen, en dit laadpunt nam meer af dan zijn limiet of weigerde 0 A.",
  },
};

export const status = {
  Available: {
    driver: "Vrij. Steek de stekker in om te laden.",
    staff: "Vrij.",
    integrator: "Available: geen auto, niets gereserveerd.",
  },
  Preparing: {
    driver: "Bijna zover: steek de stekker in, of houd uw laadpas voor de lezer.",
    staff: "Iemand begint net: de stekker of de laadpas ontbreekt nog.",
    integrator: "Preparing: stekker of laadpas gezien, nog geen transactie.",
  },
  Charging: {
    driver: "Uw auto laadt.",
    staff: "Laadt.",
    integrator: "Charging: de magneetschakelaar is gesloten en de auto mag afnemen.",
  },
  SuspendedEVSE: {
    driver: "Wacht op stroom. Het laden gaat vanzelf verder.",
    staff: "Gepauzeerd door de laadpaal, die op stroom wacht.",
    integrator: "SuspendedEVSE: de laadpaal biedt geen stroom aan, door een limiet of uit zichzelf.",
  },
  SuspendedEV: {
    driver: "Uw auto neemt nu geen stroom af: hij is vol, of wacht op zijn eigen timer.",
    staff: "De auto neemt geen stroom af: vol, of hij wacht op zijn eigen timer.",
    integrator: "SuspendedEV: er wordt stroom aangeboden, de auto neemt niets af.",
  },
  Finishing: {
    driver: "Klaar. Haal de stekker eruit.",
    staff: "Klaar; de auto is nog aangesloten.",
    integrator: "Finishing: de transactie is beëindigd, de stekker zit er nog in.",
  },
  Reserved: {
    driver: "Gereserveerd voor iemand anders.",
    staff: "Gereserveerd.",
    integrator: "Reserved: door een reservering vastgehouden voor een laadpas.",
  },
  Unavailable: {
    driver: "Buiten bedrijf.",
    staff: "Buiten bedrijf gesteld.",
    integrator: "Unavailable: door een opdracht of door de laadpaal zelf buiten bedrijf.",
  },
  Faulted: {
    driver: "In storing. Gebruik een andere laadpaal.",
    staff: "In storing: bij de alarmen staat wat te doen is.",
    integrator: "Faulted: de laadpaal meldt een fout en laadt niet.",
  },
};
