/** Why a back end is not connected, with what to do. */
export const backEnd = {
  untrusted: "its certificate is not trusted here; choose a tls-config with the CA certificate that the operator gives",
  expired: "its certificate has expired; tell the operator, or look at the clock of this computer",
  notYetValid: "its certificate is not valid yet; look at the clock of this computer",
  otherName: "its certificate is for another name; look at the host in the address",
  noEncryption: "it answers without encryption; its address begins with ws, or has another port",
  wantsCertificate: "it wants a certificate of the charger; choose a tls-config with one",
  notFound: "its host is not found; look at the address, or at the name server of this network",
  notFoundNow: "its host is not found now; look at the connection to the internet",
  refuses: "refuses the connection with HTTP {status}",
  refuses401: "refuses the connection with HTTP 401: the password or the identity is wrong",
  refuses403: "refuses the connection with HTTP 403: it does not admit this identity",
  refuses404: "refuses the connection with HTTP 404: the address is wrong, or it does not know this identity",
  boot: "answers BootNotification with {status}",
};
