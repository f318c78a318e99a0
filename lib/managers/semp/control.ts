/** What an EM2Device request asks. It comes from the network, so nothing of it is trusted. */
import sax from "sax";
import { SEMP_NAMESPACE } from "./documents.ts";

/** What is recommended to one device. */
export interface DeviceControl {
  deviceId: string;
  on: boolean;
  /** W; null = no more than on or off. */
  powerW: number | null;
}

/** Longer requests are not read, bytes: more than two hundred devices. */
export const MOST_REQUEST_BYTES = 65_536;
/** Elements within elements; SEMP needs three. */
const DEEPEST = 8;
/** So many devices are spoken of at once. */
const MOST_CONTROLS = 250;
const LONGEST_VALUE = 100;
const FIELDS = ["DeviceId", "On", "RecommendedPowerConsumption"] as const;
/** As XML Schema writes them. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
type Fields = Partial<Record<(typeof FIELDS)[number], string>>;

/** @throws RangeError saying what is wrong */
export function readControls(text: string): DeviceControl[] {
  const found: Fields[] = [];
  const path: string[] = [];
  let isRequest = false;
  const parser = sax.parser(true, { xmlns: true, strictEntities: true, trim: false });
  const refuse = (what: string) => () => {
    throw new RangeError(what);
  };
  parser.ondoctype = refuse("a document type is not taken");
  parser.oncdata = refuse("CDATA is not taken");
  parser.onprocessinginstruction = ({ name }) => {
    if (name.toLowerCase() !== "xml") throw new RangeError("an instruction is not taken");
  };
  parser.onerror = (error) => {
    throw new RangeError(error.message.split("\n")[0]);
  };
  parser.onopentag = ({ local, uri }) => {
    // Elements of others may stand anywhere, and mean nothing here.
    const isOurs = uri === SEMP_NAMESPACE || uri === "";
    path.push(isOurs ? local : "");
    if (path.length > DEEPEST) throw new RangeError("elements are nested too deep");
    isRequest ||= path[0] === "EM2Device";
    if (!isRequest) throw new RangeError("the first element must be EM2Device");
    if (path.length === 2 && path[1] === "DeviceControl") found.push({});
    if (found.length > MOST_CONTROLS) throw new RangeError("it speaks of too many devices");
    const field = fieldAt(path);
    if (field === null) return;
    if (found.at(-1)![field] !== undefined) throw new RangeError(`${field} stands there twice`);
    found.at(-1)![field] = "";
  };
  parser.onclosetag = () => void path.pop();
  parser.ontext = (part) => {
    const field = fieldAt(path);
    if (field === null) return;
    const whole = `${found.at(-1)![field]}${part}`;
    if (whole.length > LONGEST_VALUE) throw new RangeError(`${field} is too long`);
    found.at(-1)![field] = whole;
  };
  parser.write(text).close();
  if (!isRequest) throw new RangeError("there is no EM2Device");
  return found.map(control);
}

function fieldAt(path: readonly string[]): (typeof FIELDS)[number] | null {
  if (path.length !== 3 || path[1] !== "DeviceControl") return null;
  return FIELDS.find((field) => field === path[2]) ?? null;
}

function control({ DeviceId = "", On = "", RecommendedPowerConsumption }: Fields): DeviceControl {
  const deviceId = DeviceId.trim().toUpperCase();
  if (deviceId === "") throw new RangeError("DeviceId is missing");
  const on = BOOLEANS.get(On.trim());
  if (on === undefined) throw new RangeError("On must be true or false");
  return {
    deviceId,
    on,
    powerW: RecommendedPowerConsumption === undefined ? null : powerOf(RecommendedPowerConsumption),
  };
}

function powerOf(text: string): number {
  const powerW = Number(text);
  if (text.trim() === "" || !(powerW >= 0 && powerW <= 10_000_000))
    throw new RangeError("RecommendedPowerConsumption must be a power in W, not below 0");
  return powerW;
}
