/** What is wrong with the reports to a back end, for the list of alarms. */
import { ALARMS, type AlarmReport } from "../alarm-types.ts";
import { isoTime } from "../clock.ts";
import type { UpstreamBook } from "../store/books/upstreams.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import type { BackEndSettings } from "./types.ts";

/** What waits longer is an alarm, ms. */
const LONG_MS = 86_400_000;
/** A refusal is an alarm for so long, ms. */
const REFUSED_MS = 7 * 86_400_000;

/** What is wrong with the reports to a back end. @throws EvError of the store */
export function alarmsOf(
  book: UpstreamBook,
  { backEnd, name }: BackEndSettings,
  wallMs: number,
  language: Language,
): AlarmReport[] {
  const report = (kind: "upstreamRefused" | "upstreamWaits", values: Record<string, string | number>): AlarmReport => ({
    key: `${kind}/${name}`,
    severity: ALARMS[kind],
    text: sentence(language, `alarm.${kind}`, { name, ...values }),
    action: sentence(language, `action.${kind}`),
  });
  const { count, reason } = book.refused(backEnd, wallMs - REFUSED_MS);
  const { oldestWallMs, waiting } = book.backlog(backEnd);
  const isLong = oldestWallMs !== null && wallMs - oldestWallMs > LONG_MS;
  return [
    ...(count > 0 ? [report("upstreamRefused", { count, why: reason ?? "" })] : []),
    ...(isLong ? [report("upstreamWaits", { waiting, since: isoTime(oldestWallMs) })] : []),
  ];
}
