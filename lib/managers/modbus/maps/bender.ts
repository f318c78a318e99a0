import type { ConnectorValue } from "../../values.ts";
import type { MapRegister, RegisterMap } from "../register-map.ts";

const u16 = (
  address: number,
  value: MapRegister<ConnectorValue>["value"],
  what: string,
  more: Partial<MapRegister> = {},
) => ({ address, type: "u16", value, what, ...more }) as MapRegister<ConnectorValue>;
const u32 = (
  address: number,
  value: MapRegister<ConnectorValue>["value"],
  what: string,
  more: Partial<MapRegister> = {},
) => ({ address, type: "u32", value, what, ...more }) as MapRegister<ConnectorValue>;

/** Charge controllers of Bender (Ebee), which are in chargers of many makers. Any unit id; one port for each connector. */
export const BENDER: RegisterMap = {
  id: "bender",
  code: "HEMS",
  title: "Bender charge controller",
  about:
    "What drivers for Bender, Ebee, Mennekes, Webasto Live, Juice, TechniSat and Optec read and write; evcc reads it with `type: bender`. Each connector has a port of its own, as at such a charger with two outlets.",
  sources: [
    "https://www.bender.de/docs/charge-controller/5.32/APIs/Modbus-API",
    "https://github.com/user-attachments/files/15804177/Bender.CC613.Configuration.Interface.Modbus.Docs.pdf (OMCCI)",
    "https://github.com/evcc-io/evcc, charger/bender.go (read 2026-08, b29b49e)",
  ],
  serves: "connector",
  anyUnit: true,
  away: "unknown",
  renewedBy: "request",
  connector: {
    base: 100,
    stride: 0,
    most: 1,
    size: 903,
    registers: [
      {
        address: 0,
        type: "text",
        words: 2,
        value: { fixed: "5.32" },
        steady: true,
        what: "firmware version that has these registers",
      },
      u16(4, "ocppStatus", "OCPP status", {
        codes: {
          Available: 0,
          Occupied: 1,
          Reserved: 2,
          Unavailable: 3,
          Faulted: 4,
          Preparing: 5,
          Charging: 6,
          SuspendedEVSE: 7,
          SuspendedEV: 8,
          Finishing: 9,
        },
      }),
      { address: 20, type: "text", words: 2, value: { fixed: "0.14" }, steady: true, what: "version of the registers" },
      u16(22, "vehicleState", "state of the car: A no car, B connected, C charging, E fault", {
        codes: { A: 1, B: 2, C: 3, E: 5 },
      }),
      u16(31, "fallbackA", "*Without a manager* of the dialog", {
        unit: "A",
        steady: true,
      }),
      u16(32, "leaseS", "*Limit ends after* of the dialog", { unit: "s", steady: true }),
      u16(33, "maxA", "largest charging current", { unit: "A", steady: true }),
      u16(40, "relays", "relays: 0 open, 1 three phases, 5 one phase", { codes: { open: 0, three: 1, one: 5 } }),
      { address: 42, type: "text", words: 10, value: { fixed: "Phasewise" }, steady: true, what: "model" },
      u32(100, { fixed: 0xffffffff }, "energy of L1: not known"),
      u32(102, { fixed: 0xffffffff }, "energy of L2: not known"),
      u32(104, { fixed: 0xffffffff }, "energy of L3: not known"),
      u32(106, "power1W", "power of L1", { unit: "W" }),
      u32(108, "power2W", "power of L2", { unit: "W" }),
      u32(110, "power3W", "power of L3", { unit: "W" }),
      u32(112, "current1A", "current of L1", { unit: "A", scale: 1000 }),
      u32(114, "current2A", "current of L2", { unit: "A", scale: 1000 }),
      u32(116, "current3A", "current of L3", { unit: "A", scale: 1000 }),
      u32(118, "totalWh", "energy of the charger's register", { unit: "Wh" }),
      u32(120, "powerW", "power", { unit: "W" }),
      u32(122, { fixed: 0xffffffff }, "voltage of L1: not known"),
      u32(124, { fixed: 0xffffffff }, "voltage of L2: not known"),
      u32(126, { fixed: 0xffffffff }, "voltage of L3: not known"),
      u16(606, "setpointA", "setpoint of load management", { unit: "A" }),
      u32(616, "sessionWh", "energy of this session", { unit: "Wh" }),
      u32(618, "sessionS", "charging time of this session", { unit: "s" }),
      { address: 620, type: "text", words: 10, value: { fixed: "" }, what: "badge: always empty" },
      u16(630, { fixed: 0xffff }, "state of charge of the car: not known"),
      u16(640, { fixed: 0 }, "car with ISO 15118: always 0"),
      { address: 641, type: "text", words: 6, value: { fixed: "" }, what: "id of the car: not known" },
      u16(900, "askedA", "requested current, per phase; 0 pauses the car", { unit: "A", write: "limitA" }),
      u16(901, "askedA", "the same in tenths of an ampere", { unit: "A", scale: 10, write: "limitA" }),
      u16(
        902,
        "askedA",
        "requested power; write only, because drivers that can read it switch between one phase and three by it",
        {
          unit: "W",
          write: "powerW",
          writeOnly: true,
        },
      ),
    ],
  },
};
