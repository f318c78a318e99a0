import { EvError } from "../errors.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { GetConfigurationResponse } from "../ocpp/v16/index.ts";
import type { Station } from "../station/connection/station.ts";
import { isSkipped, ownName } from "../station/setup/configuration.ts";

const PROTOCOLS = "SupportedFileTransferProtocols";

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
