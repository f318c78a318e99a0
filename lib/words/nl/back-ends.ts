import type { Catalogue } from "../types.ts";

/** Why a back end is not connected, with what to do. */
export const backEnd: Catalogue["backEnd"] = {
  untrusted:
    "het certificaat wordt hier niet vertrouwd; kies een tls-config met het CA-certificaat dat de aanbieder geeft",
  expired: "het certificaat is verlopen; meld het de aanbieder, of controleer de klok van deze computer",
  notYetValid: "het certificaat is nog niet geldig; controleer de klok van deze computer",
  otherName: "het certificaat is voor een andere naam; controleer de hostnaam in het adres",
  noEncryption: "hij antwoordt zonder versleuteling; het adres begint met ws, of heeft een andere poort",
  wantsCertificate: "hij wil een certificaat van de laadpaal; kies een tls-config met een certificaat",
  notFound: "de host is niet gevonden; controleer het adres of de naamserver van dit netwerk",
  notFoundNow: "de host is nu niet te vinden; controleer de verbinding met internet",
  refuses: "weigert de verbinding met HTTP {status}",
  refuses401: "weigert de verbinding met HTTP 401: het wachtwoord of de identiteit klopt niet",
  refuses403: "weigert de verbinding met HTTP 403: deze identiteit wordt niet toegelaten",
  refuses404: "weigert de verbinding met HTTP 404: het adres klopt niet, of deze identiteit is onbekend",
  boot: "antwoordt op BootNotification met {status}",
};
