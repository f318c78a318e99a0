import type { Catalogue } from "../types.ts";

/** Why a back end is not connected, with what to do. */
export const backEnd: Catalogue["backEnd"] = {
  untrusted:
    "seinem Zertifikat wird hier nicht vertraut; wählen Sie eine tls-config mit dem CA-Zertifikat des Betreibers",
  expired: "sein Zertifikat ist abgelaufen; sagen Sie es dem Betreiber, oder prüfen Sie die Uhr dieses Rechners",
  notYetValid: "sein Zertifikat gilt noch nicht; prüfen Sie die Uhr dieses Rechners",
  otherName: "sein Zertifikat ist für einen anderen Namen; prüfen Sie den Rechnernamen in der Adresse",
  noEncryption: "es antwortet ohne Verschlüsselung; seine Adresse beginnt mit ws, oder es hat einen anderen Port",
  wantsCertificate: "es verlangt ein Zertifikat der Ladestation; wählen Sie eine tls-config damit",
  notFound: "sein Rechner wird nicht gefunden; prüfen Sie die Adresse oder den Namensserver dieses Netzes",
  notFoundNow: "sein Rechner wird gerade nicht gefunden; prüfen Sie die Verbindung zum Internet",
  refuses: "lehnt die Verbindung mit HTTP {status} ab",
  refuses401: "lehnt die Verbindung mit HTTP 401 ab: Passwort oder Identität ist falsch",
  refuses403: "lehnt die Verbindung mit HTTP 403 ab: es lässt diese Identität nicht zu",
  refuses404: "lehnt die Verbindung mit HTTP 404 ab: die Adresse ist falsch, oder es kennt diese Identität nicht",
  boot: "antwortet auf BootNotification mit {status}",
};
