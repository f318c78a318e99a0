import type { Catalogue } from "../types.ts";

/** Why a back end is not connected, with what to do. */
export const backEnd: Catalogue["backEnd"] = {
  untrusted:
    "son certificat n’est pas reconnu ici ; choisissez une tls-config avec le certificat d’autorité de l’opérateur",
  expired: "son certificat a expiré ; prévenez l’opérateur, ou vérifiez l’horloge de cet ordinateur",
  notYetValid: "son certificat n’est pas encore valable ; vérifiez l’horloge de cet ordinateur",
  otherName: "son certificat porte un autre nom ; vérifiez le nom d’hôte dans l’adresse",
  noEncryption: "il répond sans chiffrement ; son adresse commence par ws, ou il a un autre port",
  wantsCertificate: "il exige un certificat de la borne ; choisissez une tls-config qui en contient un",
  notFound: "son hôte est introuvable ; vérifiez l’adresse, ou le serveur de noms de ce réseau",
  notFoundNow: "son hôte est introuvable pour l’instant ; vérifiez la connexion à Internet",
  refuses: "refuse la connexion avec HTTP {status}",
  refuses401: "refuse la connexion avec HTTP 401 : le mot de passe ou l’identité est faux",
  refuses403: "refuse la connexion avec HTTP 403 : il n’admet pas cette identité",
  refuses404: "refuse la connexion avec HTTP 404 : l’adresse est fausse, ou il ne connaît pas cette identité",
  boot: "répond à BootNotification par {status}",
};
