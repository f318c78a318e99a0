import { EvError } from "../errors.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import { keyBytes, newKey } from "../station/connection/passwords.ts";
import type { Station } from "../station/connection/station.ts";
import type { StationKeys } from "../station/connection/station-keys.ts";
import { ownName } from "../station/setup/configuration.ts";

/** Name of the configuration key that is a charge point's password (security white paper, §4). */
export const AUTHORIZATION_KEY = "AuthorizationKey";

/** A key of our own making is so long, bytes. */
const KEY_BYTES = 20;

/** After these CALLERRORs the charge point has changed nothing; after others it is not known. */
const NOT_DONE: ReadonlySet<string> = new Set([
  "NotImplemented",
  "NotSupported",
  "SecurityError",
  "FormationViolation",
  "FormatViolation",
  "PropertyConstraintViolation",
  "OccurenceConstraintViolation",
  "OccurrenceConstraintViolation",
  "TypeConstraintViolation",
]);

/**
 * Gives a charge point a new random password, which is shown to no person.
 * @param lengthBytes 16 to 20
 * @returns its answer. Without one (`EV_OCPP_TIMEOUT`) old and new password count until it connects with the new one
 * @throws EvError as StationHandle.call, and as StationKeys.prepare
 */
export function rotateKey(
  station: Station,
  keys: StationKeys,
  lengthBytes: number = KEY_BYTES,
): Promise<Record<string, unknown>> {
  const key = newKey(lengthBytes);
  return send(station, keys, key, key.toString("hex"));
}

/** Gives a charge point a password that a person has chosen. @throws as `rotateKey` */
export function changeKey(
  station: Station,
  keys: StationKeys,
  request: { key: string; value: string },
): Promise<Record<string, unknown>> {
  return send(station, keys, keyBytes(Buffer.from(request.value, "utf8")), request.value, request.key);
}

async function send(
  station: Station,
  keys: StationKeys,
  secret: Buffer,
  value: string,
  name?: string,
): Promise<Record<string, unknown>> {
  const { identity } = station;
  if (!station.online)
    throw new EvError("EV_OCPP_OFFLINE", `${identity} is not connected; ChangeConfiguration was not sent`);
  const hash = await keys.prepare(identity, secret, station.definition?.password ?? null);
  const key = name ?? ownName(station.traits.config, AUTHORIZATION_KEY);
  try {
    const answer = await station.call("ChangeConfiguration", { key, value }, { priority: CALL_PRIORITY.command });
    settle(keys, identity, hash, answer["status"]);
    return answer;
  } catch (error) {
    if (isNotDone(error)) quietly(() => keys.refused(identity, hash));
    throw error;
  }
}

/** After RebootRequired the old one counts until it has restarted: the first connection with the new one tells. */
function settle(keys: StationKeys, identity: string, hash: string, status: unknown): void {
  if (status === "Accepted") quietly(() => keys.accepted(identity, hash));
  else if (status !== "RebootRequired") quietly(() => keys.refused(identity, hash));
}

function isNotDone(error: unknown): boolean {
  if (error instanceof OcppCallError) return NOT_DONE.has(error.ocppCode);
  return error instanceof EvError && (error.code === "EV_OCPP_BUSY" || error.code === "EV_OCPP_INVALID");
}

/** What cannot be written leaves both passwords valid; the next connection settles it. The store reports its own failure. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {}
}
