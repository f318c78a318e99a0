export const file = {
  asked: "{charger} moet de diagnose sturen. Het bestand staat in de lijst zodra het er is.",
  came: "{charger} heeft de diagnose gestuurd: {file}.",
  ready: "{file} is klaar.",
  kept: "{file} is er. Kies de laadpaal die het krijgt.",
  sent: "{charger} moet {file} installeren. De laadpaal kan daarbij opnieuw starten.",
  installed: "{charger} heeft de nieuwe firmware geïnstalleerd.",
};
