import type { FaultWords } from "./types.ts";

/** Faults of Bender charge controllers, in French. */
export const FRENCH_BENDER: FaultWords = {
  "bender/residual-current": [
    "Courant différentiel (capteur RCMB)",
    "La surveillance différentielle intégrée a vu un courant de fuite AC ou DC.",
    "Fuite dans le véhicule, le câble ou le câblage ; bobine de mesure desserrée ou défectueuse.",
    "Débranchez : la surveillance se réarme alors, sinon environ 10 s après le départ de la voiture (15 min avec les anciennes versions RCMB jusqu’à D0469). Si cela revient, vérifiez la bobine jaune et son connecteur.",
  ],
  "bender/mode3-vehicle-error": [
    "Le véhicule signale une erreur (mode 3)",
    "La voiture signale une erreur sur le fil pilote.",
    "Défaut de la voiture ou du dialogue avec elle.",
    "Débranchez et réessayez ; sinon suivez les instructions de la voiture.",
  ],
  "bender/mode3-diode": [
    "Échec du test de diode (détection de fraude)",
    "Pas de diode valide dans le circuit pilote de la voiture.",
    "Voiture ou câble défectueux, ou quelqu’un ponte le pilote.",
    "Débranchez et réessayez avec une autre voiture ou un autre câble ; sinon suivez les instructions de la voiture.",
  ],
  "bender/mcb-type2": [
    "Disjoncteur de la prise type 2 déclenché",
    "La protection contre les surintensités de la prise type 2 s’est ouverte.",
    "Surcharge ou court-circuit.",
    "Trouvez la cause, puis un technicien réarme le disjoncteur sur place.",
  ],
  "bender/mcb-domestic": [
    "Disjoncteur de la prise domestique déclenché",
    "La protection contre les surintensités de la prise domestique s’est ouverte.",
    "Surcharge ou court-circuit.",
    "Trouvez la cause, puis un technicien réarme le disjoncteur sur place.",
  ],
  "bender/rcd": [
    "Interrupteur différentiel déclenché",
    "Le dispositif différentiel externe s’est ouvert.",
    "Défaut à la terre ou essai.",
    "Il se réarme de lui-même un nombre limité de fois ; ensuite, réarmez sur place et cherchez le défaut.",
  ],
  "bender/spd": [
    "Parafoudre déclenché",
    "Le parafoudre est usé.",
    "Foudre ou surtension de manœuvre.",
    "Remplacez le parafoudre. La charge continue sans protection contre les surtensions.",
  ],
  "bender/contactor-welded": [
    "Contacteur soudé",
    "Le contacteur de sortie ne s’ouvre pas.",
    "Contacts soudés par surcharge ou usure.",
    "Intervention urgente : la prise peut être sous tension sans fiche. Isolez l’alimentation jusqu’à la réparation.",
  ],
  "bender/backend-disconnected": [
    "Supervision déconnectée",
    "Le contrôleur a perdu sa connexion OCPP.",
    "Réseau, système central arrêté, mauvaise URL.",
    "Vérifiez le réseau et le système central.",
  ],
  "bender/plug-lock-failed": [
    "La fiche n’a pas pu être verrouillée",
    "L’actionneur de verrouillage n’a pas atteint sa fin de course.",
    "Fiche pas enfoncée à fond.",
    "Débranchez et rebranchez fermement.",
  ],
  "bender/actuator-stuck": [
    "Actionneur type 2 coincé, déverrouillage impossible",
    "L’actionneur de verrouillage est coincé.",
    "Blocage mécanique, tension sur le câble.",
    "UnlockConnector ou un redémarrage matériel fait un nouvel essai ; sinon, intervention sur place.",
  ],
  "bender/actuator-missing": [
    "Actionneur type 2 non détecté",
    "Le contrôleur ne trouve pas l’actionneur de verrouillage.",
    "Câblage ou actionneur défectueux.",
    "Un redémarrage matériel relance la détection ; sinon, intervention sur place.",
  ],
  "bender/ocpp-meter": [
    "Le compteur de charge ne répond pas",
    "Le compteur dont les valeurs passent par OCPP se tait.",
    "Câblage du bus, alimentation du compteur, adresse ou type faux.",
    "Vérifiez câblage, alimentation et configuration du compteur.",
  ],
  "bender/external-meter": [
    "Le compteur externe (DLM) ne répond pas",
    "Le compteur au point de livraison ou au tableau divisionnaire, sur lequel la borne règle sa gestion de charge, se tait.",
    "Défaut de réseau ou de bus, IP ou adresse fausse.",
    "Vérifiez réseau, adresse et alimentation du compteur. Considérez l’entrée DLM comme perdue.",
  ],
  "bender/rfid-reader": [
    "Le lecteur RFID ne répond pas",
    "Lecteur de badges perdu.",
    "Câble ou lecteur défectueux.",
    "Vérifiez le câble du lecteur, redémarrez, remplacez le lecteur.",
  ],
};
