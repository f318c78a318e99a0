/** The address of a central system, as a charger has to be told it. */
import type { NetworkPage } from "../admin/types/dialog-page-types.ts";

/** As much of a central system as its address needs, as it stands in a dialog. */
export interface ServerAddress {
  /** One network card; empty = all of them. */
  host: string;
  /** Empty = Node-RED's own server. */
  port: string;
  path: string;
  /** Whether its own port speaks TLS. */
  isSecure: boolean;
}

/** Up to where the identity begins: `wss://10.0.0.5:9000/ocpp/`. @param own Node-RED's server, for a central system without a port */
export function addressOf({ port, path, isSecure }: ServerAddress, host: string, own: NetworkPage["editor"]): string {
  const secure = port === "" ? own.isSecure : isSecure;
  const at = port === "" ? String(own.port ?? "") : port;
  const place = host.includes(":") ? `[${host}]` : host;
  const folders = path.replace(/^\/+|\/+$/g, "");
  return `${secure ? "wss" : "ws"}://${place}${at ? `:${at}` : ""}/${folders ? `${folders}/` : ""}`;
}
