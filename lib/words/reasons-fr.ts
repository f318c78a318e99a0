import type { ReasonWords } from "./reason-words.ts";

/** The binding reason of an allocation, in French. */
export const FRENCH_REASONS: ReasonWords = {
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
  RAMP: {
    driver: "La charge accélère.",
    staff: "Monte pas à pas.",
    integrator: "RAMP : monte à rampUpAps.",
  },
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
  OFF: {
    driver: "La charge est arrêtée ici.",
    staff: "Arrêtée.",
    integrator: "OFF : mode off.",
  },
  NOT_REQUESTING: {
    driver: "Libre. Branchez-vous pour charger.",
    staff: "Aucune voiture ne demande de courant.",
    integrator: "NOT_REQUESTING : pas de voiture, ou aucune qui veuille du courant.",
  },
  stoppedForBreaker: {
    driver: "Arrêtée par sécurité : cette borne prenait plus que permis. Veuillez en utiliser une autre.",
    staff:
      "Arrêtée : un disjoncteur était au-dessus de sa limite, et cette borne prenait plus que permis. Voir les alarmes.",
    integrator:
      "stoppedForBreaker : un disjoncteur était au-dessus de sa limite, il n’y avait plus rien à baisser, et cette borne prenait plus que sa limite ou refusait 0 A.",
  },
};
