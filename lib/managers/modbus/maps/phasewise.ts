import type { MapRegister, RegisterMap } from "../register-map.ts";

const A = { type: "u16", scale: 10, unit: "A" } as const;
const W = { type: "u32", unit: "W" } as const;
const STATES = { offline: 0, free: 1, waiting: 2, charging: 3, idle: 4, faulted: 5 } as const;
const MODES = { fast: 0, minpv: 1, pv: 2, off: 3 } as const;
const NO_YES = { no: 0, yes: 1 } as const;

const text = <Name extends string>(address: number, words: number, value: Name, what: string) =>
  ({ address, type: "text", words, value, what, steady: true }) as MapRegister<Name>;

/** The whole site for a building management system: one port, one unit. */
export const PHASEWISE: RegisterMap = {
  id: "phasewise",
  code: "BMS",
  title: "Phasewise",
  about:
    "The whole site behind one port, for a building management system. Connectors and zones keep their numbers for as long as the site exists: what is added gets the next one, and what is gone reads as away.",
  sources: [],
  serves: "site",
  away: "unknown",
  renewedBy: "write",
  site: {
    base: 0,
    stride: 0,
    most: 1,
    size: 20,
    registers: [
      { address: 0, type: "u16", value: { fixed: 1 }, steady: true, what: "version of this map" },
      { address: 1, type: "u16", value: "zones", steady: true, what: "zones" },
      { address: 2, type: "u16", value: "connectors", steady: true, what: "connectors" },
      { address: 3, type: "u16", value: "charging", steady: true, what: "connectors that charge" },
      { address: 4, type: "u16", value: "alarms", steady: true, what: "alarms and warnings that are raised" },
      { address: 5, ...W, value: "powerW", steady: true, what: "power of all connectors" },
      {
        address: 7,
        type: "u16",
        value: "leaseS",
        steady: true,
        unit: "s",
        what: "time after which a limit ends by itself",
      },
      {
        address: 8,
        type: "u16",
        value: { fixed: 0 },
        steady: true,
        write: "keepAlive",
        what: "keep-alive: any write renews all limits of this manager",
      },
    ],
  },
  zone: {
    base: 100,
    stride: 40,
    most: 20,
    size: 40,
    registers: [
      text(0, 16, "name", "name"),
      { address: 16, ...A, value: "limit1A", steady: true, what: "limit of L1" },
      { address: 17, ...A, value: "limit2A", steady: true, what: "limit of L2" },
      { address: 18, ...A, value: "limit3A", steady: true, what: "limit of L3" },
      { address: 19, ...A, value: "load1A", what: "load of L1" },
      { address: 20, ...A, value: "load2A", what: "load of L2" },
      { address: 21, ...A, value: "load3A", what: "load of L3" },
      { address: 22, ...A, value: "chargers1A", what: "chargers' load of L1" },
      { address: 23, ...A, value: "chargers2A", what: "chargers' load of L2" },
      { address: 24, ...A, value: "chargers3A", what: "chargers' load of L3" },
      { address: 25, type: "u16", value: "failSafe", codes: NO_YES, what: "1 while a meter is silent" },
      {
        address: 30,
        ...A,
        value: "askedLimitA",
        write: "limitA",
        steady: true,
        what: "limit of all chargers of the zone together, per phase; all ones (65535) ends it",
      },
      {
        address: 31,
        ...W,
        value: "askedPowerW",
        write: "powerW",
        steady: true,
        what: "limit of all chargers of the zone together; all ones (4294967295) ends it",
      },
    ],
  },
  connector: {
    base: 1000,
    stride: 50,
    most: 200,
    size: 50,
    registers: [
      text(0, 12, "chargePoint", "identity of the charge point"),
      {
        address: 12,
        type: "u16",
        value: "connector",
        steady: true,
        what: "number of the connector at the charge point",
      },
      {
        address: 13,
        type: "u16",
        value: "state",
        codes: STATES,
        steady: true,
        what: "state: 0 not connected, 1 free, 2 a car waits, 3 charging, 4 the car draws nothing, 5 faulted",
      },
      { address: 14, type: "u16", value: "plugged", codes: NO_YES, what: "1 while a car is connected" },
      { address: 15, ...A, value: "setpointA", what: "setpoint of load management, per phase" },
      { address: 16, ...A, value: "phase1A", what: "current on L1 of the site" },
      { address: 17, ...A, value: "phase2A", what: "current on L2 of the site" },
      { address: 18, ...A, value: "phase3A", what: "current on L3 of the site" },
      { address: 19, ...W, value: "powerW", what: "power" },
      { address: 21, type: "u32", value: "sessionWh", unit: "Wh", what: "energy of this session" },
      { address: 23, type: "u32", value: "sessionS", unit: "s", what: "charging time of this session" },
      { address: 25, type: "u32", value: "totalWh", unit: "Wh", what: "energy of the charger's register" },
      { address: 27, ...A, value: "minA", steady: true, what: "smallest charging current" },
      { address: 28, ...A, value: "maxA", steady: true, what: "largest charging current" },
      { address: 29, type: "u16", value: "phases", steady: true, what: "number of wired phases" },
      {
        address: 30,
        type: "u16",
        value: "mode",
        codes: MODES,
        steady: true,
        what: "mode: 0 as fast as possible, 1 sun and at least the minimum, 2 sun only, 3 off",
      },
      {
        address: 40,
        ...A,
        value: "askedLimitA",
        write: "limitA",
        steady: true,
        what: "limit, per phase; all ones (65535) ends it",
      },
      {
        address: 41,
        type: "u16",
        value: "permit",
        codes: NO_YES,
        write: "permit",
        steady: true,
        what: "0 = charging is not permitted, 1 = permitted",
      },
      {
        address: 42,
        type: "u16",
        value: "askedMode",
        codes: MODES,
        write: "mode",
        steady: true,
        what: "requested mode; the stricter of this one and the mode chosen in Phasewise holds; all ones (65535) ends it",
      },
    ],
  },
};
