import type { AlarmKind } from "../alarm/catalog.ts";
import type { AlarmSeverity } from "../alarm/types.ts";

/** What a site tells of by itself, beside its load management, whose sentences stand in `dlm/phrases`; and what many alarms at once are called. */
export type AlarmText =
  | "chargePointOffline"
  | "identityConflict"
  | "meterUnread"
  | "copy"
  | "recovered"
  | "begunAnew"
  | "ofStation"
  | "ofConnector"
  | "likely"
  | "clockBehind"
  | "clockAhead"
  | "store"
  | "limitedTo"
  | "noStarts"
  | "limited"
  | "test"
  | "testAction"
  | "many"
  | "more"
  | "over";

type MailText = "resolved" | "seen" | "where" | "since" | "resolvedAt" | "seenBy" | "noComment" | "action" | "flapping";

/** Everything an alarm is told with, in one language; `{values}` are filled in. */
export interface AlarmWords {
  /** What to do. */
  actions: Readonly<Record<AlarmKind, string>>;
  /** What many of a kind are called. */
  names: Readonly<Record<AlarmKind, string>>;
  texts: Readonly<Record<AlarmText, string>>;
  mail: Readonly<Record<MailText | AlarmSeverity, string>>;
}
