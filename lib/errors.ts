/**
 * Every error the product raises on purpose: code → what it means and what to do about it.
 * `docs/errors.md` mirrors this table; a test keeps the two equal. A code is never reused.
 */
export const ERRORS = {
  EV_CONFIG_INVALID: "A node's property has an impossible value. Correct the property named in the message.",
  EV_CONFIG_MISSING: "A referenced node is missing, disabled or of the wrong type. Choose it again in the dialog.",
  EV_NAME_DUPLICATE: "Two nodes have the same name or identity. Rename one of those named in the message.",
  EV_MESSAGE_INVALID:
    "The node cannot use an input message. Nothing was changed. Correct the field named in the message.",
  EV_ZONE_TREE:
    "The tree of zones is inconsistent or does not fit its breakers. Correct it; the previous tree stays in force until then.",
  EV_PORT_IN_USE: "Another program or node uses this port. Choose another port or stop the other program.",
  EV_LISTEN_FAILED: "The server could not be opened on this host and port. Check the address and the rights.",
  EV_TLS_CERTIFICATE: "The TLS certificate or key cannot be used. Correct the tls-config node, or choose another one.",
  EV_STORE_OPEN:
    "The database cannot be opened. Check the path, the rights and the free space, and that no other Node-RED and no other `ev-site` uses the data folder. A start waits up to 5 s for an earlier Node-RED. Transactions are not confirmed until it opens. Where it opened only after the start, restart Node-RED: until then the site goes on without some of what is kept there.",
  EV_STORE_WRITE: "The database could not be written. Check the free space and the rights.",
  EV_REPORT_DELIVERY:
    "A report could not be delivered. It is repeated every hour for seven days. Check the address and the receiver.",
  EV_UPSTREAM:
    "A back end cannot be reached, or refuses a report. Reports wait and are sent later. Check its address, password and certificate.",
  EV_OCPP_OFFLINE: "The charge point is not connected. The command was not sent.",
  EV_OCPP_BUSY: "Too many commands wait for the charge point. The command was not sent; send commands less often.",
  EV_OCPP_TIMEOUT: "The charge point did not answer in time. Whether it acted on the command is unknown.",
  EV_OCPP_CALL_ERROR: "The charge point answered with a CALLERROR. Its code and description are in the message.",
  EV_OCPP_REJECTED: "The charge point refused the command.",
  EV_OCPP_SUPERSEDED: "A newer command or connection replaced this one before the answer.",
  EV_OCPP_INVALID:
    "The payload does not match the OCPP message. Nothing was sent. Correct the path named in the message.",
  EV_ROLE_DENIED:
    "The dashboard user lacks the role, or the editor user the permission. Nothing was changed. Set roles in the site's dialog, permissions in settings.js (adminAuth).",
  EV_BADGES_BUSY: "Many badges are being changed now. Try again in a few seconds.",
  EV_COMMISSIONING: "The wiring cannot be proven now. The message says what is missing, such as a car that charges.",
  EV_DRILL: "The drill cannot begin now: it would not be safe, or would show nothing. The message says why.",
  EV_MAINTENANCE_REFUSED:
    "A command was held back because it would interrupt a charge or another task. Nothing was sent. Wait, or send it with force.",
  EV_MAINTENANCE_FAILED: "The charge point could not do what it had accepted. Its reason is in the message.",
  EV_MODBUS_CONNECT: "No connection to the Modbus device. Check host, port and wiring.",
  EV_MODBUS_TIMEOUT: "The Modbus device did not answer in time. Check the unit id, the wiring and the bus settings.",
  EV_MODBUS_EXCEPTION: "The Modbus device answered with an exception. Check that the profile matches the device.",
  EV_MODBUS_FRAME: "The Modbus device sent an invalid frame. Check the device and the gateway.",
  EV_MODBUS_BUSY:
    "Too many requests wait for this Modbus connection. Read less often, or spread the meters over more connections.",
  EV_MODBUS_SERIAL: "Serial ports need the optional package serialport. Install it in the Node-RED user directory.",
  EV_METER_IMPLAUSIBLE: "The meter's values are impossible. Check that the profile matches the device.",
  EV_METER_FROZEN:
    "The meter repeats all values to the bit while current flows, so they count as stale. Check the meter and the gateway.",
  EV_METER_NOT_FOUND:
    "The device answers, but does not match the profile. Check the unit id, and choose the right profile.",
  EV_METER_PROFILE:
    "Your device profile cannot be used. Correct the fields named in the message; docs/meters.md shows a complete one.",
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
