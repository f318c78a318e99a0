import { record } from "../fields.ts";
import type { Role } from "./roles.ts";

/** Of an address, so many characters are kept in the log. */
const LONGEST_PLACE = 200;

/** Commands that change nothing and lead to nothing but their answer. */
const QUESTIONS: ReadonlySet<string> = new Set([
  "GetConfiguration",
  "GetCompositeSchedule",
  "GetLocalListVersion",
  "GetInstalledCertificateIds",
  "CheckConfiguration",
  "MaintenanceReport",
  "CommissioningReport",
]);

/** What running a site day by day takes. */
const DAILY: ReadonlySet<string> = new Set([
  "RemoteStartTransaction",
  "RemoteStopTransaction",
  "UnlockConnector",
  "ChangeAvailability",
  "ReserveNow",
  "CancelReservation",
  "Reset",
  "ClearCache",
  "SendLocalList",
  "TriggerMessage",
  "ExtendedTriggerMessage",
  "GetDiagnostics",
  "GetLog",
  "ExportSite",
]);

/** Where a command names the place that a charge point sends a file to or fetches one from. */
const PLACES: Readonly<Record<string, (payload: Record<string, unknown>) => unknown>> = {
  GetDiagnostics: ({ location }) => location,
  UpdateFirmware: ({ location }) => location,
  GetLog: ({ log }) => record(log)["remoteLocation"],
  SignedUpdateFirmware: ({ firmware }) => record(firmware)["location"],
};

/**
 * The role that a command to a charge point takes. What changes its set-up, its software or its limits takes an admin, and so does what
 * sends its files to a place that is named.
 */
export function commandRole(action: string, payload: unknown = {}): Role {
  if (QUESTIONS.has(action)) return "viewer";
  if (placeOf(action, payload) !== null) return "admin";
  const { chargingProfile, requestedMessage } = record(payload);
  if (action === "RemoteStartTransaction" && chargingProfile !== undefined) return "admin";
  if (action === "ExtendedTriggerMessage" && requestedMessage === "SignChargePointCertificate") return "admin";
  return DAILY.has(action) ? "operator" : "admin";
}

/** The role that an operation of staff takes. What its message could do besides is left out: a charge point that shows itself is no DataTransfer of any kind. */
export const OPERATION_ROLE: Role = "operator";

/** The role that it takes to ask for chargers' files and to save them, to save all that support wants to see, and to bring firmware. */
export const FILE_ROLES = { fetch: "operator", bundle: "admin", firmware: "admin" } as const satisfies Record<
  string,
  Role
>;

/** The role that it takes to change settings of chargers, and to copy them. */
export const SETTINGS_ROLE: Role = "admin";

/** The role that it takes to prove how a charger is wired. */
export const PROOF_ROLE: Role = "admin";

/** A command as the log has it: to whom, and to or from which place its file goes. */
export function commandText(action: string, chargePoint: string | null, payload: unknown): string {
  const place = placeOf(action, payload);
  return [action, chargePoint && `to ${chargePoint}`, place && `(file: ${placeText(place)})`].filter(Boolean).join(" ");
}

function placeOf(action: string, payload: unknown): string | null {
  const place = PLACES[action]?.(record(payload));
  return typeof place === "string" && place.trim() !== "" ? place.trim() : null;
}

/** Without the login and the query, which may hold secrets; what is no address is a name of a file. */
function placeText(place: string): string {
  const url = URL.parse(place);
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*:)/i.exec(place) ?? [];
  const [path = ""] = place.split("?", 1);
  // A password with a slash in it makes an address that only some can read: the place is what follows the last @.
  const shown = url
    ? `${url.protocol}//${url.host}${url.pathname}`
    : `${scheme}${path.slice(path.lastIndexOf("@") + 1)}`;
  return (path.includes("@") || url ? shown : path).replace(/[\p{Cc}\u2028\u2029]/gu, " ").slice(0, LONGEST_PLACE);
}
