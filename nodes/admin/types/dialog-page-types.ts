/** What buttons and hints of the dialogs are told; both sides import it, so it imports nothing but types of data. */

/** `GET /ev-charging/network`: how this machine can be reached. */
export interface NetworkPage {
  /** Its own name. */
  hostname: string;
  addresses: NetworkAddress[];
  /** Of Node-RED's own server. */
  editor: { port: number | null; isSecure: boolean };
}

export interface NetworkAddress {
  /** Of the network card, such as `eth0`. */
  card: string;
  address: string;
  family: "IPv4" | "IPv6";
  /** Only programs on this machine reach it. */
  isInternal: boolean;
}

/** `POST /ev-charging/port-checks` with `{id, host, port}`. */
export type PortCheckPage =
  /** `free`: nothing listens there. `own`: the server of this very dialog does. */
  | { state: "free" | "own" }
  /** Another server of this Node-RED, by its name or id. */
  | { state: "other"; by: string }
  /** `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` or another code of the system. */
  | { state: "refused"; code: string };

/** `POST /ev-charging/modbus-tests` with a line and `unitIds`. */
export interface LineTestPage {
  /** How long the first connection or answer took, ms. */
  tookMs: number;
  units: { unitId: number; state: "answers" | "refuses" | "silent" | "nonsense"; tookMs: number; text: string }[];
}

/** `POST /ev-charging/reports/:id/test`. */
export interface ReportTestPage {
  /** Number of sessions in it. */
  sessions: number;
  /** `posted`: the receiver took it. `wired`: it left by the first output. */
  state: "posted" | "wired";
}

/** `POST /ev-charging/data-folders` with `{id, dataDir}`: where records would be kept. */
export interface DataFolderPage {
  /** As a whole path. */
  folder: string;
  /** `there`: has records. `empty`: exists. `new`: will be made. `readOnly`: must not be written. `noFolder`: a file stands in the way. */
  state: "there" | "empty" | "new" | "readOnly" | "noFolder";
  /** Free on that disk, MB; null where the system does not say. */
  freeMB: number | null;
  /** In files of the folder, MB. */
  usedMB: number;
  /** It lies in memory or a folder that is emptied at a restart. */
  isPassing: boolean;
  /** The SQLite that keeps the records. */
  driver: "node:sqlite" | "node-sqlite3-wasm";
}
