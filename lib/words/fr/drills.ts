/** Drills on a running site: what they are, what was done and seen, and what to do. */
export const drill = {
  link: "liaison avec {target} coupée",
  meter: "compteur {target} muet",
  limit: "limite du gestionnaire de réseau pour {target}",
  disobey: "{target} n’obéit pas",
  makingRoom: "Exercice : {what} ; d’abord, de la place est faite, encore {seconds} s au plus",
  roomAsked: "De la place a été faite : {list} au plus.",
  running: "Exercice : {what}, encore {seconds} s au plus",
  returning: "Exercice : {what}, rétabli ; attend {seconds} s au plus que tout soit comme avant",
  limitReason: "un exercice",
  beganLink: "La liaison avec {target} a été fermée et reste bloquée.",
  beganMeter: "La gestion de charge ignore les mesures du compteur {target}.",
  beganLimit:
    "{limit} W sont commandés pour les bornes de {target} : ce que le § 14a EnWG laisse à {devices} bornes derrière une seule commande.",
  beganLimitGiven: "{limit} W sont commandés pour les {devices} bornes de {target}.",
  beganDisobey: "{target} semble tirer {current} pour une limite de {limit}. Sa voiture n’est pas touchée.",
  leaseOver: "La limite de la borne a pris fin.",
  toldAll: "Toutes les bornes ont confirmé des limites assez basses.",
  down: "Le courant tiré est assez bas.",
  putBack: "Tout a été rétabli.",
  back: "Tout est comme avant.",
  linkFell: "D’après le compteur, {target} est descendue d’elle-même à son courant sûr de {safe} après {seconds} s.",
  linkRegister:
    "D’après son propre compteur d’énergie, {target} est descendue d’elle-même à son courant sûr de {safe} après environ {seconds} s.",
  linkStayed: "{target} tirait encore {current} après {seconds} s sans liaison.",
  linkStayedCure:
    "Régler sur la borne elle-même le courant sans liaison à {safe}. D’ici là, régler ici son courant sûr à son maximum, pour qu’il reste réservé.",
  linkUnseen: "Rien ne montre quand la borne est descendue.",
  linkUnseenCure:
    "Placer au-dessus de la borne un compteur qui envoie une mesure toutes les quelques secondes, ou observer l’afficheur de la borne pendant un exercice.",
  confirmed: "Les bornes avaient confirmé des limites de {limit} au total après {seconds} s.",
  notConfirmed: "Les limites des bornes n’étaient pas assez basses après {seconds} s.",
  meterCure: "Voir les alarmes et les bornes qui ne répondent pas. Vérifier le courant de repli de la zone.",
  limitCure: "Voir les alarmes et les bornes qui ne répondent pas ou ne sont pas connectées.",
  disobeyCure: "Voir les alarmes et les autres bornes : celles qui ne répondent pas ne peuvent pas céder.",
  lateCure:
    "Au plus {allowed} s sont attendues. Chercher des réponses lentes dans le journal OCPP, un cycle long de ev-dlm ou une longue validité des limites.",
  drawn: "D’après leurs propres mesures, elles ne tiraient pas plus après {seconds} s.",
  notDrawn: "D’après leurs mesures, elles tiraient encore {measured} à la fin ; {limit} sont sûrs.",
  notDrawnCure:
    "Trouver la borne qui tire plus que sa limite : la barre latérale la nomme, avec le réglage à vérifier.",
  unseen: "Aucune mesure nouvelle ne montre ce que tiraient les bornes.",
  unseenCure: "Faire envoyer les courants des bornes toutes les 10 s, ou prolonger l’exercice.",
  linkBack: "La liaison est rouverte ; la borne était de retour {seconds} s plus tard.",
  linkOpen: "La liaison est rouverte ; la borne revient d’elle-même.",
  linkAway: "La liaison est rouverte, mais la borne n’est pas encore revenue.",
  linkAwayCure: "Certaines bornes ne rappellent qu’après des minutes. Si elle reste absente, la redémarrer.",
  meterBack: "Les mesures du compteur comptent à nouveau.",
  limitBack: "La limite est levée.",
  disobeyBack: "Les mesures sont à nouveau celles de la borne.",
  cutShort: "L’exercice a été interrompu avant que tout soit visible.",
  cutShortCure: "Refaire l’exercice.",
};

/** Why a drill ended. */
export const drillEnd = {
  finished: "Mené à terme.",
  person: "Arrêté à la main.",
  room: "Arrêté : une phase s’est approchée de sa limite. Réessayer quand moins de courant est tiré.",
  noRoom: "Arrêté : les voitures n’ont pas laissé la place nécessaire. Réessayer quand moins de courant est tiré.",
  car: "Arrêté : la voiture ne charge plus.",
  gone: "Arrêté : une borne a été retirée du flow.",
  deploy: "Arrêté par un déploiement.",
  restart: "Arrêté : Node-RED s’est terminé entre-temps.",
};

/** The part of a page on which drills are held. */
export const drillPage = {
  which: "Exercice",
  where: "À",
  seconds: "Secondes au plus",
  limitW: "Limite, W (vide : ce que laisse le § 14a)",
  start: "Commencer",
  abort: "Arrêter",
  none: "Aucun exercice n’a encore été tenu.",
  more: "Ce qui a été fait, et la courbe",
  ask: "{what} : commencer maintenant, sur le site en marche ?",
  commanded: "commandé",
  measured: "mesuré",
  safe: "sûr",
  link: "Liaison coupée",
  meter: "Compteur muet",
  limit: "Limite du gestionnaire de réseau",
  disobey: "Une borne n’obéit pas",
  linkNote:
    "La liaison de la borne reste bloquée jusqu’à la fin de sa limite : quelques minutes. Une voiture doit y charger. S’il reste moins de 4 A au-dessus, des voitures tirent moins pendant ce temps.",
  meterNote:
    "La gestion de charge ignore le compteur pendant moins d’une minute. Une voiture doit charger en dessous. S’il reste moins de 4 A, des voitures tirent d’abord moins.",
  limitNote: "Une puissance est commandée pour les bornes de la zone, une minute au plus.",
  disobeyNote:
    "La gestion de charge y voit plus de courant que permis. La voiture n’est pas touchée ; d’autres voitures cèdent.",
  title: "Exercices",
  note: "Un exercice montre sur le site en marche qu’aucun disjoncteur n’est surchargé quand quelque chose tombe en panne. Il se termine tout seul, et tout est remis en place.",
  asLong: "le temps qu’il faut",
  mayNot: "Seul un admin peut tenir un exercice. La personne qui s’occupe du site peut l’autoriser.",
  last: "Résultat du {time}",
  earlier: "Exercices précédents",
  done: "Ce qui a été fait",
  second: "{seconds} s",
  curve: "Ce que les bornes ont ensemble, {unit}",
  takes: "Prend {seconds} s au plus.",
};
