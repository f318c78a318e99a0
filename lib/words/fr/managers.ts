/** What Home Assistant calls a value or a control of a connector. */
export const chargerName = {
  power: "Puissance",
  energy: "Énergie",
  session: "Énergie de cette charge",
  offered: "Courant offert",
  current1: "Courant 1",
  current2: "Courant 2",
  current3: "Courant 3",
  state: "État",
  reason: "Raison",
  plugged: "Voiture branchée",
  limit: "Limite",
  mode: "Mode",
  permit: "Charge autorisée",
  release: "Lever les limites",
};

/** The same of a zone. */
export const zoneName = {
  load1: "Charge L1",
  load2: "Charge L2",
  load3: "Charge L3",
  limit: "Limite",
  release: "Lever les limites",
};
