import type { FaultWords } from "./types.ts";

/** Faults of OCPP's own codes, in French. */
export const FRENCH_OCPP: FaultWords = {
  "ocpp/ConnectorLockFailure": [
    "Fiche non verrouillée ou non libérée",
    "La fiche n’a pas pu être verrouillée ou déverrouillée.",
    "La fiche n’est pas enfoncée à fond, le câble tire dessus, ou le verrou est coincé.",
    "Enfoncez bien la fiche, ou relâchez le câble et déverrouillez la prise par commande.",
  ],
  "ocpp/EVCommunicationError": [
    "Pas de dialogue avec la voiture",
    "La borne et la voiture ne se comprennent pas sur le fil pilote (control pilot).",
    "Câble, contacts de la fiche, ou défaut de la voiture.",
    "Débranchez, attendez dix secondes, rebranchez ; essayez un autre câble, puis une autre voiture.",
  ],
  "ocpp/GroundFailure": [
    "Courant différentiel",
    "La protection différentielle s’est ouverte.",
    "Fuite dans la voiture, le câble ou l’installation ; humidité.",
    "Débranchez. Si cela revient avec une autre voiture, faites chercher le défaut par un électricien avant de réutiliser la borne.",
  ],
  "ocpp/HighTemperature": [
    "Trop chaud",
    "La température dans la borne est trop élevée ; elle peut réduire le courant d’elle-même.",
    "Soleil, entrée d’air bouchée ou borne à vis desserrée.",
    "Laissez refroidir et donnez de l’air ; si cela revient à l’ombre, faites resserrer les connexions.",
  ],
  "ocpp/InternalError": [
    "Défaut interne",
    "Le matériel ou le logiciel de la borne est en défaut.",
    null,
    "Réinitialisez-la par commande ; si le défaut persiste, envoyez ses diagnostics au fabricant.",
  ],
  "ocpp/LocalListConflict": [
    "Liste de badges désynchronisée",
    "La liste de badges de la borne ne correspond pas à celle du système central.",
    "La liste a changé pendant l’absence de la borne.",
    "Rien : la liste est renvoyée en entier.",
  ],
  "ocpp/OtherError": ["Défaut de la borne", null, null, "Cherchez le code du fabricant dans le manuel de la borne."],
  "ocpp/OverCurrentFailure": [
    "Surintensité",
    "La protection contre les surintensités de la borne s’est ouverte.",
    "Surcharge ou court-circuit ; une voiture qui prend plus qu’il ne lui est offert.",
    "Débranchez et essayez une autre voiture. Un disjoncteur déclenché est réarmé par un électricien qui a trouvé la cause.",
  ],
  "ocpp/OverVoltage": [
    "Tension trop élevée",
    null,
    "L’alimentation ; un neutre coupé.",
    "Faites mesurer sans attendre la tension d’alimentation et le neutre.",
  ],
  "ocpp/PowerMeterFailure": [
    "Le compteur de la borne ne répond pas",
    null,
    "Câblage, alimentation, adresse ou type du compteur.",
    "Vérifiez câblage, alimentation et réglages du compteur dans la borne.",
  ],
  "ocpp/PowerSwitchFailure": [
    "Défaut du contacteur",
    "Le contacteur ne suit pas : la prise peut être sous tension sans fiche.",
    "Contacts soudés par une surcharge, ou usés.",
    "Éloignez les personnes et coupez l’alimentation jusqu’à la réparation.",
  ],
  "ocpp/ReaderFailure": [
    "Le lecteur de badges ne répond pas",
    null,
    "Câble ou lecteur.",
    "Vérifiez le câble du lecteur, redémarrez la borne, remplacez le lecteur.",
  ],
  "ocpp/ResetFailure": [
    "Échec du redémarrage",
    "La borne n’a pas pu redémarrer d’elle-même.",
    null,
    "Coupez son alimentation puis remettez-la.",
  ],
  "ocpp/UnderVoltage": [
    "Tension trop basse",
    null,
    "L’alimentation ; une liaison longue ou desserrée en charge.",
    "Faites mesurer la tension d’alimentation et les connexions en charge.",
  ],
  "ocpp/WeakSignal": [
    "Signal radio faible",
    null,
    "Réception du modem ou du réseau sans fil.",
    "Déplacez l’antenne ou utilisez un câble.",
  ],
};
