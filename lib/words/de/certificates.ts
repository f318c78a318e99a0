export const certificate = {
  tooOften: "Sie bittet öfter als {most}-mal in der Minute um ein Zertifikat.",
  notSecured: "Sie ist nicht mit Passwort über TLS verbunden (Sicherheitsprofil 2) und bekam deshalb kein Zertifikat.",
  wrongRequest: "Ihre Bitte um ein Zertifikat wurde abgelehnt: {why}.",
  wrongName:
    "Sie bat um ein Zertifikat für {name}. Ist das ihre Seriennummer, tragen Sie es als Alias der Ladestation ein.",
  notTaken:
    "Sie nahm das Zertifikat nicht an: {status}. Installieren Sie das Stammzertifikat auf ihr und versuchen Sie es nochmals.",
  notSent: "Das Zertifikat konnte nicht gesendet werden: {why}.",
  notRenewed: "Sie bat nicht um ein neues Zertifikat: {status}.",
  notSigned: "Kein Flow hat das Zertifikat innerhalb eines Tages geschickt.",
};
