export const file = {
  asked: "Le diagnostic de {charger} est demandé. Le fichier est dans la liste dès qu’il est arrivé.",
  came: "{charger} a envoyé son diagnostic : {file}.",
  ready: "{file} est prêt.",
  kept: "{file} est arrivé. Choisissez la borne qui le reçoit.",
  sent: "{charger} doit installer {file}. Elle peut redémarrer.",
  installed: "{charger} a installé son nouveau micrologiciel.",
};
