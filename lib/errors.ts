/**
 * Every error the product raises on purpose: code → what it means and what to do about it.
 * `docs/errors.md` mirrors this table; a test keeps the two equal. A code is never reused.
 */
export const ERRORS = {
  EV_CONFIG_INVALID: "A property of a node has a value it cannot have. Correct the property named in the message.",
  EV_CONFIG_MISSING:
    "A node refers to another node that is missing, disabled or of another type. Choose it again in the dialog.",
  EV_NAME_DUPLICATE: "Two nodes claim the same name or identity. Rename one of the two places named in the message.",
  EV_MESSAGE_INVALID:
    "An input message is not what this node takes. Nothing was changed. Correct the field named in the message.",
  EV_ZONE_TREE:
    "The tree of zones does not hold together or does not fit its breakers. What ran before stays in force until it is corrected.",
  EV_PORT_IN_USE:
    "Another program or node already listens on this port. Choose another port or stop the other program.",
  EV_LISTEN_FAILED: "The server could not be opened on this host and port. Check the address and the rights to use it.",
  EV_TLS_CERTIFICATE:
    "The certificate or key chosen for TLS cannot be used. Correct the tls-config node, or choose another one.",
  EV_STORE_OPEN:
    "The database cannot be opened. Check the path, the rights and the free space. Transactions are not confirmed until it opens.",
  EV_STORE_WRITE: "A record could not be written to the database. Check the free space and the rights.",
  EV_REPORT_DELIVERY:
    "A report could not be delivered. It is tried every hour for seven days. Check the address and the receiver.",
  EV_UPSTREAM:
    "A back end cannot be reached, or does not take what it is told. What is to be reported waits and is sent later. Check its address, password and certificate.",
  EV_OCPP_OFFLINE: "The charge point is not connected. The command was not sent.",
  EV_OCPP_BUSY:
    "Too many commands already wait for the charge point. The command was not sent; send commands less often.",
  EV_OCPP_TIMEOUT: "The charge point did not answer in time. Whether it acted on the command is unknown.",
  EV_OCPP_CALL_ERROR: "The charge point answered with a CALLERROR. Its code and description are in the message.",
  EV_OCPP_REJECTED: "The charge point refused the command.",
  EV_OCPP_SUPERSEDED: "A newer command or connection took the place of this one before it was answered.",
  EV_OCPP_INVALID:
    "The payload does not match the OCPP message. The path named in the message is wrong; nothing was sent.",
  EV_ROLE_DENIED:
    "The user of the dashboard has not the role, or the user of the editor not the permission, that this takes. Nothing was changed. Roles are given in the site's dialog, permissions in settings.js (adminAuth).",
  EV_BADGES_BUSY: "Many badges are being changed at this moment. Nothing else was changed; try again in a few seconds.",
  EV_MAINTENANCE_REFUSED:
    "A command was held back because it would break off a charge or another task. Nothing was sent. Wait, or send it with force.",
  EV_MAINTENANCE_FAILED:
    "The charge point reports that it could not do what it had accepted. Its own word for the reason is in the message.",
  EV_MODBUS_CONNECT: "No connection to the Modbus device. Check host, port and wiring.",
  EV_MODBUS_TIMEOUT: "The Modbus device did not answer in time. Check the unit id, the wiring and the bus settings.",
  EV_MODBUS_EXCEPTION: "The Modbus device answered with an exception. Check that the profile matches the device.",
  EV_MODBUS_FRAME: "The Modbus device answered with a frame that makes no sense. Check the device and the gateway.",
  EV_MODBUS_BUSY:
    "Too many requests wait for this Modbus connection. Read less often, or spread the meters over more connections.",
  EV_MODBUS_SERIAL:
    "Serial ports need the optional package serialport, which is not installed. Install it in the Node-RED user directory.",
  EV_METER_IMPLAUSIBLE: "The meter's values cannot be true. Check that the profile matches the device.",
  EV_METER_FROZEN:
    "The meter repeats the same values to the bit while current flows. Check the meter and the gateway before it; its readings count as stale.",
  EV_METER_NOT_FOUND:
    "The device answers, but has not what the profile looks for. Check the unit id, and choose the profile of this device.",
  EV_METER_PROFILE:
    "A device profile of your own cannot be used. Correct the fields named in the message; docs/meters.md shows a complete one.",
} as const;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERRORS;

interface EvErrorOptions extends ErrorOptions {
  field?: string;
  values?: Readonly<Record<string, string | number>>;
}

/** An error of the catalogue. Node-RED's Catch node sees `code`. */
export class EvError extends Error {
  readonly code: ErrorCode;
  /** What is wrong, as `refused.<field>` of the sentences names it for people: the field of a message, or a word of its own. */
  readonly field: string | null;
  /** What that sentence takes. */
  readonly values: Readonly<Record<string, string | number>>;

  /** @param detail one sentence that names the field or thing concerned and, where it is not plain, the fix */
  constructor(code: ErrorCode, detail: string, { field, values, ...options }: EvErrorOptions = {}) {
    super(detail, options);
    this.name = "EvError";
    this.code = code;
    this.field = field ?? null;
    this.values = values ?? {};
  }
}

/**
 * The error for a message that is not what it must be.
 * @param field its path, such as `payload.limitA` @param named what people are told of; else the last part of the path
 */
export function invalid(field: string, mustBe: string, found: unknown, named = lastOf(field)): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${field} is ${inShort(found)}; it must be ${mustBe}`, { field: named });
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** So many characters of a value are quoted in an error. */
const LONGEST = 60;

/** A found value as an error quotes it: short, in JSON where it has one. Never throws, whatever a message carries. */
export function inShort(value: unknown): string {
  const text = inWords(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}…` : text;
}

function inWords(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST));
  if (typeof value !== "object" || value === null) return typeof value === "function" ? "a function" : String(value);
  try {
    return JSON.stringify(value) ?? Object.prototype.toString.call(value);
  } catch {
    // A circle, a BigInt, or a property that throws when it is read.
    return Array.isArray(value) ? "a list that is no JSON" : "an object that is no JSON";
  }
}
