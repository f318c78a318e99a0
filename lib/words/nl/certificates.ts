export const certificate = {
  tooOften: "Hij vraagt vaker dan {most} keer per minuut om een certificaat.",
  notSecured:
    "Hij is niet met een wachtwoord via TLS verbonden (beveiligingsprofiel 2) en kreeg daarom geen certificaat.",
  wrongRequest: "Zijn verzoek om een certificaat is geweigerd: {why}.",
  wrongName:
    "Hij vroeg om een certificaat voor {name}. Vul dat in als alias van de laadpaal als het zijn serienummer is.",
  notTaken: "Hij nam het certificaat niet aan: {status}. Installeer het rootcertificaat erop en probeer het opnieuw.",
  notSent: "Het certificaat kon niet worden verstuurd: {why}.",
  notRenewed: "Hij vroeg niet om een nieuw certificaat: {status}.",
  notSigned: "Geen flow heeft het certificaat binnen een dag gestuurd.",
};
