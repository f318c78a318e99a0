/** Drills on a running site: what they are, what was done and seen, and what to do. */
export const drill = {
  link: "verbinding met {target} verbroken",
  meter: "meter {target} dood",
  limit: "limiet van de netbeheerder bij {target}",
  disobey: "{target} gehoorzaamt niet",
  running: "Oefening: {what}, nog hoogstens {seconds} s",
  returning: "Oefening: {what}, hersteld; wacht hoogstens {seconds} s tot alles als voorheen is",
  limitReason: "een oefening",
  beganLink: "De verbinding met {target} is gesloten en wordt dichtgehouden.",
  beganMeter: "Het laadbeheer negeert de metingen van meter {target}.",
  beganLimit:
    "Voor de laadpalen van {target} zijn {limit} W bevolen: wat § 14a EnWG {devices} laadpalen achter één besturing laat.",
  beganLimitGiven: "Voor de {devices} laadpalen van {target} zijn {limit} W bevolen.",
  beganDisobey: "{target} lijkt {current} af te nemen bij een limiet van {limit}. De auto wordt niet geraakt.",
  leaseOver: "De limiet van de laadpaal is verlopen.",
  toldAll: "Alle laadpalen hebben limieten bevestigd die laag genoeg zijn.",
  down: "De afname is laag genoeg.",
  putBack: "Alles is hersteld.",
  back: "Alles is als voorheen.",
  linkFell: "Volgens de meter ging {target} na {seconds} s vanzelf naar de veilige stroom van {safe}.",
  linkRegister:
    "Volgens de eigen energiemeter ging {target} na ongeveer {seconds} s vanzelf naar de veilige stroom van {safe}.",
  linkStayed: "{target} nam na {seconds} s zonder verbinding nog {current} af.",
  linkStayedCure:
    "Stel op de laadpaal zelf de stroom zonder verbinding in op {safe}. Zet tot dan hier de veilige stroom op het maximum, zodat die gereserveerd blijft.",
  linkUnseen: "Niets toont wanneer de laadpaal terugging.",
  linkUnseenCure:
    "Plaats boven de laadpaal een meter die om de paar seconden een meting stuurt, of kijk tijdens een oefening op het scherm van de laadpaal.",
  confirmed: "De laadpalen hadden na {seconds} s limieten van samen {limit} bevestigd.",
  notConfirmed: "De limieten van de laadpalen waren na {seconds} s niet laag genoeg.",
  meterCure: "Bekijk de alarmen en de laadpalen die niet antwoorden. Controleer de noodstroom van de zone.",
  limitCure: "Bekijk de alarmen en de laadpalen die niet antwoorden of niet verbonden zijn.",
  disobeyCure: "Bekijk de alarmen en de andere laadpalen: wie niet antwoordt, kan niet wijken.",
  lateCure:
    "Hoogstens {allowed} s worden verwacht. Zoek in het OCPP-logboek naar trage antwoorden, en naar een lange cyclus van ev-dlm of een lange geldigheid van limieten.",
  drawn: "Volgens hun eigen metingen namen ze na {seconds} s niet meer af dan dat.",
  notDrawn: "Volgens hun metingen namen ze aan het eind nog {measured} af; {limit} is veilig.",
  notDrawnCure: "Zoek de laadpaal die meer afneemt dan de limiet: de zijbalk noemt hem, met de instelling.",
  unseen: "Geen nieuwe meting toont wat de laadpalen afnamen.",
  unseenCure: "Laat de laadpalen hun stromen elke 10 s melden, of laat de oefening langer duren.",
  linkBack: "De verbinding is weer open; de laadpaal was {seconds} s later terug.",
  linkOpen: "De verbinding is weer open; de laadpaal komt vanzelf terug.",
  linkAway: "De verbinding is weer open, maar de laadpaal is nog niet terug.",
  linkAwayCure: "Sommige laadpalen bellen pas na minuten opnieuw. Blijft hij weg: herstart hem.",
  meterBack: "De metingen van de meter tellen weer.",
  limitBack: "De limiet is opgeheven.",
  disobeyBack: "De metingen zijn weer die van de laadpaal zelf.",
  cutShort: "De oefening is afgebroken voordat alles te zien was.",
  cutShortCure: "Doe de oefening opnieuw.",
};

/** Why a drill ended. */
export const drillEnd = {
  finished: "Geheel doorlopen.",
  person: "Met de hand gestopt.",
  room: "Gestopt: een fase kwam dicht bij de limiet. Probeer opnieuw als er minder wordt afgenomen.",
  car: "Gestopt: de auto laadt niet meer.",
  gone: "Gestopt: een laadpaal is uit de flow genomen.",
  deploy: "Gestopt door een deploy.",
  restart: "Gestopt: Node-RED is intussen beëindigd.",
};

/** The part of a page on which drills are held. */
export const drillPage = {
  which: "Oefening",
  where: "Bij",
  seconds: "Seconden hoogstens",
  limitW: "Limiet, W (leeg: wat § 14a laat)",
  start: "Beginnen",
  abort: "Stoppen",
  none: "Er is nog geen oefening gehouden.",
  more: "Wat er gedaan is, en het verloop",
  ask: "{what}: nu beginnen, op de lopende locatie?",
  commanded: "bevolen",
  measured: "gemeten",
  safe: "veilig",
  link: "Verbinding verbroken",
  meter: "Meter dood",
  limit: "Limiet van de netbeheerder",
  disobey: "Eén laadpaal gehoorzaamt niet",
  linkNote:
    "De verbinding van de laadpaal wordt dichtgehouden tot zijn limiet is verlopen: enkele minuten. Er moet een auto laden, en erboven moet 4 A over zijn.",
  meterNote:
    "Het laadbeheer negeert de meter minder dan een minuut. Eronder moet een auto laden, en er moet 4 A over zijn.",
  limitNote: "Voor de laadpalen van de zone wordt een vermogen bevolen, hoogstens een minuut.",
  disobeyNote: "Het laadbeheer ziet daar meer stroom dan mag. De auto wordt niet geraakt; andere auto’s wijken.",
};
