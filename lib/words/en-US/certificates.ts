/** What became of the certificate of a charge point. */
export const certificate = {
  tooOften: "It asks for a certificate more than {most} {most|time|times} a minute.",
  notSecured: "It is not connected with a password over TLS (security profile 2), so it was not given a certificate.",
  wrongRequest: "Its request for a certificate was refused: {why}.",
  wrongName:
    "It asked for a certificate for {name}. Enter that as an alias of the charge point if it is its serial number.",
  notTaken: "It did not take the certificate: {status}. Install the root certificate on it and try again.",
  notSent: "The certificate could not be sent: {why}.",
  notRenewed: "It did not ask for a new certificate: {status}.",
  notSigned: "No flow sent the certificate within a day.",
};
