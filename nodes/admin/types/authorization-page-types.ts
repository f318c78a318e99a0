import type { BadgeView } from "../../../lib/session/badges/badge-view.ts";
import type { LocalListView } from "../../../lib/session/badges/local-list-view.ts";

/** One answer to a badge, as the dialog shows it. */
export interface TraceRow {
  ts: string;
  chargePoint: string;
  connector: number;
  idTag: string;
  badge: string | null;
  reason: string;
  rule: string;
  status: string;
  text: string;
  ms: number;
}

/** What the dialog of an ev-authorization shows. */
export interface AuthorizationPage {
  badges: BadgeView[];
  /** Badges in all. */
  count: number;
  /** The change that can be undone; null = none. */
  undo: { what: string; at: string } | null;
  learning: boolean;
  /** The newest first. */
  trace: TraceRow[];
  lists: LocalListView[];
}
