export const alarm = {
  wrongSign: "meter {meter}: zijn stroom op L{phase} daalt als laadpunten meer afnemen",
  wrongScale: "meter {meter}: op L{phase} laat hij maar een klein deel zien van wat laadpunten afnemen",
  wrongOrder: "meter {meter}: wat laadpunten op L{phase} afnemen, laat hij op een andere fase zien",
  meterFrozen: "meter {meter}: zijn waarden staan stil terwijl een auto laadt",
  meterUnheard: "meter {meter} heeft zich nog niet gemeld",
  meterStale: "meter {meter}: al {seconds} s geen goede waarde",
  fallback:
    "zone {zone}, L{phase}: zonder besturing zouden de laadpunten {alone} aanhouden; met de belasting van {load} die er nu is, is dat meer dan {limit}",
  failSafe: "zone {zone}: veilige stand van {current} per laadpunt vanwege meter {meter}",
  nothingAssumed:
    "er start geen auto, want voor deze meter is geen belasting aangenomen en er is nog geen hele dag van gezien",
  noRoom: "er start geen auto, want naast de aangenomen last van {load} is er geen ruimte voor alle auto's",
  roomForAll: "auto's mogen starten, want naast de aangenomen last van {load} is er ruimte voor alle auto's",
  away: "laadpunt {id} is niet verbonden; {current} blijft ervoor gereserveerd",
  draws: "laadpunt {id} neemt al {seconds} s {current} af bij een limiet van {limit}",
  writes: "laadpunt {id} kreeg in de afgelopen 24 uur {count} laadprofielen",
  keptOne:
    "laadpunt {id} moest de auto op drie fasen laden en gaat door met één; het wordt pas weer omgeschakeld als de auto weg is",
  keptThree:
    "laadpunt {id} moest de auto op één fase laden en gaat door met drie; het wordt pas weer omgeschakeld als de auto weg is",
  rotation:
    "laadpunt {id} neemt stroom af op L{phase}, hoewel zijn fasevolgorde is ingesteld op {rotation}; het telt op elke fase mee tot de fasevolgorde opnieuw is ingesteld",
  outOfService: "laadpunt {id} is buiten bedrijf gesteld; {current} is ervoor gereserveerd",
  drew: "laadpunt {id} nam meer af dan zijn limiet, wat er ook geprobeerd werd; {current} is ervoor gereserveerd",
  drawsAnyway: "laadpunt {id} neemt {draw} af, welke limiet het ook krijgt; {current} is ervoor gereserveerd",
  refuses: "laadpunt {id} weigert limieten of beantwoordt ze niet; {current} is ervoor gereserveerd",
  breaker:
    "L{phase} van zone {zone}: {measured} gemeten, limiet {limit}, en er is niets meer te verlagen; laadpunt {connector} neemt te veel af",
  breakerOpen: "de automaat van zone {zone} is uitgeschakeld; zonder stroom: {ids}",
  zoneTree: "{why}",
  control: "{why}",
  chargePointOffline: "laadpaal {id} is niet verbonden",
  identityConflict: "een tweede laadpaal meldt zich als {id}",
  meterUnread: "meter {meter} heeft meer dan 30 s geen goede meetwaarde gegeven",
  certificateEnds: "het certificaat van {id} verloopt over {days} {days|dag|dagen} en is niet vernieuwd",
  certificateOver: "het certificaat van {id} is verlopen",
  copy: "de dagelijkse kopie van de database is mislukt: {why}",
  recovered:
    "de database was beschadigd; de kopie van {time} is ervoor in de plaats gekomen, wat later kwam ontbreekt. Het beschadigde bestand is {path}",
  begunAnew: "de database was leeg en er is geen kopie van; registraties, laadpassen en sessies beginnen opnieuw",
  ofStation: "laadpaal {id}: {fault}",
  ofConnector: "laadpunt {id}: {fault}",
  likely: "Waarschijnlijk: {cause}",
  clockBehind: "de klok van laadpaal {id} loopt {off} achter",
  clockAhead: "de klok van laadpaal {id} loopt {off} voor",
  store: "de database van de locatie is niet te gebruiken: {why}",
  limitedTo: "zone {zone} is van buitenaf begrensd op {limit} ({source})",
  noStarts: "zone {zone} start van buitenaf geen nieuwe auto's ({source})",
  limited: "zone {zone} is van buitenaf begrensd ({source})",
  upstreamRefused: "back-end {name} heeft {count} {count|laadsessie|laadsessies} geweigerd: {why}",
  upstreamWaits:
    "back-end {name}: {waiting} {waiting|melding van laadsessies wacht|meldingen van laadsessies wachten}, de oudste sinds {since}",
  drill: "er loopt een oefening: {what}; ze eindigt uiterlijk om {time}",
  test: "dit is een test van de alarmmeldingen",
  testAction: "Niets: hij gaat vanzelf voorbij.",
  many: "{count} {count|alarm|alarmen} tegelijk: {first}, en andere",
  more: "en nog {count}",
  over: "Allemaal voorbij: {kind}",
};

export const action = {
  meterStale:
    "Controleer de voeding van de meter, zijn aansluiting en zijn adres. Wie laadt, gaat verder op hoogstens de fail-safe-stroom tot hij weer antwoordt; een wachtende auto start alleen als de aangenomen last ruimte laat voor alle auto's.",
  meterFrozen: "De meter antwoordt, maar zijn waarden staan stil. Start de meter of zijn gateway opnieuw.",
  meterWrong:
    "De meter antwoordt, maar volgt de laadpunten erachter niet. Wie laadt, gaat verder op hoogstens de fail-safe-stroom tot de meter een paar keer goed heeft laten zien dat een auto start of stopt.",
  failSafe: "Hier is niets te doen: de zone herstelt vanzelf zodra de meter weer goede waarden levert.",
  chargerOffline:
    "Controleer de voeding en het netwerk van de laadpaal. Er blijft stroom voor gereserveerd; stuur een clear-bericht als hij voorgoed weg is.",
  notControllable:
    "Controleer de instellingen voor slim laden van de laadpaal: hij weigert limieten of beantwoordt ze niet. Wat hij mag afnemen, gaat af van wat de andere krijgen.",
  nonCompliant:
    "Controleer de instellingen voor slim laden van de laadpaal en zijn fasevolgorde. Wat hij afneemt, gaat af van wat de andere krijgen.",
  breakerOver:
    "De automaat kan uitschakelen. Het laadpunt dat te veel afneemt, wordt gestopt en daarna buiten bedrijf gesteld; schakel het met de hand uit als het doorgaat.",
  breakerOpen:
    "Zoek uit waarom de automaat uitschakelde voordat u hem weer inschakelt. Zijn laadpunten hebben geen stroom; hun deel gaat zolang naar de andere.",
  fallbackOver:
    "Als deze machine nu uitviel, kon de automaat uitschakelen. Geef de laadpunten onder de zone een lagere veilige stroom, of de zone de aangenomen last die ze echt heeft, en deploy.",
  outOfService:
    "Het nam te veel af voor de automaat en volgde zijn limieten niet. Stel het weer in bedrijf met ev-command als dat verholpen is: ChangeAvailability met type Operative.",
  phasesMistaken:
    "Vergelijk de fasevolgorde in de instellingen van de laadpaal hier met hoe hij is aangesloten. Hij telt op alle drie de fasen mee tot de fasevolgorde opnieuw is ingesteld en gedeployd.",
  phasesKept:
    "Controleer of de laadpaal van aantal fasen kan wisselen en hoe hij dat wil horen: tijdens een pauze, of met een eigen sleutel (zijn waarden switchesPhases, phaseSwitch en phaseKey). Sommige auto's blijven op de fasen waarmee ze begonnen.",
  manyWrites:
    "Laadpalen bewaren misschien elk profiel in geheugen dat slijt. Verhoog minIncreaseS, en leaseS met refreshS, van ev-charging-profile, of cycleS van ev-dlm; een laadpaal waarvan bekend is dat hij slijt, kan het model generic-flash krijgen.",
  guard:
    "Laadpunten zijn naar een veilige stroom gebracht. Controleer meters, bedrading en fasevolgorde, en meld het met het logboek.",
  zoneTree:
    "Verbeter de zones die bij de node genoemd zijn en deploy opnieuw. Tot dan blijft de laatste geldige boom van kracht.",
  control:
    "De regelcyclus is mislukt. Start de flow opnieuw en meld het met het logboek; laadpunten houden hun laatste veilige stroom, daarna de fail-safe-stroom.",
  chargePointOffline:
    "Controleer de voeding van de laadpaal, zijn netwerk en het adres van het centraal systeem waarmee hij verbindt.",
  chargerFault: "Zoek de code op in de handleiding van de laadpaal.",
  identityConflict:
    "Twee laadpalen gebruiken dezelfde identiteit, of iemand doet zich voor als een laadpaal. Geef elke laadpaal een eigen identiteit en wachtwoord.",
  meterUnread:
    "Controleer de voeding van de meter, zijn aansluiting en zijn adres. Het lastbeheer hangt er niet van af.",
  clock:
    "Verbeter de tijdserver of de tijdzone van de laadpaal: tot dan worden zijn sessies met onze eigen tijd vastgelegd.",
  store:
    "Bekijk de schijf: ruimte, rechten, fouten. Het laden gaat door; sessies die beginnen of eindigen worden pas bevestigd als ze bewaard kunnen worden.",
  certificateEnds:
    "Kijk in de dialoog van de OCPP-server onder Certificaten waarom het niet is vernieuwd, en druk op Vernieuwen.",
  copy: "Bekijk de schijf: ruimte en rechten van de map `copies` naast de database. Elke tien minuten wordt het opnieuw geprobeerd.",
  recovered:
    "Controleer de schijf voordat hij weer uitvalt. Sessies en laadpassen van na de kopie ontbreken, of allemaal als er geen kopie was; misschien staan ze nog in het beschadigde bestand of in een back-up.",
  upstreamRefused:
    "Kijk in het boek van de sessies om welke laadsessies het gaat en waarom. Neem de oorzaak weg, bij de back-end of hier, en meld ze opnieuw.",
  upstreamWaits:
    "Controleer het adres, het wachtwoord en het certificaat van de back-end, en of hij werkt. Er gaat niets verloren: wat wacht, wordt verstuurd zodra hij het aanneemt.",
  limit: "Niets te doen: de limiet eindigt vanzelf of wanneer ze wordt opgeheven.",
  drill: "Niets te doen: ze eindigt vanzelf en alles wordt hersteld. Wie haar begon, kan haar meteen stoppen.",
};

export const kind = {
  meterStale: "meters zonder waarden",
  meterFrozen: "meters die stilstaan",
  meterWrong: "meters die de laadpunten niet volgen",
  failSafe: "zones in de veilige stand",
  chargerOffline: "niet verbonden laadpunten",
  notControllable: "laadpunten die geen limieten aannemen",
  nonCompliant: "laadpunten die hun limiet niet volgen",
  breakerOver: "automaten boven hun limiet",
  breakerOpen: "uitgeschakelde automaten",
  fallbackOver: "zones waar de laadpunten zonder besturing niet passen",
  outOfService: "buiten bedrijf gestelde laadpunten",
  phasesMistaken: "laadpunten op andere fasen dan ingesteld",
  phasesKept: "laadpunten die hun fasen houden",
  manyWrites: "laadpunten met veel schrijfacties",
  guard: "door de bewaking verbeterde limieten",
  zoneTree: "geweigerde zones",
  control: "uitval van de regelcyclus",
  chargePointOffline: "niet verbonden laadpalen",
  chargerFault: "storingen van laadpalen",
  identityConflict: "dubbel gebruikte identiteiten",
  meterUnread: "andere meters zonder waarden",
  clock: "klokken die niet goed lopen",
  store: "database",
  certificateEnds: "certificaten van laadpalen",
  copy: "dagelijkse kopieën",
  recovered: "uit een kopie herstelde database",
  upstreamRefused: "back-ends die laadsessies weigerden",
  upstreamWaits: "back-ends met wachtende meldingen",
  limit: "limieten van buitenaf",
  drill: "oefeningen",
};

export const mail = {
  resolved: "opgelost",
  seen: "gezien",
  alarm: "alarm",
  warning: "waarschuwing",
  info: "melding",
  where: "Waar: {place}",
  since: "Sinds: {time}",
  resolvedAt: "Opgelost: {time}",
  seenBy: "Gezien door {by}: {comment}",
  noComment: "zonder opmerking",
  action: "Wat te doen: {action}",
  flapping: "Het alarm komt en gaat; u krijgt één bericht, en weer een als het vijf minuten rustig was.",
};
