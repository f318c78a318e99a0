/** What a run that proves the wiring of a charger has shown, and what to do. */
export const proof = {
  phases: "Die Last liegt auf {used} von {phases} {phases|Phase|Phasen} ({legs}), wie eingestellt.",
  phasesUnsure: "Welche Phasen die Last belastet, ist nicht zu erkennen.",
  phasesUnsureCure:
    "Erneut prüfen, während im Haus keine großen Lasten geschaltet werden; darüber muss ein Zähler sitzen, der die Ladepunkte mitmisst.",
  legMissing:
    "Die Ladestation bezieht über {terminals} {terminals|Klemme|Klemmen}, der Zähler zeigt sie nur auf {used} {used|Phase|Phasen} ({legs}).",
  legMissingCure: "Stromwandler der anderen Phasen prüfen: fehlend, nicht angeschlossen oder um eine andere Leitung.",
  phasesOdd: "Der Zähler zeigt die Last auf mehr Phasen ({legs}), als die Ladestation angibt.",
  phasesOddCure: "Erneut prüfen, während kein anderes Auto lädt.",
  phasesMore: "Die Last liegt auf {used} {used|Phase|Phasen} ({legs}); eingestellt {phases|ist|sind} {phases}.",
  phasesMoreCure: "Die Phasen dieses Anschlusses auf {used} stellen.",
  phasesFewer: "Die Last liegt auf {used} von {phases} {phases|Phase|Phasen} ({legs}).",
  phasesFewerCure:
    "Dieses Auto belastet weniger Phasen, als verdrahtet sind. Für die anderen erneut mit einer Last auf allen Phasen prüfen.",
  rotation: "Die Klemmen liegen wie eingestellt: {rotation}.",
  rotationUnsure: "Die Phasenfolge ist nicht zu erkennen.",
  rotationUnsureCure: "Erneut prüfen, während im Haus keine großen Lasten geschaltet werden.",
  rotationWrong: "Die Klemmen liegen als {proven}, nicht als {rotation}.",
  rotationWrongCure:
    "Übernehmen stellt {proven} ein. Stimmen die Nachbarn an diesem Zähler, ist nichts weiter zu tun; sonst zuerst die Reihenfolge der Wandler prüfen.",
  rotationOther: "Die Last liegt auf {legs}: das passt nicht zu {rotation}. Möglich: {proven}.",
  rotationOtherCure:
    "Das Drehfeld an der Ladedose messen, beim Start angeben und erneut prüfen: dann steht die Reihenfolge fest.",
  rotationFound: "Die Klemmen liegen als {proven}; es ist keine Phasenfolge eingestellt.",
  rotationOpen: "Was auf {legs} zu sehen war, passt zu {rotation}, aber auch zu anderen: {proven}.",
  rotationOpenCure: "Das Drehfeld an der Ladedose messen, beim Start angeben und erneut prüfen.",
  rotationAllCure:
    "Eine Last, die auf allen Phasen gleich viel zieht, zeigt keine Reihenfolge. Erneut mit einer Last auf einer Phase prüfen, etwa einem einphasigen Auto.",
  including: "Der Zähler {meter} sieht diese Ladestation, wie in Zone {zone} angegeben.",
  excluding: "Der Zähler {meter} sieht diese Ladestation nicht, wie in Zone {zone} angegeben.",
  excludingSees: "Der Zähler {meter} sieht diese Ladestation, laut Zone {zone} misst er aber nur die anderen Lasten.",
  excludingSeesCure: "Den Zähler in Zone {zone} auf „mit Ladepunkten“ stellen.",
  blind: "Der Zähler {meter} sieht diese Ladestation nicht, laut Zone {zone} aber schon.",
  blindCure:
    "Prüfen, wo die Wandler von {meter} sitzen, ob sein Faktor viel zu klein ist und ob diese Ladestation zu Zone {zone} gehört.",
  otherLegs:
    "Der Zähler {meter} zeigt die Last auf anderen Phasen als der Zähler direkt über der Ladestation ({legs}).",
  otherLegsCure: "Die Wandler von {meter} in die Reihenfolge L1, L2, L3 bringen.",
  doubted: "Das Lastmanagement glaubt dem Zähler {meter} nicht: er folgt den Ladestationen nicht.",
  doubtedCure: "Die Meldung zu {meter} ansehen und danach erneut prüfen.",
  regulated: "Etwas hinter dem Zähler {meter} gleicht die Stufen aus, etwa ein Speicher.",
  regulatedCure: "Die Regelung des Speichers für drei Minuten ausschalten und erneut prüfen.",
  meterUnsure: "Nicht jede Phase des Zählers {meter} zeigt klar, ob sie folgt.",
  meterUnsureCure: "Erneut prüfen, während im Haus keine großen Lasten geschaltet werden.",
  direction: "Die Wandler von {meter} sitzen richtig herum ({legs}).",
  reversed: "Der Zähler {meter} zählt auf {legs} rückwärts.",
  reversedCure: "Den Wandler auf {legs} umdrehen oder sein Vorzeichen im Zähler ändern.",
  scale: "Der Zähler {meter} zeigt {scale} A für jedes Ampere der Ladestation.",
  scaleWrong: "Der Zähler {meter} zeigt {scale} A für jedes Ampere der Ladestation.",
  scaleWrongCure: "Das Wandlerverhältnis oder den Faktor von {meter} einstellen.",
  scaleUnsure:
    "Der Zähler {meter} zeigt {scale} A für jedes vorgegebene Ampere; vielleicht folgt die Ladestation in eigenen Stufen.",
  scaleUnsureCure:
    "Die Ladestation ihre Ströme alle 10 s melden lassen und erneut prüfen, oder mit einer Stromzange vergleichen.",
  saidRotation: "Auch die Ladestation selbst sagt {said}.",
  saidOther: "Die Ladestation selbst sagt {said}, nicht {proven}.",
  saidOtherCure: "ConnectorPhaseRotation der Ladestation auf {proven} stellen.",
  saidOpenCure: "Zuerst die Phasenfolge nachweisen, dann beides gleich einstellen.",
  maximum: "Die Ladestation selbst ist auf {said} A begrenzt, wie eingestellt.",
  maximumMore: "Die Ladestation selbst erlaubt {said} A; eingestellt sind {maxA} A.",
  maximumMoreCure: "Die Ladestation selbst auf {maxA} A begrenzen: das gilt auch, wenn hier nichts läuft.",
  maximumLess: "Die Ladestation selbst erlaubt nur {said} A; eingestellt sind {maxA} A.",
  maximumLessCure: "Das Maximum dieses Anschlusses auf {said} A stellen.",
};

/** Why such a run ended. */
export const proofEnd = {
  finished: "Das ganze Muster wurde durchlaufen.",
  person: "Von Hand abgebrochen.",
  room: "Abgebrochen: Eine Phase kam ihrer Grenze nahe. Bei weniger Last erneut prüfen.",
  meter: "Abgebrochen: Ein Zähler liefert nichts Glaubwürdiges.",
  guard: "Abgebrochen: Der Wächter des Lastmanagements hat eingegriffen.",
  car: "Abgebrochen: Das Auto lädt nicht mehr.",
  offline: "Abgebrochen: Die Ladestation ist nicht verbunden.",
  disobeys: "Abgebrochen: Die Ladestation hält ihre Grenze nicht ein.",
  deploy: "Durch ein Deploy abgebrochen.",
  time: "Nach drei Minuten beendet.",
};

/** What it says of one thing. */
export const verdict = {
  right: "richtig",
  wrong: "falsch",
  unsure: "nicht sicher",
};

/** What such a run takes, where it is there. */
export const proofNeed = {
  connected: "Die Ladestation ist verbunden und nimmt Grenzen an.",
  car: "Dort lädt ein Auto oder eine Prüflast.",
  meter: "Ein Zähler darüber liefert oft genug: {meter}.",
};

/** The part of a page on which a wiring is proven. */
export const proofPage = {
  title: "Verdrahtung prüfen",
  start: "Start",
  abort: "Abbrechen",
  apply: "{rotation} übernehmen",
  field: "Drehfeld an der Ladedose",
  fieldUnknown: "nicht gemessen",
  fieldRight: "rechts",
  fieldLeft: "links",
  running: "Läuft: {percent} %. Der Strom des Autos geht auf und ab.",
  note: "Dauert bis zu drei Minuten. Dort muss ein Auto laden, oder eine Prüflast, die der Ladestation folgt.",
  last: "Letztes Ergebnis vom {time}",
  applied: "Eingestellt; mit Deploy tritt es in Kraft.",
  notApplied: "Die Liste der Ladestation hat diesen Anschluss nicht. Öffnen Sie ihren Dialog und tragen Sie ihn ein.",
  needed: "Was zuerst nötig ist",
  mayNot: "Das darf nur ein Admin starten. Wer den Standort betreut, kann es erlauben.",
  begin: "Ladevorgang für einen Gast starten",
  step: "Schritt {step} von höchstens {steps}: Die Ladestation darf {amps} A ziehen.",
  draws: "Sie meldet {amps} A.",
  shown: "Was die Zähler zeigen",
  allowed: "erlaubt",
  leg: "Phase",
  amps: "A",
  change: "in diesem Schritt",
  course: "Seit dem Start",
  elsewhere: "Die Verdrahtung von {charger} wird geprüft: {percent} %.",
  never: "Noch nicht geprüft.",
  toApply:
    "{rotation} ist nachgewiesen, {set} ist eingestellt. Diese Seite kann den Flow nicht ändern. Im Editor: Seitenleiste „Ladestationen“, diese Ladestation, „Verdrahtung prüfen“, „{rotation} übernehmen“, dann Deploy.",
  report: "Inbetriebnahmebericht",
};
