/** Takes sessions into the books of back ends: their begin, their samples, their end, and what the charger itself says of them. */
import type { Clock } from "../clock.ts";
import type { Badge } from "../session/badges/badge.ts";
import type { Sessions } from "../session/sessions/sessions.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import type { UpstreamBook, UpstreamRecord, WholeValue } from "../store/books/upstreams.ts";
import type { Overlay } from "./overlay.ts";
import { endOf, startOf } from "./records.ts";
import { type BackEndSettings, policyOf } from "./types.ts";

/** Sessions that are read in one go. */
const PAGE = 100;
/** Why a session that came with a backup is not reported by itself. */
const RESTORED = "it came with a backup: the back end may have it already; report it again where it has not";

export interface BookKeeperDeps {
  book: UpstreamBook;
  sessions: Sessions;
  clock: Clock;
  badges: {
    /** What the list says of a badge that a charge point means by a number; null = the list has it not. */
    find(chargePoint: string, idTag: string): Pick<Badge, "blocked" | "type"> | null;
  };
  /** Whether a back end may have a charge that began then, from before a copy of the database was restored. */
  isDoubtful(startedWallMs: number): boolean;
}

export class BookKeeper {
  readonly #deps: BookKeeperDeps;

  constructor(deps: BookKeeperDeps) {
    this.#deps = deps;
  }

  /**
   * Takes sessions that began or ended into the books of a back end: what was missed while the process was away, too. @throws EvError
   * of the store
   */
  take(settings: BackEndSettings, chargePoint: string): void {
    const { book, clock, badges, sessions } = this.#deps;
    const { backEnd, reportingTag } = settings;
    const isOurs = ({ idTag }: SessionRecord) =>
      policyOf(settings) === "localFirst" && idTag !== null && badges.find(chargePoint, idTag) !== null;
    const begin = (session: SessionRecord) => {
      const told = isOurs(session) ? { ...session, idTag: null } : session;
      const started = startOf(told, backEnd, reportingTag, clock.wallMs());
      if (session.flags.includes("restored") && session.endedWallMs !== null) {
        const ended = endOf(started, session, session.endedWallMs);
        book.setAside({ ...ended, reason: RESTORED }, session.number);
        return;
      }
      // It began before anything is known of it here.
      const perhapsTwice = session.flags.includes("foreignTransaction") && this.#deps.isDoubtful(session.startedWallMs);
      book.begin({ ...started, perhapsTwice }, session.number);
    };
    if (book.mark(backEnd, chargePoint) === null) {
      // A charge that runs is reported whole; those before are not.
      const last = sessions.book.lastNumber();
      for (const { record } of sessions.book.open()) if (record.chargePoint === chargePoint) begin(record);
      book.moveMark(backEnd, chargePoint, last);
    }
    let page: SessionRecord[];
    do {
      page = sessions.book.after(chargePoint, book.mark(backEnd, chargePoint) ?? 0, PAGE);
      for (const session of page) begin(session);
    } while (page.length === PAGE);
    for (const record of book.open(backEnd, chargePoint)) {
      const session = sessions.book.get(record.session);
      if (session && session.endedWallMs !== null) book.finish(endOf(record, session, clock.wallMs()));
    }
  }

  /** A sample of a charge, as the back end wants it. @param measuredA by terminal; null = not known @throws EvError of the store */
  sample(
    { backEnd }: BackEndSettings,
    overlay: Overlay,
    session: SessionRecord,
    measuredA: (number | null)[] | null,
  ): void {
    const { book, clock } = this.#deps;
    const context = overlay.due(session.id);
    if (context === null) return;
    const energyWh = overlay.measurands.includes("Energy.Active.Import.Register") ? session.energyWh : null;
    const currentA = overlay.measurands.includes("Current.Import") ? measuredA : null;
    const sample = { energyWh, currentA, ...(context === "Sample.Clock" && { context }) };
    const record = book.find(backEnd, session.id);
    if (record?.state === "waiting" && record.stop === null) book.sample(record, sample, clock.wallMs());
  }

  /** An end that was put right: the back end gets the right one as long as it has none. @throws EvError of the store */
  correct(backEnd: string, session: SessionRecord): void {
    const { book, clock } = this.#deps;
    const record = book.find(backEnd, session.id);
    if (!record?.stop) return;
    const corrected = endOf(record, session, clock.wallMs());
    if (JSON.stringify(corrected.stop) === JSON.stringify(record.stop)) return;
    if (record.state === "waiting") book.finish(corrected);
    else book.finish({ ...record, reason: corrected.energyWh === record.energyWh ? record.reason : late(corrected) });
  }

  /** Keeps a charger's own values, as they came. @param atEnd they came with the end of the charge @throws EvError of the store */
  keepWhole(
    settings: BackEndSettings,
    { id, chargePoint }: SessionRecord,
    values: readonly WholeValue[],
    atEnd: boolean,
  ): void {
    const { book, clock } = this.#deps;
    const nowMs = clock.wallMs();
    this.take(settings, chargePoint);
    const record = book.find(settings.backEnd, id);
    if (!record || record.state === "refused") return;
    if (atEnd) book.keepData(record, values, nowMs);
    else for (const [whole, isKept] of partsOf(values)) book.signed(record, whole, isKept, nowMs);
  }
}

/** Values at the begin and the end of a charge, which are never thinned, and all others. */
function partsOf(values: readonly WholeValue[]): [whole: readonly WholeValue[], isKept: boolean][] {
  const isEdge = ({ sampledValue }: WholeValue) =>
    (sampledValue as readonly { context?: string }[]).some(({ context }) => context?.startsWith("Transaction."));
  const parts: [readonly WholeValue[], boolean][] = [
    [values.filter(isEdge), true],
    [values.filter((one) => !isEdge(one)), false],
  ];
  return parts.filter(([whole]) => whole.length > 0);
}

function late({ energyWh }: UpstreamRecord): string {
  return `the end was put right afterwards: ${energyWh} Wh`;
}
