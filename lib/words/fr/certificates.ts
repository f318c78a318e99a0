export const certificate = {
  tooOften: "Elle demande un certificat plus de {most} fois par minute.",
  notSecured:
    "Elle n’est pas connectée avec un mot de passe par TLS (profil de sécurité 2) et n’a donc pas reçu de certificat.",
  wrongRequest: "Sa demande de certificat a été refusée : {why}.",
  wrongName:
    "Elle a demandé un certificat pour {name}. Saisissez-le comme alias de la borne si c’est son numéro de série.",
  notTaken: "Elle n’a pas accepté le certificat : {status}. Installez-y le certificat racine et réessayez.",
  notSent: "Le certificat n’a pas pu être envoyé : {why}.",
  notRenewed: "Elle n’a pas demandé de nouveau certificat : {status}.",
  notSigned: "Aucun flux n’a envoyé le certificat en un jour.",
};
