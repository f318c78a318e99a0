/** What Home Assistant calls a value or a control of a connector. */
export const chargerName = {
  power: "Leistung",
  energy: "Energie",
  session: "Energie dieser Ladung",
  offered: "Angebotener Strom",
  current1: "Strom 1",
  current2: "Strom 2",
  current3: "Strom 3",
  state: "Zustand",
  reason: "Grund",
  plugged: "Auto verbunden",
  limit: "Grenze",
  mode: "Modus",
  permit: "Laden freigegeben",
  release: "Grenzen zurücknehmen",
};

/** The same of a zone. */
export const zoneName = {
  load1: "Last L1",
  load2: "Last L2",
  load3: "Last L3",
  limit: "Grenze",
  release: "Grenzen zurücknehmen",
};
