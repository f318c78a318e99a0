/** What Home Assistant calls a value or a control of a connector. */
export const chargerName = {
  power: "Power",
  energy: "Energy",
  session: "Energy of this charge",
  offered: "Current offered",
  current1: "Current 1",
  current2: "Current 2",
  current3: "Current 3",
  state: "State",
  reason: "Reason",
  plugged: "Car connected",
  limit: "Limit",
  mode: "Mode",
  permit: "Charging permitted",
  release: "Take limits back",
};

/** The same of a zone. */
export const zoneName = {
  load1: "Load L1",
  load2: "Load L2",
  load3: "Load L3",
  limit: "Limit",
  release: "Take limits back",
};
