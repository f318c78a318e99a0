/** `notSupported`: it keeps no list; `off`: its list is switched off; `notWanted`: badges are not decided by the list here. */
export type LocalListStatus = "upToDate" | "offline" | "notSupported" | "off" | "notWanted" | "failed" | "unknown";

/** What is known of a charge point's own list. */
export interface LocalListView {
  chargePoint: string;
  status: LocalListStatus;
  /** null = unknown. */
  version: number | null;
  badges: number | null;
  /** When it was last looked at, ISO 8601 UTC; null = not since the start. */
  at: string | null;
  text: string;
}
