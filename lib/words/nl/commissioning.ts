/** What a run that proves the wiring of a charger has shown, and what to do. */
export const proof = {
  phases: "De belasting ligt op {used} van {phases} {phases|fase|fasen} ({legs}), zoals ingesteld.",
  phasesUnsure: "Het is niet te zien op welke fasen de belasting ligt.",
  phasesUnsureCure:
    "Probeer het opnieuw terwijl er in het gebouw geen grote belasting schakelt; erboven moet een meter zitten die de laadpunten meemeet.",
  legMissing:
    "De laadpaal neemt stroom af over {terminals} {terminals|klem|klemmen}, maar de meter toont die alleen op {used} {used|fase|fasen} ({legs}).",
  legMissingCure:
    "Controleer de stroomtransformatoren van de andere fasen: afwezig, niet aangesloten of om een andere kabel.",
  phasesOdd: "De meter toont de belasting op meer fasen ({legs}) dan de laadpaal zegt.",
  phasesOddCure: "Probeer het opnieuw terwijl geen andere auto laadt.",
  phasesMore: "De belasting ligt op {used} {used|fase|fasen} ({legs}); ingesteld {phases|is|zijn} er {phases}.",
  phasesMoreCure: "Zet de fasen van dit laadpunt op {used}.",
  phasesFewer: "De belasting ligt op {used} van {phases} {phases|fase|fasen} ({legs}).",
  phasesFewerCure:
    "Deze auto belast minder fasen dan er bedraad zijn. Herhaal het voor de andere met een belasting op alle fasen.",
  rotation: "De klemmen zitten zoals ingesteld: {rotation}.",
  rotationUnsure: "De fasevolgorde is niet vast te stellen.",
  rotationUnsureCure: "Probeer het opnieuw terwijl er in het gebouw geen grote belasting schakelt.",
  rotationWrong: "De klemmen zitten als {proven}, niet als {rotation}.",
  rotationWrongCure:
    "Overnemen stelt {proven} in. Kloppen de laadpalen ernaast bij deze meter, dan is er verder niets te doen; kijk anders eerst naar de volgorde van de transformatoren.",
  rotationOther: "De belasting ligt op {legs}: dat past niet bij {rotation}. Mogelijk: {proven}.",
  rotationOtherCure:
    "Meet het draaiveld aan de aansluiting, geef het op bij Start en herhaal de proef: dan is de volgorde bekend.",
  rotationFound: "De klemmen zitten als {proven}; er is geen fasevolgorde ingesteld.",
  rotationOpen: "Wat op {legs} te zien was, past bij {rotation}, maar ook bij andere: {proven}.",
  rotationOpenCure: "Meet het draaiveld aan de aansluiting, geef het op bij Start en herhaal de proef.",
  rotationAllCure:
    "Een belasting die op alle fasen gelijk is, toont geen volgorde. Herhaal de proef met een belasting op één fase, zoals een auto die op één fase laadt.",
  including: "De meter {meter} ziet deze laadpaal, zoals zone {zone} zegt.",
  excluding: "De meter {meter} ziet deze laadpaal niet, zoals zone {zone} zegt.",
  excludingSees: "De meter {meter} ziet deze laadpaal, maar volgens zone {zone} meet hij alleen de andere belastingen.",
  excludingSeesCure: "Zet de meter in zone {zone} op “inclusief de laadpunten”.",
  blind: "De meter {meter} ziet deze laadpaal niet, maar volgens zone {zone} wel.",
  blindCure:
    "Controleer waar de transformatoren van {meter} zitten, of de schaal veel te klein is en of deze laadpaal bij zone {zone} hoort.",
  otherLegs: "De meter {meter} toont de belasting op andere fasen dan de meter vlak boven de laadpaal ({legs}).",
  otherLegsCure: "Breng de transformatoren van {meter} in de volgorde L1, L2, L3.",
  doubted: "Het lastbeheer gelooft de meter {meter} niet: hij volgt de laadpalen niet.",
  doubtedCure: "Bekijk het alarm over {meter} en herhaal de proef daarna.",
  regulated: "Iets achter de meter {meter} vangt de stappen op, zoals een batterij.",
  regulatedCure: "Schakel de regeling van de batterij drie minuten uit en herhaal de proef.",
  meterUnsure: "Niet elke fase van de meter {meter} toont duidelijk of ze volgt.",
  meterUnsureCure: "Probeer het opnieuw terwijl er in het gebouw geen grote belasting schakelt.",
  direction: "De transformatoren van {meter} zitten in de goede richting ({legs}).",
  reversed: "De meter {meter} telt achteruit op {legs}.",
  reversedCure: "Draai de transformator op {legs} om, of wijzig zijn teken in de meter.",
  scale: "De meter {meter} toont {scale} A voor elke ampère van de laadpaal.",
  scaleWrong: "De meter {meter} toont {scale} A voor elke ampère van de laadpaal.",
  scaleWrongCure: "Stel de transformatorverhouding of de factor van {meter} in.",
  scaleUnsure:
    "De meter {meter} toont {scale} A voor elke opgedragen ampère; misschien volgt de laadpaal in eigen stappen.",
  scaleUnsureCure:
    "Laat de laadpaal zijn stromen elke 10 s melden en herhaal de proef, of vergelijk met een stroomtang.",
  saidRotation: "Ook de laadpaal zelf zegt {said}.",
  saidOther: "De laadpaal zelf zegt {said}, niet {proven}.",
  saidOtherCure: "Zet ConnectorPhaseRotation van de laadpaal op {proven}.",
  saidOpenCure: "Toon eerst de fasevolgorde aan en maak dan beide gelijk.",
  maximum: "De laadpaal zelf is begrensd op {said} A, zoals ingesteld.",
  maximumMore: "De laadpaal zelf staat {said} A toe; ingesteld is {maxA} A.",
  maximumMoreCure: "Begrens de laadpaal zelf op {maxA} A: dat geldt ook als hier niets werkt.",
  maximumLess: "De laadpaal zelf staat maar {said} A toe; ingesteld is {maxA} A.",
  maximumLessCure: "Zet het maximum van dit laadpunt op {said} A.",
};

/** Why such a run ended. */
export const proofEnd = {
  finished: "Het hele patroon is doorlopen.",
  person: "Handmatig gestopt.",
  room: "Gestopt: een fase kwam dicht bij haar limiet. Probeer het opnieuw bij minder belasting.",
  meter: "Gestopt: een meter levert niets geloofwaardigs.",
  guard: "Gestopt: de bewaking van het lastbeheer greep in.",
  car: "Gestopt: de auto laadt niet meer.",
  offline: "Gestopt: de laadpaal is niet verbonden.",
  disobeys: "Gestopt: de laadpaal volgt zijn limiet niet.",
  deploy: "Gestopt door een deploy.",
  time: "Na drie minuten gestopt.",
};

/** What it says of one thing. */
export const verdict = {
  right: "goed",
  wrong: "fout",
  unsure: "niet zeker",
};

/** What such a run takes, where it is there. */
export const proofNeed = {
  connected: "De laadpaal is verbonden en neemt grenzen aan.",
  car: "Er laadt een auto of een testbelasting.",
  meter: "Een meter erboven levert vaak genoeg: {meter}.",
};

/** The part of a page on which a wiring is proven. */
export const proofPage = {
  title: "Bedrading aantonen",
  start: "Start",
  abort: "Afbreken",
  apply: "{rotation} overnemen",
  field: "Draaiveld aan de aansluiting",
  fieldUnknown: "niet gemeten",
  fieldRight: "rechtsom",
  fieldLeft: "linksom",
  running: "Bezig: {percent} %. De stroom van de auto gaat op en neer.",
  note: "Duurt hoogstens drie minuten. Er moet een auto laden, of een testbelasting die de laadpaal volgt.",
  last: "Laatste resultaat van {time}",
  applied: "Ingesteld; met een deploy wordt het van kracht.",
  notApplied: "De lijst van de laadpaal heeft deze aansluiting niet. Open het dialoogvenster en voer haar in.",
  needed: "Wat eerst nodig is",
  mayNot: "Alleen een admin mag dit starten. Wie de locatie beheert, kan het toestaan.",
  begin: "Laadsessie voor een gast starten",
  step: "Stap {step} van hoogstens {steps}: de laadpaal mag {amps} A trekken.",
  draws: "Hij meldt {amps} A.",
  shown: "Wat de meters tonen",
  allowed: "toegestaan",
  leg: "Fase",
  amps: "A",
  change: "in deze stap",
  course: "Sinds de start",
  elsewhere: "De bedrading van {charger} wordt aangetoond: {percent} %.",
  never: "Nog niet aangetoond.",
  toApply:
    "{rotation} is aangetoond, {set} is ingesteld. Deze pagina kan de flow niet wijzigen. In de editor: zijbalk “Auto's laden”, deze laadpaal, “Bedrading aantonen”, “{rotation} overnemen”, daarna Deploy.",
  report: "Inbedrijfstellingsrapport",
};
