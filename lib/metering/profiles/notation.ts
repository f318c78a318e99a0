/** How devices are written down here: what is usual is left out, so that a table can be held against a manual line by line. */
import type { MeterProfile, Register, SunSpec } from "../profile-schema.ts";

/**
 * One line of a register table: quantity, wire address (three: one for each of L1, L2, L3), type, scale, keys of the sources that
 * agree on it, how far they were compared, and what is special. The unit follows from the quantity.
 */
export type Row = readonly [
  quantity: string,
  addresses: number | readonly [number, number, number],
  type: Register["type"],
  scale: number,
  sources: string,
  verified: Register["verified"],
  special?: Partial<Pick<Register, "notAvailable" | "unavailableMeans" | "coding" | "note">>,
];

/** Last column of a row: what the device shows for a value that it does not have. */
export const NAN = { notAvailable: ["0xFFC00000"] };
export const LOWEST_FLOAT = { notAvailable: ["0xFF7FFFFF"] };
export const ALL_ONES_16 = { notAvailable: ["0xFFFF"] };
export const ALL_ONES_32 = { notAvailable: ["0xFFFFFFFF"] };
export const ALL_ONES_64 = { notAvailable: ["0xFFFFFFFFFFFFFFFF"] };
export const INT16_MAX = { notAvailable: ["0x7FFF"] };
export const INT32_MAX = { notAvailable: ["0x7FFFFFFF"] };
export const INT32_MIN = { notAvailable: ["0x80000000"] };
export const INT64_MIN = { notAvailable: ["0x8000000000000000"] };
export const INT16_EXTREMES = { notAvailable: ["0x7FFF", "0x8000"] };
export const INT32_EXTREMES = { notAvailable: ["0x7FFFFFFF", "0x80000000"] };

type Source = MeterProfile["sources"][string];
type Limits = MeterProfile["limits"];

/** A device, without what is usual. */
export interface Sheet
  extends Pick<MeterProfile, "id" | "vendor" | "models" | "transports" | "functionCode" | "confidence">,
    Partial<
      Pick<
        MeterProfile,
        | "kind"
        | "phases"
        | "wordOrder"
        | "alternativeFunctionCodes"
        | "computed"
        | "signConvention"
        | "notes"
        | "disagreements"
      >
    > {
  /** Of the factory or of common practice; `line` like "9600 8N1", or "9600" where the frame is unknown. */
  usual: { unitId?: number; port?: number; line?: string };
  defaultsSource: string | null;
  /** Otherwise 125 registers per read, and nothing to wait for. */
  limits: Partial<Limits> & Pick<Limits, "maxGap">;
  registers: readonly Row[];
  sunspec?: SunSpec;
  /** A path in the public repository that the key stands for (see `REPOSITORIES`), or all of it. SunSpec models need no mention. */
  sources: Record<string, string | (Partial<Source> & Pick<Source, "path">)>;
}

/** Public repositories that were read, at these commits. */
const REPOSITORIES: Record<string, Pick<Source, "repo" | "commit">> = {
  attr: { repo: "victronenergy/dbus_modbustcp", commit: "24c50db72f" },
  cgwacs: { repo: "victronenergy/dbus-cgwacs", commit: "24e1416ea9" },
  evcc: { repo: "evcc-io/evcc", commit: "b29b49e305" },
  everest: { repo: "EVerest/everest-core", commit: "23c9dac168" },
  goodwe: { repo: "marcelblijleven/goodwe", commit: "66dfcdd9cd" },
  iobroker: { repo: "Gugulao/modbus-templates", commit: "0761dc0613" },
  lib: { repo: "wlcrs/huawei-solar-lib", commit: "873c1b3b66" },
  mbmap: { repo: "nobrega8/mbmap-library" },
  mbmd: { repo: "volkszaehler/mbmd", commit: "fb8f9c22f1" },
  mdb: { repo: "jibrilsharafi/modbus-database", commit: "fba9d46911" },
  mkaiser: { repo: "mkaiser/Sungrow-SHx-Inverter-Modbus-Home-Assistant", commit: "63beec6770" },
  nmakel: { repo: "nmakel/sdm_modbus", commit: "fead352846" },
  nodered: { repo: "NicoloToscani/node-red-contrib-schneider-powerlogic", commit: "c04673e841" },
  nymea: { repo: "nymea/nymea-plugins-modbus", commit: "fcffebb468" },
  openems: { repo: "OpenEMS/openems", commit: "0e4ea8881f" },
  openwb: { repo: "openWB/core", commit: "3039a21010" },
  sunspec: { repo: "sunspec/models", commit: "7abdf8982d" },
  victron: { repo: "victronenergy/dbus-modbus-client", commit: "fe12d8c9c3" },
  wb: { repo: "wirenboard/wb-mqtt-serial", commit: "7f7a2d430d" },
};

/** What signs mean where nothing else is said. */
export const SIGNS = {
  meter:
    "import (consumption) positive as delivered by the device; export negative. currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
  currentsSigned: "import (consumption) positive as delivered by the device; export negative",
  separateEnergies:
    "signed active power, import positive; import/export energies separate. currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
  pv: "production positive",
  battery: "discharging positive",
};

/** Signed powers of a device that counts what comes and what goes in a register each. */
export const PAIRED_POWERS = {
  power: "powerImport - powerExport",
  powerL1: "powerImportL1 - powerExportL1",
  powerL2: "powerImportL2 - powerExportL2",
  powerL3: "powerImportL3 - powerExportL3",
};

/** What holds for the TQ-Systems EM300 and for the meters that others sell with its registers. */
export const EM300_NOTES = [
  "Power comes as UNSIGNED import/export pairs in 0.1 W; exactly one of the pair is non-zero. Read both halves of a pair in the same request or the difference glitches at a sign change.",
  "Energies: uint64 in 0.1 Wh: decode with BigInt, then divide.",
  "Blocks: 0..27 (28 regs), 40..65, 80..105, 120..145, 512..519; or 0..125 + 126..145 in two requests. 40..143 in one request works (OpenEMS).",
];

/** The devices of one maker. @param common what holds for each of them that does not say otherwise */
export function maker<Common extends Partial<Sheet>>(
  common: Common,
  devices: readonly (Omit<Sheet, keyof Common> & Partial<Sheet>)[],
): readonly Sheet[] {
  return devices.map((own) => ({ ...common, ...own }) as Sheet);
}

/** The profile that a sheet stands for. */
export function device(sheet: Sheet): MeterProfile {
  const { usual, registers, sources, limits, kind = "meter", ...rest } = sheet;
  return {
    kind,
    phases: 3,
    alternativeFunctionCodes: [],
    wordOrder: "big",
    signConvention: kind === "pv" || kind === "battery" ? SIGNS[kind] : SIGNS.meter,
    disagreements: [],
    notes: [],
    ...rest,
    defaults: defaultsOf(usual),
    limits: { maxRegistersPerRead: 125, minRequestGapMs: 0, connectDelayMs: 0, singleClient: false, ...limits },
    registers: Object.fromEntries(registers.flatMap(registersOf)),
    sources: Object.fromEntries(
      Object.entries({ ...describedIn(sheet), ...sources }).map(([key, source]) => [key, sourceOf(key, source)]),
    ),
  };
}

function registersOf([quantity, addresses, type, scale, sources, verified, special]: Row): [string, Register][] {
  const unit = unitOf(quantity);
  const register = { type, scale, unit, ...special, sources: sources.split(" ").filter(Boolean), verified };
  if (typeof addresses === "number") return [[quantity, { address: addresses, ...register }]];
  return addresses.map((address, index) => [`${quantity}L${index + 1}`, { address, ...register }]);
}

/** The unit in which a quantity of this name is given. */
export function unitOf(quantity: string): Register["unit"] {
  const [, unit = ""] = UNITS.find(([begin]) => quantity.startsWith(begin)) ?? [];
  return unit as Register["unit"];
}

const UNITS = [
  ["voltage", "V"],
  ["current", "A"],
  ["powerFactor", ""],
  ["power", "W"],
  ["energy", "Wh"],
  ["frequency", "Hz"],
  ["soc", "%"],
] as const;

function defaultsOf({ unitId, port, line }: Sheet["usual"]): MeterProfile["defaults"] {
  const [, baudRate, parity, stopBits] = /^(\d+)(?: 8([NEO])([12]))?$/.exec(line ?? "") ?? [];
  return {
    unitId: unitId ?? null,
    port: port ?? null,
    baudRate: baudRate ? Number(baudRate) : null,
    parity: (parity ?? null) as MeterProfile["defaults"]["parity"],
    stopBits: stopBits ? (Number(stopBits) as 1 | 2) : null,
  };
}

/** The files of the SunSpec models that a device is found by. */
function describedIn({ sunspec }: Sheet): Sheet["sources"] {
  if (!sunspec) return {};
  const ids = [...sunspec.modelPreference, ...(sunspec.companions ?? [])];
  return { sunspec: ids.map((id) => `json/model_${id}.json`).join(", ") };
}

/** A key such as `evcc_inv` is a further file of `evcc`. */
function sourceOf(key: string, source: Sheet["sources"][string]): Source {
  const given = typeof source === "string" ? { path: source } : source;
  return { repo: "", ...REPOSITORIES[key.replace(/[_\d].*$/, "")], ...given };
}
