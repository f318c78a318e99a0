export const file = {
  asked: "{charger} soll die Diagnosedatei schicken. Sie steht in der Liste, sobald sie da ist.",
  came: "{charger} hat die Diagnosedatei geschickt: {file}.",
  ready: "{file} ist fertig.",
  kept: "{file} ist da. Wählen Sie die Ladestation, die sie bekommt.",
  sent: "{charger} soll {file} installieren. Dabei kann die Ladestation neu starten.",
  installed: "{charger} hat die neue Firmware installiert.",
};
