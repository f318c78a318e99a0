/** What a run that proves the wiring of a charger has shown, and what to do. */
export const proof = {
  phases: "La charge est sur {used} {used|phase|phases} sur {phases} ({legs}), comme réglé.",
  phasesUnsure: "On ne peut pas dire sur quelles phases se trouve la charge.",
  phasesUnsureCure:
    "Réessayez quand aucune grosse charge du bâtiment n’est commutée ; un compteur qui inclut les bornes doit se trouver au-dessus.",
  legMissing:
    "La borne tire du courant sur {terminals} {terminals|borne|bornes}, mais le compteur ne la montre que sur {used} {used|phase|phases} ({legs}).",
  legMissingCure:
    "Vérifiez les transformateurs de courant des autres phases : absents, non raccordés ou sur un autre câble.",
  phasesOdd: "Le compteur montre la charge sur plus de phases ({legs}) que la borne ne l’indique.",
  phasesOddCure: "Réessayez sans autre voiture en charge.",
  phasesMore: "La charge est sur {used} {used|phase|phases} ({legs}) ; {phases} {phases|est réglée|sont réglées}.",
  phasesMoreCure: "Réglez les phases de ce connecteur sur {used}.",
  phasesFewer: "La charge est sur {used} {used|phase|phases} sur {phases} ({legs}).",
  phasesFewerCure:
    "Cette voiture charge moins de phases qu’il n’y en a de câblées. Pour les autres, recommencez avec une charge sur toutes.",
  rotation: "Les bornes sont câblées comme réglé : {rotation}.",
  rotationUnsure: "La rotation des phases ne peut pas être déterminée.",
  rotationUnsureCure: "Réessayez quand aucune grosse charge du bâtiment n’est commutée.",
  rotationWrong: "Les bornes sont câblées en {proven}, et non en {rotation}.",
  rotationWrongCure:
    "Appliquer règle {proven}. Si les bornes voisines sont justes à ce compteur, rien d’autre n’est à faire ; sinon, vérifiez d’abord l’ordre des transformateurs.",
  rotationOther: "La charge est sur {legs} : cela ne correspond pas à {rotation}. Possible : {proven}.",
  rotationOtherCure:
    "Mesurez le champ tournant à la prise, indiquez-le au démarrage et recommencez : l’ordre est alors connu.",
  rotationFound: "Les bornes sont câblées en {proven} ; aucune rotation n’est réglée.",
  rotationOpen: "Ce qui a été vu sur {legs} correspond à {rotation}, mais aussi à d’autres : {proven}.",
  rotationOpenCure: "Mesurez le champ tournant à la prise, indiquez-le au démarrage et recommencez.",
  rotationAllCure:
    "Une charge égale sur toutes les phases ne montre pas d’ordre. Recommencez avec une charge sur une seule phase, par exemple une voiture monophasée.",
  including: "Le compteur {meter} voit cette borne, comme l’indique la zone {zone}.",
  excluding: "Le compteur {meter} ne voit pas cette borne, comme l’indique la zone {zone}.",
  excludingSees:
    "Le compteur {meter} voit cette borne, alors que la zone {zone} dit qu’il ne mesure que les autres charges.",
  excludingSeesCure: "Dans la zone {zone}, réglez le compteur sur « bornes incluses ».",
  blind: "Le compteur {meter} ne voit pas cette borne, alors que la zone {zone} dit le contraire.",
  blindCure:
    "Vérifiez où se trouvent les transformateurs de {meter}, si son échelle est bien trop petite, et si cette borne appartient à la zone {zone}.",
  otherLegs:
    "Le compteur {meter} montre la charge sur d’autres phases que le compteur le plus proche de la borne ({legs}).",
  otherLegsCure: "Remettez les transformateurs de {meter} dans l’ordre L1, L2, L3.",
  doubted: "La gestion de charge ne croit pas le compteur {meter} : il ne suit pas les bornes.",
  doubtedCure: "Consultez l’alarme de {meter}, puis recommencez.",
  regulated: "Quelque chose derrière le compteur {meter} compense les paliers, par exemple une batterie.",
  regulatedCure: "Coupez la régulation de la batterie pendant trois minutes et recommencez.",
  meterUnsure: "Certaines phases du compteur {meter} ne montrent pas clairement si elles suivent.",
  meterUnsureCure: "Réessayez quand aucune grosse charge du bâtiment n’est commutée.",
  direction: "Les transformateurs de {meter} sont dans le bon sens ({legs}).",
  reversed: "Le compteur {meter} compte à l’envers sur {legs}.",
  reversedCure: "Retournez le transformateur sur {legs}, ou changez son signe dans le compteur.",
  scale: "Le compteur {meter} montre {scale} A pour chaque ampère de la borne.",
  scaleWrong: "Le compteur {meter} montre {scale} A pour chaque ampère de la borne.",
  scaleWrongCure: "Réglez le rapport de transformation ou le facteur de {meter}.",
  scaleUnsure:
    "Le compteur {meter} montre {scale} A pour chaque ampère commandé ; la borne suit peut-être par paliers propres.",
  scaleUnsureCure:
    "Faites transmettre les courants toutes les 10 s et recommencez, ou comparez avec une pince ampèremétrique.",
  saidRotation: "La borne elle-même indique aussi {said}.",
  saidOther: "La borne elle-même indique {said}, et non {proven}.",
  saidOtherCure: "Réglez ConnectorPhaseRotation de la borne sur {proven}.",
  saidOpenCure: "Prouvez d’abord la rotation, puis alignez les deux.",
  maximum: "La borne elle-même est limitée à {said} A, comme réglé.",
  maximumMore: "La borne elle-même autorise {said} A ; {maxA} A sont réglés.",
  maximumMoreCure: "Limitez la borne elle-même à {maxA} A : cela vaut même quand rien ne fonctionne ici.",
  maximumLess: "La borne elle-même n’autorise que {said} A ; {maxA} A sont réglés.",
  maximumLessCure: "Réglez le maximum de ce connecteur sur {said} A.",
};

/** Why such a run ended. */
export const proofEnd = {
  finished: "Tout le motif a été parcouru.",
  person: "Arrêté à la main.",
  room: "Arrêté : une phase s’est approchée de sa limite. Réessayez avec moins de charge.",
  meter: "Arrêté : un compteur ne fournit rien de crédible.",
  guard: "Arrêté : le gardien de la gestion de charge est intervenu.",
  car: "Arrêté : la voiture ne charge plus.",
  offline: "Arrêté : la borne n’est pas connectée.",
  disobeys: "Arrêté : la borne ne respecte pas sa limite.",
  deploy: "Arrêté par un déploiement.",
  time: "Arrêté après trois minutes.",
};

/** What it says of one thing. */
export const verdict = {
  right: "juste",
  wrong: "faux",
  unsure: "pas sûr",
};

/** What such a run takes, where it is there. */
export const proofNeed = {
  connected: "La borne est connectée et accepte des limites.",
  car: "Une voiture ou une charge d’essai y charge.",
  meter: "Un compteur au-dessus transmet assez souvent : {meter}.",
};

/** The part of a page on which a wiring is proven. */
export const proofPage = {
  title: "Vérifier le câblage",
  start: "Démarrer",
  abort: "Interrompre",
  apply: "Appliquer {rotation}",
  field: "Champ tournant à la prise",
  fieldUnknown: "non mesuré",
  fieldRight: "à droite",
  fieldLeft: "à gauche",
  running: "En cours : {percent} %. Le courant de la voiture monte et descend.",
  note: "Dure jusqu’à trois minutes. Une voiture, ou une charge d’essai qui suit la borne, doit y charger.",
  last: "Dernier résultat du {time}",
  applied: "Réglé ; déployez pour l’appliquer.",
  notApplied: "La liste de la borne n’a pas ce connecteur. Ouvrez sa boîte de dialogue et ajoutez-le.",
  needed: "Ce qu’il faut d’abord",
  mayNot: "Seul un admin peut démarrer cela. La personne qui s’occupe du site peut l’autoriser.",
  begin: "Démarrer une charge pour un invité",
  step: "Étape {step} sur {steps} au plus : la borne peut prendre {amps} A.",
  draws: "Elle annonce {amps} A.",
  shown: "Ce que montrent les compteurs",
  allowed: "permis",
  leg: "Phase",
  amps: "A",
  change: "à cette étape",
  course: "Depuis le début",
  elsewhere: "Le câblage de {charger} est en cours de vérification : {percent} %.",
  never: "Pas encore vérifié.",
  toApply:
    "{rotation} est établi, {set} est réglé. Cette page ne peut pas modifier le flow. Dans l’éditeur : barre latérale « Recharge VE », cette borne, « Vérifier le câblage », « Appliquer {rotation} », puis Deploy.",
  report: "Rapport de mise en service",
};
