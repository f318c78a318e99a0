import { invalid } from "../../errors.ts";
import { localText } from "../../local-time.ts";
import type { SessionBook, SessionCursor, SessionShare } from "../../store/books/session-types.ts";
import { round } from "../../units.ts";
import { breather } from "../../yielding.ts";
import { periodsOf, SPANS, type Span } from "./periods.ts";
import { type Part, periodAt, shareOut } from "./share-out.ts";
import { moneyOf, type SiteTariff } from "./site-tariff.ts";
import type { Group, StatisticsRequest } from "./statistics-request.ts";

/** Sessions that are added up in one turn of the event loop. */
const PAGE = 500;

/** Ten years of days. */
const MOST_PERIODS = 3700;

/** What was charged. Of what is not known the figures are null, never 0. */
export interface Figures {
  /** That began there; a session counts once, its energy wherever it was charged. */
  sessions: number;
  /** Of these, those that go on. */
  open: number;
  /** Sessions that were there and whose energy is not known. */
  unmeasured: number;
  energyWh: number | null;
  durationS: number;
  /** What did not come from the grid, of that energy of which it is known; and how much that is. */
  sunWh: number | null;
  sunKnownWh: number;
  sunShare: number | null;
  /** By the tariff of the site; not there for whoever may not see it, or without a tariff. */
  money?: number | null;
}

export interface StatisticsRow extends Figures {
  /** `2026-05-01`, `2026-05`, `2026`; identity of a charge point; name of a zone or a holder; null = not known. */
  key: string | null;
  /** What people call it. */
  name: string;
}

export interface Statistics {
  by: Group;
  /** The days that it is about, both included: `2026-05-01`; null = there is nothing yet. */
  from: string | null;
  to: string | null;
  rows: StatisticsRow[];
  total: Figures;
}

/** What statistics need to know of their site. @param tariff null = none, or the sender may not see it */
export interface StatisticsPlace {
  timeZone: string;
  tariff: SiteTariff | null;
  nameOf?: (chargePoint: string) => string;
}

/**
 * Adds up what is asked for, some hundred sessions in one turn of the event loop.
 * @throws EvError of the store; EV_MESSAGE_INVALID where there were too many rows
 */
export async function statisticsOf(
  book: Pick<SessionBook, "shares" | "firstWallMs">,
  { by, query }: Pick<StatisticsRequest, "by" | "query">,
  { timeZone, tariff, nameOf }: StatisticsPlace,
): Promise<Statistics> {
  const { toWallMs } = query;
  const fromWallMs = Math.min(query.fromWallMs ?? book.firstWallMs() ?? toWallMs, toWallMs);
  const span = SPANS.find((one) => one === by) ?? null;
  const sums = span
    ? new PeriodSums(fromWallMs, toWallMs, span, timeZone)
    : new GroupSums(fromWallMs, toWallMs, (session) => keyOf(session, by));
  const total = new Sum();
  for await (const session of sharesOf(book, { ...query, fromWallMs, toWallMs })) sums.add(session, total);
  const dayOf = (wallMs: number) => localText(wallMs, timeZone).slice(0, 10);
  const isEmpty = fromWallMs >= toWallMs;
  return {
    by,
    ...{ from: isEmpty ? null : dayOf(fromWallMs), to: isEmpty ? null : dayOf(toWallMs - 1) },
    rows: sums.rows().map(([key, sum]) => {
      const name = by === "chargePoint" && key !== null ? (nameOf?.(key) ?? key) : (key ?? "");
      return { key, name, ...sum.figures(tariff) };
    }),
    total: total.figures(tariff),
  };
}

async function* sharesOf(book: Pick<SessionBook, "shares">, query: StatisticsRequest["query"]) {
  let after: SessionCursor | null = null;
  for (;;) {
    const page = book.shares(query, after, PAGE);
    yield* page;
    // Those that began long before come with the first page, and are more than it.
    if (page.length < PAGE) return;
    after = page.at(-1)!;
    await breather();
  }
}

function keyOf({ chargePoint, zone, holder }: SessionShare, by: Group): string | null {
  if (by === "chargePoint") return chargePoint;
  return by === "zone" ? zone || null : holder;
}

class Sum {
  #sessions = 0;
  #open = 0;
  #unmeasured = 0;
  #measured = 0;
  #energyWh = 0;
  #durationMs = 0;
  #sunWh = 0;
  #sunKnownWh = 0;

  begin(isOpen: boolean): void {
    this.#sessions += 1;
    if (isOpen) this.#open += 1;
  }

  /** A session was there. */
  see(energyWh: number | null): void {
    if (energyWh === null) this.#unmeasured += 1;
    else this.#measured += 1;
  }

  add({ durationMs, energyWh, sunWh }: Part): void {
    this.#durationMs += durationMs;
    this.#energyWh += energyWh ?? 0;
    if (energyWh === null || sunWh === null) return;
    this.#sunKnownWh += energyWh;
    this.#sunWh += sunWh;
  }

  /** The largest energy stands first. */
  get weight(): number {
    return this.#energyWh;
  }

  figures(tariff: SiteTariff | null): Figures {
    const isKnown = this.#measured > 0 || this.#unmeasured === 0;
    const isSunKnown = this.#sunKnownWh > 0;
    return {
      sessions: this.#sessions,
      open: this.#open,
      unmeasured: this.#unmeasured,
      energyWh: isKnown ? round(this.#energyWh, 1) : null,
      durationS: Math.round(this.#durationMs / 1000),
      sunWh: isSunKnown ? round(this.#sunWh, 1) : null,
      sunKnownWh: round(this.#sunKnownWh, 1),
      sunShare: isSunKnown ? round(this.#sunWh / this.#sunKnownWh, 4) : null,
      ...(tariff && { money: isKnown ? moneyOf(tariff, this.#energyWh, this.#durationMs) : null }),
    };
  }
}

/** Rows by time: all periods, those without a session too. */
class PeriodSums {
  readonly #keys: string[];
  readonly #boundsMs: number[];
  readonly #sums: Sum[];

  constructor(fromMs: number, toMs: number, span: Span, timeZone: string) {
    const { keys, boundsMs } = periodsOf(fromMs, toMs, span, timeZone, MOST_PERIODS + 1);
    if (keys.length > MOST_PERIODS)
      throw invalid("payload.from", `at most ${MOST_PERIODS} days before the end`, keys[0], "span");
    this.#keys = keys;
    this.#boundsMs = boundsMs;
    this.#sums = keys.map(() => new Sum());
  }

  add(session: SessionShare, total: Sum): void {
    const begun = this.#sums[periodAt(session.startedWallMs, this.#boundsMs)];
    for (const sum of begun ? [begun, total] : []) sum.begin(session.isOpen);
    const parts = shareOut(session, this.#boundsMs);
    if (parts.length > 0) total.see(session.energyWh);
    for (const part of parts) {
      const own = this.#sums[part.index]!;
      own.see(session.energyWh);
      for (const sum of [own, total]) sum.add(part);
    }
  }

  rows(): [string | null, Sum][] {
    return this.#keys.map((key, index) => [key, this.#sums[index]!]);
  }
}

/** Rows by what sessions have in common: the largest energy first. */
class GroupSums {
  readonly #boundsMs: readonly number[];
  readonly #keyOf: (session: SessionShare) => string | null;
  readonly #sums = new Map<string | null, Sum>();

  constructor(fromMs: number, toMs: number, keyOf: (session: SessionShare) => string | null) {
    this.#boundsMs = [fromMs, toMs];
    this.#keyOf = keyOf;
  }

  add(session: SessionShare, total: Sum): void {
    const key = this.#keyOf(session);
    const parts = shareOut(session, this.#boundsMs);
    const began = periodAt(session.startedWallMs, this.#boundsMs) === 0;
    if (!began && parts.length === 0) return;
    const own = this.#sums.get(key) ?? new Sum();
    this.#sums.set(key, own);
    for (const sum of [own, total]) {
      if (began) sum.begin(session.isOpen);
      if (parts.length > 0) sum.see(session.energyWh);
      for (const part of parts) sum.add(part);
    }
  }

  rows(): [string | null, Sum][] {
    return [...this.#sums].sort(([, a], [, b]) => b.weight - a.weight);
  }
}
