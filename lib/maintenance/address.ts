import { EvError } from "../errors.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { GetConfigurationResponse } from "../ocpp/v16/index.ts";
import type { Station } from "../station/connection/station.ts";
import { isSkipped, ownName } from "../station/setup/configuration.ts";
import type { MaintenanceCommand } from "./types.ts";

const PROTOCOLS = "SupportedFileTransferProtocols";

/** A command with which a charge point fetches a file or sends one. */
export interface FileRequest {
  /** Empty where the payload names none. */
  location: string;
  retries: number;
  /** null = the command has none: its reports name none. */
  requestId: number | null;
  /** The part of the payload that is about the file. */
  file: Record<string, unknown>;
  /** The payload with another location. */
  at(location: string): Record<string, unknown>;
}

/** Member of the payload that is about the file; in other commands it is the payload itself. */
const FILE_MEMBERS: Readonly<Record<string, string>> = { GetLog: "log", SignedUpdateFirmware: "firmware" };

/** Reads GetDiagnostics, GetLog, UpdateFirmware and SignedUpdateFirmware. */
export function readFileRequest({ action, payload }: MaintenanceCommand): FileRequest {
  const { retries, requestId } = payload;
  const member = FILE_MEMBERS[action];
  const file = (member === undefined ? payload : payload[member]) as Record<string, unknown>;
  const place = action === "GetLog" ? "remoteLocation" : "location";
  return {
    location: String(file[place] ?? ""),
    retries: typeof retries === "number" ? retries : 0,
    requestId: typeof requestId === "number" ? requestId : null,
    file,
    at: (location) => {
      const moved = { ...file, [place]: location };
      return member === undefined ? moved : { ...payload, [member]: moved };
    },
  };
}

/** Whether a report may be about this request: it names it, or either has no number. */
export function isAbout(request: FileRequest, { requestId }: Record<string, unknown>): boolean {
  return typeof requestId !== "number" || request.requestId === null || requestId === request.requestId;
}

/** Whether a location names a place of its own, rather than ours. */
export function isAddress(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location.trim());
}

/**
 * The address under which a charge point reaches our files.
 * @param force do not ask whether it can load files so
 * @throws EvError EV_OCPP_OFFLINE; EV_MAINTENANCE_REFUSED when it says that it cannot
 */
export async function fileBase(station: Station, force: boolean): Promise<string> {
  const { identity, httpBase, online } = station;
  if (!online || httpBase === null)
    throw new EvError("EV_OCPP_OFFLINE", `${identity} is not connected; nothing was sent`);
  const wanted = httpBase.startsWith("https:") ? "HTTPS" : "HTTP";
  const spoken = force ? [] : await protocolsOf(station);
  if (spoken.length > 0 && !spoken.includes(wanted)) {
    throw new EvError(
      "EV_MAINTENANCE_REFUSED",
      `${identity} loads files by ${spoken.join(", ")}, not by ${wanted}; name a location of such a kind, or send it with force: true`,
    );
  }
  return httpBase;
}

/** In capitals; empty where it does not say. */
async function protocolsOf(station: Station): Promise<string[]> {
  const { config } = station.traits;
  if (isSkipped(config, PROTOCOLS)) return [];
  try {
    const request = { key: [ownName(config, PROTOCOLS)] };
    const answer = await station.call("GetConfiguration", request, { priority: CALL_PRIORITY.setup });
    const { configurationKey = [] } = answer as GetConfigurationResponse;
    const value = configurationKey.find(({ key }) => key.toLowerCase() === PROTOCOLS.toLowerCase())?.value ?? "";
    return value.toUpperCase().match(/[A-Z]+/g) ?? [];
  } catch {
    return [];
  }
}
