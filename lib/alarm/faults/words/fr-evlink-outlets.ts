import type { FaultWords } from "./types.ts";

/** Faults of EVlink outlets, in French. */
export const FRENCH_EVLINK_OUTLET: FaultWords = {
  "evlink/KO_BadgeUnknown": [
    "Badge refusé",
    null,
    "Badge inconnu sur place ou au système central.",
    "Ajoutez le badge à la liste si son porteur peut charger ici.",
  ],
  "evlink/KO_BadgeIsNotTheBooker": [
    "Badge autre que celui de la réservation",
    null,
    "Un autre conducteur a essayé une prise réservée.",
    "Utilisez une autre prise, ou annulez la réservation.",
  ],
  "evlink/KO_PlugOrShutterAbnormallyLocked": [
    "Le verrou finit en mauvaise position",
    null,
    "Un défaut mécanique.",
    "Retirez la fiche, nettoyez la prise et réessayez ; si cela revient, faites contrôler le verrou.",
  ],
  "evlink/KO_ShutterNotOpened": [
    "Clapet non ouvert",
    null,
    "Conducteur ou mécanique.",
    "Ouvrez le clapet à la main et cherchez la saleté ; s’il coince, faites-le réparer.",
  ],
  "evlink/KO_PlugNotDetected": [
    "Aucun câble vu à temps",
    null,
    "Le conducteur ne l’a pas branché.",
    "Branchez d’abord le câble, puis présentez de nouveau le badge.",
  ],
  "evlink/KO_EvNotDetected": [
    "Aucune voiture vue à temps",
    null,
    "Conducteur ou câble.",
    "Branchez le câble à la voiture, puis présentez de nouveau le badge ; essayez un autre câble.",
  ],
  "evlink/KO_PlugOrShutterAbnormallyNotLocked": [
    "Le verrou ne fonctionne pas",
    null,
    "Un défaut mécanique.",
    "Enfoncez la fiche à fond et réessayez ; si cela revient, faites contrôler le verrou.",
  ],
  "evlink/KO_PlugProcedureError": [
    "Problème au branchement",
    null,
    null,
    "Débranchez, attendez dix secondes et recommencez.",
  ],
  "evlink/KO_BadgeIsNotTheCurrentUser": [
    "Badge autre que celui qui a ouvert la session",
    null,
    "Un autre conducteur a voulu l’arrêter.",
    "Arrêtez avec le badge qui a démarré, ou avec un badge administrateur.",
  ],
  "evlink/KO_UnlockPlugInCharge": [
    "Fiche déverrouillée pendant la charge",
    null,
    "Mécanique ou fraude.",
    "Cherchez des dommages au verrou et à la prise, et des traces de fraude.",
  ],
  "evlink/KO_OnStreetOpenShutterInCharge": [
    "City : clapet ouvert pendant la charge",
    null,
    "Conducteur ou fraude.",
    "Fermez le clapet ; cherchez des dommages et des traces de fraude.",
  ],
  "evlink/KO_ShutterNotClosed": [
    "Clapet ouvert après la session",
    null,
    "Le conducteur ne l’a pas fermé.",
    "Fermez le clapet.",
  ],
  "evlink/KO_PlugStillDetected": [
    "Câble encore présent après la session",
    null,
    "Le conducteur ne l’a pas retiré.",
    "Demandez au conducteur de retirer le câble de la prise.",
  ],
  "evlink/KO_EVStillDetected": [
    "Voiture encore présente après la demande d’arrêt",
    null,
    "Le conducteur ne l’a pas débranchée.",
    "Demandez au conducteur de débrancher la voiture.",
  ],
  "evlink/KO_UnplugProcedureError": [
    "Autre problème au débranchement",
    null,
    null,
    "Retirez la fiche ; si elle ne sort pas, déverrouillez la prise par commande.",
  ],
};
