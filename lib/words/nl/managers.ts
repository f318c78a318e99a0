export const chargerName = {
  power: "Vermogen",
  energy: "Energie",
  session: "Energie van deze laadsessie",
  offered: "Aangeboden stroom",
  current1: "Stroom 1",
  current2: "Stroom 2",
  current3: "Stroom 3",
  state: "Toestand",
  reason: "Reden",
  plugged: "Auto aangesloten",
  limit: "Limiet",
  mode: "Modus",
  permit: "Laden toegestaan",
  release: "Limieten intrekken",
};

export const zoneName = {
  load1: "Belasting L1",
  load2: "Belasting L2",
  load3: "Belasting L3",
  limit: "Limiet",
  release: "Limieten intrekken",
};
