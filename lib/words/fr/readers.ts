export const reason = {
  MAX: {
    driver: "Charge aussi vite que la borne et votre voiture le peuvent.",
    staff: "Reçoit tout ce qu’elle peut utiliser.",
    integrator: "MAX : limitée par la prise, la voiture ou sa demande mesurée, pas par une zone.",
  },
  MIN: {
    driver: "Charge lente : le courant manque, chacun reçoit d’abord le minimum.",
    staff: "Reçoit le minimum, car le courant manque.",
    integrator: "MIN : tenue au minimum ; il n’y a rien à partager au-dessus.",
  },
  ZONE: {
    driver: "Charge ralentie : le courant est partagé avec d’autres voitures et le bâtiment.",
    staff: "Partage ce que laisse le disjoncteur.",
    integrator: "ZONE : une phase d’une zone en amont est pleine.",
  },
  POWER: {
    driver: "Charge ralentie : la puissance du site est limitée.",
    staff: "Partage la limite de puissance du site.",
    integrator: "POWER : maxPowerW d’une zone est atteint.",
  },
  GRID: {
    driver: "Charge ralentie : le gestionnaire du réseau ou le bâtiment le demande.",
    staff: "Limitée de l’extérieur pour un moment.",
    integrator: "GRID : une limite extérieure (ev-limit) s’applique.",
  },
  PV: {
    driver: "Charge à l’énergie solaire, autant qu’il y en a.",
    staff: "Suit le surplus solaire.",
    integrator: "PV : bornée par le surplus partagé.",
  },
  IMBALANCE: {
    driver: "Charge ralentie : les phases du bâtiment doivent rester équilibrées.",
    staff: "Limitée pour que les phases restent équilibrées.",
    integrator: "IMBALANCE : une phase ne peut pas porter davantage au-dessus des autres.",
  },
  WAIT: {
    driver: "Attend son tour. La charge commencera d’elle-même.",
    staff: "Attend son tour.",
    integrator: "WAIT : son minimum ne tient pas maintenant ; elle démarre dès qu’il tient, ou par rotation.",
  },
  CLOUD: {
    driver: "Votre exploitant limite votre charge en ce moment.",
    staff: "Limité par le back-end d’un exploitant.",
    integrator: "CLOUD : un profil de charge d’un back-end est la limite la plus basse ; voir ev-back-end.",
  },
  MAX_BELOW_MIN: {
    driver: "En pause : il y a trop peu de courant pour votre voiture.",
    staff: "En pause, car moins que son minimum est permis.",
    integrator:
      "MAX_BELOW_MIN : sa borne supérieure est sous son minimum ; vérifiez maxA, limite d’exploitation et limites extérieures.",
  },
  IDLE: {
    driver: "Votre voiture ne prend pas de courant. Elle en recevra dès qu’elle en demande.",
    staff: "La voiture ne prend rien ; sa part va aux autres.",
    integrator: "IDLE : pas de consommation, et rien de trop pour garder le minimum.",
  },
  IDLE_MIN: {
    driver: "Votre voiture ne prend pas de courant ; un peu est gardé pour elle.",
    staff: "La voiture ne prend rien ; le minimum est gardé pour elle.",
    integrator: "IDLE_MIN : pas de consommation ; le minimum est gardé pour qu’elle puisse repartir.",
  },
  OFFLINE: {
    driver: "La borne n’est pas reliée à la commande du bâtiment. Elle charge lentement ou pas du tout.",
    staff: "La borne est absente ; du courant lui reste réservé.",
    integrator: "OFFLINE : non connectée, ou prise peut-être sous tension ; réservé, non attribué.",
  },
  SETTLING: {
    driver: "La charge est en cours d’ajustement.",
    staff: "Attend que le dernier changement se voie.",
    integrator: "SETTLING : une hausse attend que les baisses ou la dernière consigne soient mesurées.",
  },
  RAMP: { driver: "La charge accélère.", staff: "Monte pas à pas.", integrator: "RAMP : monte à rampUpAps." },
  MIN_OFF: {
    driver: "En pause un instant.",
    staff: "Vient d’être arrêtée ; pause d’une minute, puis reprise dès qu’il y a de la place.",
    integrator: "MIN_OFF : moins de minOffS depuis l’arrêt.",
  },
  PV_HOLD: {
    driver: "Un nuage passe : charge au minimum, ou attente du soleil.",
    staff: "Franchit un bref manque de soleil, ou attend que le soleil dure.",
    integrator: "PV_HOLD : pendant le délai d’enclenchement ou de déclenchement.",
  },
  FAILSAFE: {
    driver: "Charge lente ou attente, par sécurité : un compteur du bâtiment ne répond pas.",
    staff: "Mode sûr : un compteur ne répond pas. Voir les alarmes.",
    integrator:
      "FAILSAFE : un compteur d’une zone en amont est périmé ; failSafeA s’applique, et rien n’augmente ni ne commence, sauf si la charge supposée laisse de la place pour tous.",
  },
  OFF: { driver: "La charge est arrêtée ici.", staff: "Arrêtée.", integrator: "OFF : mode off." },
  NOT_REQUESTING: {
    driver: "Libre. Branchez-vous pour charger.",
    staff: "Aucune voiture ne demande de courant.",
    integrator: "NOT_REQUESTING : pas de voiture, ou aucune qui veuille du courant.",
  },
  HEMS: {
    driver: "La charge ralentit : le gestionnaire d’énergie du bâtiment le demande.",
    staff: "Limitée un moment par un gestionnaire d’énergie.",
    integrator:
      "HEMS : la limite ou le mode d’un gestionnaire d’énergie contraint ; cela finit de soi-même avec son bail.",
  },
  BMS: {
    driver: "La charge ralentit : la gestion du bâtiment le demande.",
    staff: "Limitée un moment par la gestion technique du bâtiment.",
    integrator: "BMS : la limite ou le mode d’une gestion technique contraint ; cela finit de soi-même avec son bail.",
  },
  badgeRefused: {
    driver: "Votre badge a été refusé. Utilisez-en un autre ou demandez au personnel.",
    staff: "Le badge a été refusé.",
    integrator: "badgeRefused : aucune transaction n’est en cours, parce que le badge a été refusé.",
  },
  stoppedForBreaker: {
    driver: "Arrêtée par sécurité : cette borne prenait plus que permis. Veuillez en utiliser une autre.",
    staff:
      "Arrêtée : un disjoncteur était au-dessus de sa limite, et cette borne prenait plus que permis. Voir les alarmes.",
    integrator:
      "stoppedForBreaker : un disjoncteur était au-dessus de sa limite, il n’y avait plus rien à baisser, et cette borne prenait plus que sa limite ou refusait 0 A.",
  },
};

export const status = {
  Available: {
    driver: "Libre. Branchez-vous pour charger.",
    staff: "Libre.",
    integrator: "Available : pas de voiture, rien de réservé.",
  },
  Preparing: {
    driver: "C’est presque prêt : branchez-vous ou présentez votre badge.",
    staff: "Quelqu’un commence : il manque encore la prise ou le badge.",
    integrator: "Preparing : prise ou badge détecté, pas encore de transaction.",
  },
  Charging: {
    driver: "Votre voiture charge.",
    staff: "En charge.",
    integrator: "Charging : le contacteur est fermé, la voiture peut consommer.",
  },
  SuspendedEVSE: {
    driver: "En attente de courant. La charge reprendra d’elle-même.",
    staff: "Mise en pause par la borne, qui attend du courant.",
    integrator: "SuspendedEVSE : la borne n’offre pas de courant, à cause d’une limite ou d’elle-même.",
  },
  SuspendedEV: {
    driver: "Votre voiture ne prend pas de courant : elle est pleine ou attend sa propre minuterie.",
    staff: "La voiture ne prend pas de courant : pleine, ou en attente de sa propre minuterie.",
    integrator: "SuspendedEV : du courant est offert, la voiture n’en prend pas.",
  },
  Finishing: {
    driver: "Terminé. Débranchez, s’il vous plaît.",
    staff: "Terminé ; la voiture est encore branchée.",
    integrator: "Finishing : la transaction est finie, la prise est encore branchée.",
  },
  Reserved: {
    driver: "Réservé pour quelqu’un d’autre.",
    staff: "Réservé.",
    integrator: "Reserved : retenu pour un badge par une réservation.",
  },
  Unavailable: {
    driver: "Hors service.",
    staff: "Mise hors service.",
    integrator: "Unavailable : rendue inopérante par une commande ou par la borne elle-même.",
  },
  Faulted: {
    driver: "En panne. Utilisez une autre borne, s’il vous plaît.",
    staff: "En panne : les alarmes disent ce qu’il faut faire.",
    integrator: "Faulted : la borne signale un défaut et ne charge pas.",
  },
};
