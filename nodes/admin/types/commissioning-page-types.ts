/** What pages that prove a wiring are told; both sides import it, so it imports nothing but types of data. */
import type { DrillPage } from "../../../lib/commissioning/drills/view-types.ts";
import type { ResultView } from "../../../lib/commissioning/view-types.ts";

/** `GET /ev-charging/commissioning?target=` */
export interface CommissioningPage {
  running: { target: string; progress: number } | null;
  /** The newest result of the connector; null = there is none. */
  result: ResultView | null;
  /** In the language of the site. */
  words: Record<string, string>;
}

/** `GET /ev-charging/drills?site=` */
export interface DrillsPage extends DrillPage {
  /** Whoever asks has the role. */
  mayDrill: boolean;
  /** In the language of the site. */
  words: Record<string, string>;
}
