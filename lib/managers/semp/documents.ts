/**
 * A connector in the words of SEMP 1.3, in the order that its schema asks for. Times are relative: seconds from now. What is not known
 * is left out, never 0.
 */
import type { ManagedConnector } from "../facts.ts";

export const SEMP_NAMESPACE = "http://www.sma.de/communication/schema/SEMP/v1";
export const GATEWAY_TYPE = "urn:schemas-simple-energy-management-protocol:device:Gateway:1";
export const BASE_PATH = "/semp";

/** A connector as a device. */
export interface SempDevice {
  deviceId: string;
  serial: string;
  one: ManagedConnector;
  /** Whether what a manager recommends is followed now. */
  obeys: boolean;
  /** Whether it could be followed at all. */
  controllable: boolean;
  voltageV: number;
}

export type SempPart = "DeviceInfo" | "DeviceStatus" | "PlanningRequest";
export const SEMP_PARTS: readonly SempPart[] = ["DeviceInfo", "DeviceStatus", "PlanningRequest"];

/** Of an element: its text, or elements in it. */
type Content = string | number | boolean | null | Elements;
type Elements = readonly (readonly [name: string, content: Content])[];

/** A need that is told again and again reaches so far ahead, s. */
const AHEAD_S = 86_400;
/** As all devices report it, s; it goes with a draw of now. */
const INTERVAL_S = 60;

/** What devices tell a manager. @param parts in the order of `SEMP_PARTS` */
export function deviceDocument(devices: readonly SempDevice[], parts: readonly SempPart[]): string {
  const made = parts.flatMap((part) => devices.map((device) => [part, PARTS[part](device)] as const));
  return xml(`Device2EM xmlns="${SEMP_NAMESPACE}"`, made);
}

const PARTS = { DeviceInfo: infoOf, DeviceStatus: statusOf, PlanningRequest: requestOf } as const;

function infoOf({ deviceId, serial, one, controllable, voltageV }: SempDevice): Elements {
  const wattsOf = (amps: number) => amps * one.phases * voltageV;
  return [
    [
      "Identification",
      [
        ["DeviceId", deviceId],
        ["DeviceName", one.id],
        ["DeviceType", "EVCharger"],
        ["DeviceSerial", serial],
        ["DeviceVendor", "Phasewise"],
      ],
    ],
    [
      "Characteristics",
      [
        ["MaxPowerConsumption", Math.floor(wattsOf(one.maxA))],
        // With it a device says that its power can be chosen. Less than this would pause the car.
        ["MinPowerConsumption", controllable ? Math.ceil(wattsOf(one.minA)) : null],
      ],
    ],
    [
      "Capabilities",
      [
        ["CurrentPower", [["Method", "Measurement"]]],
        ["Timestamps", [["AbsoluteTimestamps", false]]],
        ["Interruptions", [["InterruptionsAllowed", controllable]]],
        ["Requests", [["OptionalEnergy", true]]],
      ],
    ],
  ];
}

function statusOf({ deviceId, one, obeys }: SempDevice): Elements {
  const power: Elements = [
    [
      "PowerInfo",
      [
        ["AveragePower", one.powerW],
        ["Timestamp", 0],
        ["AveragingInterval", INTERVAL_S],
      ],
    ],
  ];
  return [
    ["DeviceId", deviceId],
    ["EMSignalsAccepted", obeys],
    ["Status", one.state === "offline" ? "Offline" : one.state === "charging" ? "On" : "Off"],
    ["PowerConsumption", one.powerW === null ? null : power],
  ];
}

/**
 * What a connected car needs: with the mode for all of the sun nothing that must be, with the minimum at least that, else all that the
 * connector can give. How much goes into the car is not known, so it is what can flow in that time.
 */
function requestOf({ deviceId, one, voltageV }: SempDevice): Content {
  const { plugged, mode, minA, maxA, phases, state } = one;
  if (plugged !== true || mode === "off" || state === "faulted") return null;
  const energyWh = (amps: number) => Math.floor((amps * phases * voltageV * AHEAD_S) / 3600);
  const leastA = mode === "pv" ? 0 : mode === "minpv" ? minA : maxA;
  return [
    [
      "Timeframe",
      [
        ["DeviceId", deviceId],
        ["EarliestStart", 0],
        ["LatestEnd", AHEAD_S],
        ["MinEnergy", energyWh(leastA)],
        ["MaxEnergy", energyWh(maxA)],
      ],
    ],
  ];
}

/** What a search finds: where the documents are. @param server such as `http://192.168.1.10:8899` */
export function descriptionDocument(server: string, uuid: string): string {
  return xml('root xmlns="urn:schemas-upnp-org:device-1-0"', [
    [
      "specVersion",
      [
        ["major", 1],
        ["minor", 0],
      ],
    ],
    [
      "device",
      [
        ["deviceType", GATEWAY_TYPE],
        ["friendlyName", "Phasewise EV charging"],
        ["manufacturer", "Phasewise"],
        ["modelName", "node-red-ev-charging"],
        ["UDN", `uuid:${uuid}`],
        ["presentationURL", server],
        [
          'semp:X_SEMPSERVICE xmlns:semp="urn:schemas-simple-energy-management-protocol:service-1-0"',
          [
            ["semp:server", server],
            ["semp:basePath", BASE_PATH],
            ["semp:transport", "HTTP/Pull"],
            ["semp:exchangeFormat", "XML"],
            ["semp:wsVersion", "1.1.0"],
          ],
        ],
      ],
    ],
  ]);
}

/** @param root its name, with its attributes */
function xml(root: string, elements: Elements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, elements)}\n`;
}

function element(tag: string, content: Content): string {
  if (content === null) return "";
  const inner = Array.isArray(content)
    ? (content as Elements).map(([name, part]) => element(name, part)).join("")
    : escaped(String(content));
  return `<${tag}>${inner}</${tag.split(" ")[0]}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Without what no XML may hold: most control characters, and halves of characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>]/g, (char) => ENTITIES[char]!);
}
