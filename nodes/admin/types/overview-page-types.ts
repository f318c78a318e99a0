/** What the runtime tells the sidebar; both sides import it, so it imports nothing but types of data. */
import type { Push } from "../../../lib/overview/delta.ts";
import type { Overview } from "../../../lib/overview/types.ts";

/** Topic on which pushes come, and on which the sidebar says what it watches. */
export const OVERVIEW_TOPIC = "ev-charging/overview";

/** `GET /ev-charging/overview?site=`. */
export interface OverviewPage {
  /** Node id of the site that is shown; empty when there is none. */
  site: string;
  /** Shown on the editor's socket, it brings what changes from now on. */
  ticket: string;
  /** The runtime's monotonic time, for ages. */
  nowMs: number;
  overview: Overview;
}

/** From the sidebar, on the editor's socket; an empty ticket = it is closed. */
export interface OverviewWatch {
  ticket: string;
}

/** To the sidebar, on the editor's socket. */
export type OverviewPush = Push;
