/** What the runtime tells of files and maintenance; both sides import it, so it imports nothing but types of data. */

/** `GET /ev-charging/files`: what charge points have sent, and the firmware that is there for them. */
export interface FilesPage {
  sites: SiteFiles[];
}

export interface SiteFiles {
  /** Node id of the ev-site; `default` for the one of nodes that name none. */
  site: string;
  /** Newest first. */
  received: FilePage[];
  /** By name. */
  firmware: FilePage[];
  /** Where a person may put firmware. */
  firmwareFolder: string;
}

export interface FilePage {
  /** null for firmware. */
  chargePoint: string | null;
  name: string;
  bytes: number;
  /** ISO 8601. */
  changed: string;
}
