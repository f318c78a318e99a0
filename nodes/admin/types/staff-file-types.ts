import type { FilePage } from "./maintenance-page-types.ts";

/** What is answered to `files/list`. */
export interface StaffFilesView {
  /** What chargers have sent, newest first; empty for who may not fetch it. */
  received: FilePage[];
  /** Empty for who may not send it to chargers. */
  firmware: FilePage[];
  /** Those that files can be asked of and sent to now. */
  chargers: { chargePoint: string; name: string }[];
  mayFetch: boolean;
  maySave: boolean;
  mayInstall: boolean;
}

/** The same for the sidebar, with the words of the site. */
export interface StaffFilesPage extends StaffFilesView {
  words: Readonly<Record<string, string>>;
  /** How the last order of the sidebar ended; `n` counts them. */
  last: { n: number; ok: boolean; text: string } | null;
}
